"""`allmende runs`: what runs did; approve or reject what one held back; take one back."""

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.groups import Listing
from api.cli.options import AsJson, Config
from api.cli.reports import report_json

if TYPE_CHECKING:
    from aggregator.decisions import Decision
    from aggregator.settings import Settings

Source = Annotated[str | None, typer.Argument(help="Only this source.", show_default=False)]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="How many runs.")]
Number = Annotated[
    int, typer.Argument(metavar="RUN", min=1, max=2**63 - 1, help="Its number in `allmende runs`.")
]
Diff = Annotated[bool, typer.Option("--diff", help="Also what it changed, field by field.")]
Most = Annotated[
    int, typer.Option("--limit", "-n", min=1, max=100_000, help="How many records to name.")
]
Who = Annotated[
    str | None,
    typer.Option("--who", help="Who decides; without it, your login.", show_default=False),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Write nothing; say what would change.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

runs = typer.Typer(
    name="runs",
    cls=Listing,
    help="Show what runs did; decide what was held back; undo.",
    rich_markup_mode=None,
)


@runs.command("list")
def list_runs(
    source: Source = None, *, limit: Limit = 20, config: Config = None, as_json: AsJson = False
) -> None:
    """Show the last runs and what each found and did.

    `allmende runs [SOURCE]` does it too.
    """
    from aggregator.queries.runs import recent_runs
    from api.cli.looking import ask, print_problems
    from api.cli.printing import print_json
    from api.cli.run_telling import print_runs
    from api.cli.running import explained, load

    with explained(as_json=as_json):
        _, settings = load(config)
        chosen = partial(recent_runs, source=source, limit=limit)
        rows = ask(settings, lambda connection, _now: chosen(connection))
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    print_runs(rows, settings.service.zone)
    print_problems((f"run {row.id}", row) for row in rows)


@runs.command()
def show(
    run: Number,
    *,
    diff: Diff = False,
    limit: Most = 100,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Show all of one run, and what it held back.

    For what it held back also: since when, and what was decided by whom.
    """
    from aggregator.queries.run_changes import run_changes
    from aggregator.queries.runs import run_detail
    from api.cli.looking import ask
    from api.cli.printing import print_json
    from api.cli.run_telling import print_changes, print_detail
    from api.cli.running import Failure, explained, load

    with explained(as_json=as_json):
        _, settings = load(config)
        detail = ask(settings, lambda connection, _now: run_detail(connection, run, limit))
        if detail is None:
            raise Failure("run.unknown", f"there is no run {run}")
        changes = (
            ask(settings, lambda connection, _now: run_changes(connection, run, limit))
            if diff
            else None
        )
    if as_json:
        print_json(asdict(detail) | ({"changes": asdict(changes)} if changes else {}))
        return
    print_detail(detail, settings.service.zone)
    if changes is not None:
        print_changes(changes)


@runs.command()
def approve(
    run: Number, *, who: Who = None, config: Config = None, as_json: AsJson = False
) -> None:
    """Let happen what a run held back.

    It happens with the next visit; an approval that no visit needs ends after 7 days.
    """
    from aggregator.decisions import Decision

    _decide(run, Decision.APPROVED, who, config=config, as_json=as_json)


@runs.command()
def reject(run: Number, *, who: Who = None, config: Config = None, as_json: AsJson = False) -> None:
    """Keep what is published against a run.

    What it held back does not happen until the source says something else.
    """
    from aggregator.decisions import Decision

    _decide(run, Decision.REJECTED, who, config=config, as_json=as_json)


def _decide(
    run: int, decision: "Decision", who: str | None, *, config: Config, as_json: bool
) -> None:
    from api.cli.printing import answers, print_json, say
    from api.cli.run_telling import decided
    from api.cli.running import explained, load, run_to_end

    name = _name(who)
    with explained(as_json=as_json):
        _, settings = load(config)
        source, items, rests = run_to_end(_decided(settings, run, decision, name))
    if as_json:
        said = {"source": source, "run": run, "decision": decision.value, "who": name}
        print_json({"ok": True, **said, "items": items, "rests": rests})
        return
    for line in decided(source, items, decision, name, rests=rests):
        say(answers(), line)


async def _decided(
    settings: "Settings", run: int, decision: "Decision", who: str
) -> tuple[str, int, bool]:
    """Source, how many removals and changes, whether the source rests."""
    from aggregator.commands.runs import NotPossible, decide
    from aggregator.foundation import open_foundation
    from aggregator.queries.sources import source_states
    from api.cli.running import Failure

    async with open_foundation(settings) as ground:
        try:
            made = await decide(ground.database, ground.clock, run, decision, who=who)
        except NotPossible as error:
            raise Failure(error.code, error.message) from error
        now = await ground.database.read(ground.clock.now)
        states = await ground.database.read(source_states, now)
    rests = any(s.condition in ("paused", "disabled") for s in states if s.id == made.source)
    return made.source, made.items, rests


def _name(who: str | None) -> str:
    """Who decides. Raises a usage error where nobody can be named."""
    import getpass

    if who is None:
        try:
            who = getpass.getuser()
        except (KeyError, OSError):  # a user id without a name, as in many containers
            who = ""
    if not who.strip() or len(who) > 200:
        raise typer.BadParameter("say who decides: --who NAME")
    return who.strip()


@runs.command()
def rollback(
    run: Number,
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Take back what a run did.

    What later runs of its source did to the same records is taken back too. The source rests
    afterwards: its next visit would bring it all again.
    """
    from api.cli.logs import log_to_stderr
    from api.cli.printing import print_json, remarks, say
    from api.cli.reports import GOOD, print_reports
    from api.cli.running import explained, load, run_to_end

    if not dry_run and not yes:
        _confirm(run)
    with explained(as_json=as_json):
        _, settings = load(config)
        log_to_stderr()
        report = run_to_end(_rolled_back(settings, run, dry_run=dry_run))
    if as_json:
        print_json({"dry_run": dry_run, "report": report})
    else:
        print_reports([report], dry_run=dry_run)
    if not dry_run and not as_json:
        source = report["source"]
        said = f"{source} rests now. Once it is mended: allmende sources resume {source}"
        say(remarks(), said)
    if report["outcome"] not in GOOD:
        raise typer.Exit(1)


def _confirm(run: int) -> None:
    """Ask on a terminal. Raises a usage error where nobody could answer."""
    import sys

    if not sys.stdin.isatty():
        raise typer.BadParameter("nobody is there to be asked: say --yes")
    asked = f"Take run {run} back, and what later runs did to the same records?"
    typer.confirm(f"{asked} Its source rests afterwards.", abort=True, err=True)


async def _rolled_back(settings: "Settings", run: int, *, dry_run: bool) -> dict[str, Any]:
    from aggregator.commands.rollback import roll_back
    from aggregator.commands.runs import NotPossible
    from aggregator.commands.sync import Busy
    from aggregator.errors import LeaseLost
    from aggregator.house import open_house
    from aggregator.working.worker import silent
    from api.cli.running import Failure

    async with open_house(settings) as house:
        try:
            return report_json(await roll_back(house, run, say=silent, dry_run=dry_run))
        except NotPossible as error:
            raise Failure(error.code, error.message) from error
        except (Busy, LeaseLost) as error:
            raise Failure("source.busy", f"a worker is at {error} right now") from error
