"""Ask a filled service whatever its own document allows, and much that it does not.

    uv run --extra contract python -m tests.contract.fuzz --cases 20000

Every answer is held against the document: no 5xx, no status, media type or header that is not
documented, no body of another shape, nothing accepted that the document calls wrong, no method
but the documented ones. Both databases, one after the other.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from urllib.parse import urlencode

import requests
import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from aggregator.store.database import Database
from aggregator.store.migrate import migrate
from tests.contract.judging import Contract, Told
from tests.contract.knowing import Values, known_paths, known_queries
from tests.contract.serving import Served, served
from tests.postgres import PUBLIC_URL, Databases, server

AnyCase = Case[Any]
DATABASES = ("sqlite", "postgresql")
SHOWN = 40
LINE = 7_000
MANY = 20_000
"""From so many cases on, every parameter must have been in a question that was answered well."""
LEFT_OUT = {
    "positive_data_acceptance": "a cursor must be one that we gave out, a postcode one that exists,"
    " and south lies south of north: no schema says so",
    "use_after_free": "nothing can be written",
    "ensure_resource_availability": "nothing can be written",
    "ignored_auth": "everything documented is public",
    "object_level_authorization": "everything documented is public",
}
"""Checks that do not fit, and why."""


@dataclass(slots=True)
class Tally:
    """What was asked and what came of it."""

    cases: int = 0
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    answered: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(path, parameter) → how often a question with it got 200."""
    faults: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether anything was not as documented."""
        return bool(self.faults or self.errors or self.server_errors)

    @property
    def server_errors(self) -> int:
        """How many answers were 5xx."""
        return sum(n for (_, status), n in self.statuses.items() if status >= 500)

    def add(self, more: "Tally") -> None:
        """Take in what came of further cases."""
        self.cases += more.cases
        self.statuses += more.statuses
        self.answered += more.answered
        self.faults += more.faults
        self.errors += more.errors

    def __str__(self) -> str:
        statuses = Counter[int]()
        for (_, status), n in self.statuses.items():
            statuses[status] += n
        told = ", ".join(f"{n:,} × {status}" for status, n in sorted(statuses.items()))
        faults = sum(self.faults.values())
        head = f"{self.cases:,} cases, {self.server_errors} of 5xx, {faults} not as documented"
        worst = [f"{n} × {fault}" for fault, n in self.faults.most_common(SHOWN)]
        return "\n  ".join([f"{head}; {told}", *worst, *self.errors[:SHOWN]])


def asked_too(document: dict[str, Any]) -> dict[str, Any]:
    """The document with HEAD beside GET: the same parameters and answers, without bodies."""
    made = deepcopy(document)
    for methods in made["paths"].values():
        head = deepcopy(methods["get"])
        head["operationId"] += "_head"
        for status, answer in head["responses"].items():
            bare = _resolved(document, answer)
            head["responses"][status] = {k: v for k, v in bare.items() if k != "content"}
        methods["head"] = head
    return made


def _resolved(document: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    return Contract(document).resolved(said)


def config(url: str, cases: int, seed: int, *, boundaries: bool) -> SchemathesisConfig:
    """So many cases an address in its random part, from this seed; `boundaries`: besides, every
    value at a limit of what the document allows."""
    return SchemathesisConfig.from_dict(
        {
            "base-url": url,
            "seed": seed,
            "continue-on-failure": True,
            "request-timeout": 20,
            "max-redirects": 0,
            "warnings": False,
            "generation": {"max-examples": cases, "no-shrink": True, "database": "none"},
            "phases": {
                "coverage": {
                    "enabled": boundaries,
                    "generate-duplicate-query-parameters": True,
                },
                "stateful": {"enabled": False},
            },
            "checks": {name: {"enabled": False} for name in LEFT_OUT},
        }
    )


def hold(
    document: dict[str, Any], found: Served, cases: int, seed: int, *, boundaries: bool = True
) -> Tally:
    """Ask about so many cases → what came of them."""
    made = config(found.url, cases, seed, boundaries=boundaries)
    schema = schemathesis.openapi.from_dict(asked_too(document), config=made)
    schema.hooks.register_hook_with_name(known_paths(found), "map_path_parameters")
    schema.hooks.register_hook_with_name(known_queries(found), "map_query")
    schema.hooks.register_hook_with_name(_short, "filter_query")
    tally = Tally()
    schema.hooks.register_hook_with_name(_held(Contract(document), tally), "after_call")
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _count(event, tally)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            tally.errors.append(
                f"{event.label}: {event.value!r}"
                if isinstance(event, events.NonFatalError)
                else repr(event.exception)
            )
    return tally


def _short(_context: HookContext, values: Values) -> bool:
    """Whether an address fits into a request line: a longer one is refused before it is looked
    at, by the server and not by the service."""
    return len(urlencode(values or {}, doseq=True)) < LINE


def _count(event: Any, tally: Tally) -> None:
    recorder = event.recorder
    for case_id, interaction in recorder.interactions.items():
        tally.cases += 1
        if interaction.response is None:
            tally.faults["no answer"] += 1
            continue
        case, status = recorder.cases[case_id].value, interaction.response.status_code
        tally.statuses[case.operation.path, status] += 1
        if status == 200:
            tally.answered.update((case.operation.path, name) for name in case.query or ())
    for checks in recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                tally.faults[_failure(recorder.label, check)] += 1


def _failure(label: str, check: Any) -> str:
    failure = check.failure_info.failure
    said = f"{label} {check.name}: {failure.title} {failure.message}"
    return f"{said[:600]}\n    {check.failure_info.code_sample[:600]}"


def _held(contract: Contract, tally: Tally) -> Callable[[HookContext, AnyCase, Response], None]:
    """Every answer is held against the document while all of it is there."""

    def held(_context: HookContext, case: AnyCase, response: Response) -> None:
        if case.method not in {"GET", "HEAD"}:
            return
        headers = {name.lower(): values[0] for name, values in response.headers.items()}
        told = Told(status=response.status_code, headers=headers, body=response.content)
        bodiless = case.method == "HEAD"
        tally.faults.update(contract.faults(case.operation.path, told, bodiless=bodiless))

    return held


@contextmanager
def empty(kind: str, folder: Path) -> Iterator[str]:
    """An empty, migrated database of a kind."""
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'fuzz.db'}"
        database = Database(url)
        database.write_now(migrate, PUBLIC_URL)
        database.close()
        yield url
        return
    with server(folder / "postgres") as admin:
        databases = Databases(admin)
        with databases.fresh() as url:
            yield url
        databases.close()


def fuzz(kind: str, cases: int, seed: int = 1, *, boundaries: bool = True) -> Tally:
    """At least so many cases against a service on this kind of database."""
    folder = Path(mkdtemp(prefix="allmende-fuzz-"))
    try:
        with empty(kind, folder) as url, served(url, folder) as found:
            return _fuzz(found, cases, seed, boundaries=boundaries)
    finally:
        rmtree(folder, ignore_errors=True)


def _fuzz(found: Served, cases: int, seed: int, *, boundaries: bool) -> Tally:
    document = requests.get(f"{found.url}/openapi.json", timeout=20).json()
    addresses, total = 2 * len(document["paths"]), Tally()
    while total.cases < cases and not total.failed:
        each = 1 + (cases - total.cases) // addresses
        total.add(hold(document, found, each, seed, boundaries=boundaries))
        boundaries, seed = False, seed + 1
    missing = [path for path in document["paths"] if not total.statuses[path, 200]]
    missing += [*_unheard(Contract(document), total)] if cases >= MANY else []
    total.errors += [f"never answered well: {each}" for each in missing]
    return total


def _unheard(contract: Contract, tally: Tally) -> Iterator[str]:
    """The documented parameters that no well answered question had."""
    for path, methods in contract.document["paths"].items():
        for said in methods["get"].get("parameters", ()):
            parameter = contract.resolved(said)
            if parameter["in"] == "query" and not tally.answered[path, parameter["name"]]:
                yield f"{path}?{parameter['name']}"


def main() -> int:
    """Print what came of it; 1 where anything was not as documented."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="at least so many, on each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=DATABASES, action="append")
    given = parser.parse_args()
    tallies = {k: fuzz(k, given.cases, given.seed) for k in given.database or DATABASES}
    for kind, tally in tallies.items():
        sys.stdout.write(f"{kind}: {tally}\n")
    return int(any(tally.failed for tally in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
