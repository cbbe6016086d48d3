"""`allmende sync`: run sources now, in the foreground, with progress."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.options import AsJson, Config
from api.cli.reports import report_json

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from aggregator.house import House
    from aggregator.runs import Progress
    from aggregator.settings import Settings

Sources = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SOURCE]...", help="Which sources; without one, all that are enabled."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Write nothing; say what would change.")]


def sync(
    sources: Sources = None,
    *,
    dry_run: DryRun = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Ask sources now and publish what they say."""
    from rich.progress import MofNCompleteColumn

    from api.cli.logs import log_to_stderr
    from api.cli.printing import bars, print_json, remarks
    from api.cli.reports import GOOD, print_reports
    from api.cli.running import explained, load, run_to_end

    with explained(as_json=as_json):
        _, settings = load(config)
        chosen = choose(settings, sources or ())
        log_to_stderr()
        with bars(MofNCompleteColumn()) as shown:
            reports = run_to_end(_sync(settings, chosen, teller(shown), dry_run=dry_run))
    if as_json:
        print_json({"dry_run": dry_run, "reports": reports})
    else:
        print_reports(reports, dry_run=dry_run)
    if not chosen:
        remarks().print("There is no source to ask.")
    if any(report["outcome"] not in GOOD for report in reports):
        raise typer.Exit(1)


def choose(settings: "Settings", wanted: Sequence[str]) -> list[str]:
    """The sources to run. Raises a usage error (exit code 2) for one that is not configured."""
    from aggregator.configuring.explain import suggest

    known = [source.id for source in settings.sources]
    for name in wanted:
        if name not in known:
            hint = suggest(name, known) if known else "there is none"
            raise typer.BadParameter(f'no source is called "{name}"; {hint}')
    return list(wanted) or [source.id for source in settings.sources if source.enabled]


def teller(shown: "Bars") -> "Callable[[Progress], None]":
    """What shows the progress of every source as one bar."""
    tasks: dict[str, Any] = {}

    def tell(progress: "Progress") -> None:
        if progress.source not in tasks:
            tasks[progress.source] = shown.add_task(progress.source)
        shown.update(
            tasks[progress.source],
            description=f"{progress.source}: {progress.stage}",
            completed=progress.done,
            total=progress.total,
        )

    return tell


async def _sync(
    settings: "Settings", chosen: list[str], tell: "Callable[[Progress], None]", *, dry_run: bool
) -> list[dict[str, Any]]:
    from aggregator.house import open_house

    room = asyncio.Semaphore(settings.fetch.parallel)
    async with open_house(settings) as house:

        async def one(source: str) -> dict[str, Any]:
            async with room:
                return await _sync_one(house, source, tell, dry_run=dry_run)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(source)) for source in chosen]
    return [task.result() for task in tasks]


async def _sync_one(
    house: "House", source: str, tell: "Callable[[Progress], None]", *, dry_run: bool
) -> dict[str, Any]:
    from aggregator.commands.sync import Busy, sync_source
    from aggregator.errors import LeaseLost

    try:
        report = await sync_source(house, source, dry_run=dry_run, progress=tell)
    except (Busy, LeaseLost):
        return {"source": source, "outcome": "busy"}
    return report_json(report)
