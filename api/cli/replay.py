"""`allmende replay`: read again what a source answered last, after a fix. Fetches nothing."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.options import AsJson, Config

if TYPE_CHECKING:
    from collections.abc import Callable

    from aggregator.runs import Progress
    from aggregator.settings import Settings

Source = Annotated[str, typer.Argument(help="Which source.", show_default=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Write nothing; say what would change.")]


def replay(
    source: Source, *, dry_run: DryRun = False, config: Config = None, as_json: AsJson = False
) -> None:
    """Read a source's kept answers again, after a fix."""
    from api.cli.logs import log_to_stderr
    from api.cli.printing import bars, print_json
    from api.cli.reports import GOOD, print_reports
    from api.cli.running import explained, load, run_to_end
    from api.cli.sync import choose, teller

    with explained(as_json=as_json):
        _, settings = load(config)
        (chosen,) = choose(settings, [source])
        log_to_stderr()
        with bars() as shown:
            report = run_to_end(_replay(settings, chosen, teller(shown), dry_run=dry_run))
    if as_json:
        print_json({"dry_run": dry_run, "report": report})
    else:
        print_reports([report], dry_run=dry_run)
    if report["outcome"] not in GOOD:
        raise typer.Exit(1)


async def _replay(
    settings: "Settings", source: str, tell: "Callable[[Progress], None]", *, dry_run: bool
) -> dict[str, Any]:
    from aggregator.commands.replay import replay as read_again
    from aggregator.commands.sync import Busy
    from aggregator.errors import LeaseLost
    from aggregator.house import open_house
    from api.cli.reports import report_json
    from api.cli.running import Failure

    async with open_house(settings) as house:
        try:
            return report_json(await read_again(house, source, say=tell, dry_run=dry_run))
        except (Busy, LeaseLost) as error:
            raise Failure("source.busy", f"a worker is at {source} right now") from error
