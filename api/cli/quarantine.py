"""`allmende quarantine`: what did not become a record, why, and what to do. Reads only."""

from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import AsJson, Config

if TYPE_CHECKING:
    from aggregator.queries.quarantine import Quarantined

Source = Annotated[str | None, typer.Argument(help="Only this source.", show_default=False)]
Raw = Annotated[bool, typer.Option("--raw", help="Also the records as the source sent them.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="How many.")]


def quarantine(
    source: Source = None,
    *,
    raw: Raw = False,
    limit: Limit = 50,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Show what was refused, why, and what helps."""
    from aggregator.queries.quarantine import quarantined
    from api.cli.looking import ask
    from api.cli.printing import print_json, remarks, say
    from api.cli.running import explained, load

    with explained(as_json=as_json):
        _, settings = load(config)
        chosen = partial(quarantined, source=source, limit=limit + 1, raw=raw)
        found = ask(settings, lambda connection, _now: chosen(connection))
    rows = [_redacted(row) for row in found[:limit]]
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    _print(rows, settings.service.zone)
    if len(found) > limit:
        say(remarks(), "There are more; see --limit.")


def _redacted(row: "Quarantined") -> "Quarantined":
    """The same without secrets: a source may send us our own key back."""
    from aggregator.fetch.redact import redact

    said = tuple(replace(one, message=redact(one.message)) for one in row.problems)
    raw = None if row.raw is None else redact(row.raw)
    return replace(row, locator=redact(row.locator), problems=said, raw=raw)


def _print(rows: "list[Quarantined]", zone: str) -> None:
    from api.cli.printing import answers, local, say
    from api.saying import meaning

    if not rows:
        say(answers(), "Quarantine: nothing lies there")
    for row in rows:
        since = f"since run {row.first_run}"
        since += f" ({local(row.since, zone)})" if row.since is not None else ""
        since += f", last in run {row.last_run}" if row.last_run != row.first_run else ""
        say(answers(), f"{row.source}: {row.kind} {row.locator}, {since}")
        for one in row.problems:
            told = ": ".join(filter(None, (one.code, one.path, one.message)))
            say(answers(), f"  {told}")
            say(answers(), f"  {meaning(one.code).title}. {meaning(one.code).advice}")
        if row.raw is not None:
            say(answers(), f"  {row.raw}")
