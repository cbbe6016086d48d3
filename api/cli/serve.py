"""`allmende serve` and `allmende worker`: what runs day and night."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.lasting import started, starting
from api.cli.options import AsJson, Config
from api.cli.reports import report_json

if TYPE_CHECKING:
    from pathlib import Path

    from aggregator.runs import Report
    from aggregator.settings import Settings
    from api.cli.listening import Working

NoWorker = Annotated[bool, typer.Option("--no-worker", help="Serve only; a worker runs elsewhere.")]
InProcess = Annotated[
    bool, typer.Option("--in-process", help="Work in the server's own process. For trying out.")
]
Supervised = Annotated[
    bool, typer.Option("--supervised", hidden=True, help="End when standard input ends.")
]


def serve(
    *,
    config: Config = None,
    no_worker: NoWorker = False,
    in_process: InProcess = False,
    as_json: AsJson = False,
) -> None:
    """Serve the feed, with a worker that asks the sources."""
    if no_worker and in_process:
        raise typer.BadParameter("--no-worker and --in-process exclude each other")
    with starting():
        _serve_to_the_end(config, no_worker=no_worker, in_process=in_process, as_json=as_json)


def _serve_to_the_end(
    config: "Path | None", *, no_worker: bool, in_process: bool, as_json: bool
) -> None:
    from api.cli.listening import Working
    from api.cli.logs import log_to_stderr
    from api.cli.running import explained, load, run

    where = Working.ELSEWHERE if no_worker else Working.INSIDE if in_process else Working.PROCESS
    with explained(as_json=as_json):
        file, settings = load(config)
        log_to_stderr()
        run(lambda stop: _serve(settings, file, where, stop, as_json=as_json))


async def _serve(
    settings: "Settings", file: "Path", where: "Working", stop: asyncio.Event, *, as_json: bool
) -> None:
    from aggregator.foundation import open_foundation
    from api.cli.listening import keep_working, listening
    from api.cli.printing import note, print_json

    async with open_foundation(settings) as ground, listening(ground, stop) as url:
        if as_json:
            print_json({"event": "listening", "url": url})
        else:
            note(f"Listening on {url} (Ctrl-C ends it)")
        started()
        await keep_working(ground, file, where, stop)


def worker(
    *, config: Config = None, supervised: Supervised = False, as_json: AsJson = False
) -> None:
    """Ask the sources whenever they are due.

    Any number of workers may share a database.
    """
    with starting():
        _work_to_the_end(config, supervised=supervised, as_json=as_json)


def _work_to_the_end(config: "Path | None", *, supervised: bool, as_json: bool) -> None:
    from api.cli.logs import log_to_stderr
    from api.cli.running import explained, load, run

    with explained(as_json=as_json):
        _, settings = load(config)
        log_to_stderr()
        run(lambda stop: _work(settings, stop, supervised=supervised, as_json=as_json))


async def _work(
    settings: "Settings", stop: asyncio.Event, *, supervised: bool, as_json: bool
) -> None:
    from aggregator.house import open_house
    from aggregator.working.supervisor import follow_parent
    from aggregator.working.worker import run_worker
    from api.cli.printing import print_json

    def tell(report: "Report") -> None:
        print_json({"event": "run", **report_json(report)})

    if supervised:
        follow_parent(stop)
    async with open_house(settings) as house:
        started()
        await run_worker(house, stop, report=tell if as_json else None)
