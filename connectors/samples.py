"""Samples of a connector's documents, beside what must come of them. Reads and compares only.

`name.in` holds the bytes of one document. `name.expected.json` says how it arrives (`given`:
settings, facts, tag, charset, failure, and the canary: strings about an invented person that the
document holds and nothing published may hold) and all that must come of it. A new pair in the
folder is a new test; `renew` writes what comes of it now, for a person to read and keep.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import unified_diff
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final

import orjson
from pydantic import TypeAdapter, ValidationError

from connectors.base import (
    Complete,
    Connector,
    ConnectorSettings,
    Document,
    Facts,
    Gone,
    Raw,
    Request,
    Secret,
    Understood,
    Unreadable,
)
from connectors.mapping import finish
from schema import Entity, Level, Problem, Ref, Rejected, encode
from schema.checks import check

IN: Final = ".in"
EXPECTED: Final = ".expected.json"
_FACTS: Final = TypeAdapter(Facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Document):
    """A document whose bytes are held in memory."""

    data: bytes = b""

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The bytes from the start. Raises `ValueError` for a failed document."""
        if self.failure is not None:
            raise ValueError("a failed document has no bytes")
        yield BytesIO(self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One document, how it arrives, and what must come of it."""

    name: str
    document: Held
    settings: ConnectorSettings
    facts: Facts
    canary: tuple[str, ...]
    given: dict[str, Any]
    expected: dict[str, Any]


def samples(connector: Connector[Any], folder: Path) -> tuple[Sample, ...]:
    """All pairs in a folder, sorted by name. Raises `FileNotFoundError` where a half is missing."""
    return tuple(_sample(connector, path) for path in sorted(folder.glob(f"*{IN}")))


def _sample(connector: Connector[Any], path: Path) -> Sample:
    expected = orjson.loads(path.with_suffix(EXPECTED).read_bytes())
    given = expected.pop("given")
    return Sample(
        name=path.stem,
        document=Held(
            path=None,
            url=given.get("url", "https://source.example/"),
            media_type=given.get("media_type"),
            charset=given.get("charset"),
            tag=given.get("tag"),
            failure=given.get("failure"),
            data=path.read_bytes(),
        ),
        settings=connector.Settings.model_validate(given["settings"]),
        facts=_FACTS.validate_python(given.get("facts", {})),
        canary=tuple(given.get("canary", ())),
        given=given,
        expected=expected,
    )


def renew(connector: Connector[Any], folder: Path) -> tuple[str, ...]:
    """Write what comes of each sample now; its `given` stays. Returns the names that changed."""
    changed = []
    for sample in samples(connector, folder):
        outcome = outcome_of(connector, sample)
        if outcome != sample.expected:
            path = folder / f"{sample.name}{EXPECTED}"
            path.write_text(_pretty({"given": sample.given, **outcome}), "utf-8")
            changed.append(sample.name)
    return tuple(changed)


def understood(
    connector: Connector[Any], sample: Sample, data: bytes | None = None
) -> list[Understood]:
    """What a connector understands of a sample, or of other bytes in its place."""
    held = sample.document
    document = Held(
        path=None,
        url=held.url,
        media_type=held.media_type,
        charset=held.charset,
        tag=held.tag,
        failure=held.failure,
        data=held.data if data is None else data,
    )
    return list(connector.read(document, sample.settings))


def entities_of(
    connector: Connector[Any], sample: Sample, raw: Raw
) -> tuple[list[Entity], list[Problem]]:
    """A raw → its finished entities and all that is wrong with them or keeps them out."""
    entities: list[Entity] = []
    problems: list[Problem] = []
    try:
        for mapped in connector.map(raw, sample.settings, sample.facts):
            if isinstance(mapped, Problem):
                problems.append(mapped)
                continue
            entity, found = finish(mapped, sample.facts)
            entities.append(entity)
            problems += (*found, *check(entity))
    except Rejected as rejected:
        problems.append(rejected.problem)
    except ValidationError as invalid:
        problems += (
            Problem("record.invalid", ".".join(map(str, each["loc"])), each["type"])
            for each in invalid.errors(include_input=False)
        )
    return entities, problems


def outcome_of(connector: Connector[Any], sample: Sample) -> dict[str, Any]:
    """All that comes of a sample, as JSON-able data; what does not occur is left out."""
    try:
        items = understood(connector, sample)
    except Unreadable as unreadable:
        return {"unreadable": _problem(unreadable.problem)}
    outcome: dict[str, list[Any]] = {}
    for item in items:
        for name, value in _shown(connector, sample, item):
            outcome.setdefault(name, []).append(value)
    return outcome


def _shown(
    connector: Connector[Any], sample: Sample, item: Understood
) -> Iterator[tuple[str, Any]]:
    if isinstance(item, Raw):
        yield from _shown_raw(connector, sample, item)
    elif isinstance(item, Request):
        yield "requests", _request(item)
    elif isinstance(item, Complete):
        yield "complete", type(item.scope).__name__.lower()
    elif isinstance(item, Problem):
        yield "findings", _problem(item)
    elif isinstance(item, Gone):
        yield "gone", [item.kind, item.native_id]
    else:
        yield "cursor", item.data


def _shown_raw(connector: Connector[Any], sample: Sample, raw: Raw) -> Iterator[tuple[str, Any]]:
    if not raw.key:
        yield "unkeyed", raw.kind
        return
    if raw.partial:
        yield "partial", raw.key
    entities, problems = entities_of(connector, sample, raw)
    errors = [_problem(each) for each in problems if each.level is Level.ERROR]
    if errors:
        yield "rejected", {"key": raw.key, "problems": errors}
        return
    for entity in entities:
        yield "entities", _entity(entity)
    for problem in problems:
        yield "findings", {"key": raw.key, **_problem(problem)}


def _entity(entity: Entity) -> dict[str, Any]:
    shown = {"kind": entity.kind, "native_id": entity.native_id, **orjson.loads(encode(entity))}
    ref: Ref | None = getattr(entity, entity.reference) if entity.reference else None
    if ref is not None:
        shown[str(entity.reference)] = ref.model_dump(mode="json", exclude_none=True)
    return shown


def _problem(problem: Problem) -> dict[str, str]:
    named = {"code": problem.code, "path": problem.path, "message": problem.message}
    return {**{name: text for name, text in named.items() if text}, "level": problem.level.value}


def _request(request: Request) -> dict[str, Any]:
    """A request without its tag, secrets as references."""
    query = {n: v.reference if isinstance(v, Secret) else v for n, v in request.query}
    known = request.unless_known
    stamp = {"unless_known": [known.kind, known.native_id, known.stamp]} if known else {}
    return {"url": request.url, "query": query, **stamp}


def difference(expected: dict[str, Any], outcome: dict[str, Any]) -> str:
    """Expected and real outcome → their difference, line by line; "" where they are equal."""
    wanted, got = (_pretty(each).splitlines() for each in (expected, outcome))
    return "\n".join(unified_diff(wanted, got, "expected", "got", lineterm="", n=2))


def _pretty(value: dict[str, Any]) -> str:
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(value, option=options).decode()
