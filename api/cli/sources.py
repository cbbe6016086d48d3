"""`allmende sources`: how the sources are doing; let one rest, or go on."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.groups import Listing
from api.cli.options import AsJson, Config

if TYPE_CHECKING:
    from aggregator.foundation import Foundation
    from aggregator.queries.sources import SourceState

Source = Annotated[str, typer.Argument(help="Which source.", show_default=False)]

sources = typer.Typer(
    name="sources",
    cls=Listing,
    help="Show how every source is doing; let one rest, or go on.",
    rich_markup_mode=None,
)


@sources.command("list")
def list_sources(*, config: Config = None, as_json: AsJson = False) -> None:
    """Show how every source is doing and what it holds.

    `allmende sources` does it too.
    """
    from aggregator.queries.sources import source_states
    from api.cli.looking import ask, print_problems
    from api.cli.printing import print_json, remarks, say
    from api.cli.running import explained, load

    with explained(as_json=as_json):
        _, settings = load(config)
        states = ask(settings, source_states)
    if as_json:
        print_json([asdict(state) for state in states])
        return
    _print(states, settings.service.zone)
    print_problems((state.id, state) for state in states)
    for state in states:
        for remark in _remarks(state, settings.service.zone):
            say(remarks(), f"{state.id}: {remark}")


def _print(states: "tuple[SourceState, ...]", zone: str) -> None:
    from api.cli.printing import counted, local, print_table

    heads = ("source", "condition", "last run", "checked", "next", "published", "missing")
    rows = (
        (
            state.id,
            state.condition,
            state.outcome,
            local(state.checked, zone),
            local(state.next_due, zone),
            counted(state.live),
            state.missing or None,
            state.waiting.undecided or None if state.waiting else None,
            state.quarantined or None,
        )
        for state in states
    )
    print_table("Sources", (*heads, "held", "bad"), rows)


def _remarks(state: "SourceState", zone: str) -> Iterator[str]:
    """What a person should know beside the numbers."""
    from api.cli.printing import local
    from api.saying import asked_to_wait, why_it_rests

    if state.condition == "paused":
        yield f"rests. {why_it_rests(state.paused_why)} Then: allmende sources resume {state.id}"
    elif asked_to_wait(state):
        yield f"is left alone until {local(state.next_due, zone)}: it asked for fewer requests"
    held = state.waiting
    if held is not None and held.run is not None:
        since = local(held.since, zone)
        yield f"{held} held back since {since}; decide: allmende runs approve {held.run}"
    if held is not None and held.approved:
        yield f"{held.approved} approved; the next visit carries it out"


@sources.command()
def pause(source: Source, *, config: Config = None, as_json: AsJson = False) -> None:
    """Let a source rest until `resume`.

    What it brought stays published.
    """
    from aggregator.commands.sources import pause as let_rest

    said = f"{source} rests. To let it go on: allmende sources resume {source}"
    _do(source, let_rest, said, config=config, as_json=as_json)


@sources.command()
def resume(source: Source, *, config: Config = None, as_json: AsJson = False) -> None:
    """Let a source that rests go on: it is due at once."""
    from aggregator.commands.sources import resume as let_go_on

    said = f"{source} is due now: the worker asks it, or `allmende sync {source}` does."
    _do(source, let_go_on, said, config=config, as_json=as_json)


def _do(
    source: str,
    command: "Callable[[Foundation, str], Awaitable[None]]",
    said: str,
    *,
    config: Config,
    as_json: bool,
) -> None:
    from aggregator.foundation import open_foundation
    from api.cli.printing import answers, print_json, say
    from api.cli.running import Failure, explained, load, run_to_end

    with explained(as_json=as_json):
        _, settings = load(config)

        async def work() -> None:
            async with open_foundation(settings) as ground:
                try:
                    await command(ground, source)
                except KeyError:
                    unknown = f"there is no source {source}"
                    raise Failure("source.unknown", unknown) from None

        run_to_end(work())
    if as_json:
        print_json({"ok": True, "source": source})
    else:
        say(answers(), said)
