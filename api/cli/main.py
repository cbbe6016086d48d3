"""The command `allmende`: every command in one list. Each imports what it needs when it runs."""

import typer

from api.cli.check import check
from api.cli.database import migrate, rebuild
from api.cli.demo import demo
from api.cli.groups import InOrder
from api.cli.quarantine import quarantine
from api.cli.replay import replay
from api.cli.runs import runs
from api.cli.serve import serve, worker
from api.cli.sources import sources
from api.cli.sync import sync


class Commands(InOrder):
    """Every command, in the order of a first week with it."""

    order = (
        "demo", "serve", "worker", "sync", "sources", "runs", "quarantine", "replay", "check",
        "migrate", "rebuild",
    )  # fmt: skip


app = typer.Typer(
    name="allmende",
    cls=Commands,
    help="One merged, trustworthy feed of who does what for the climate in a city.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # the decorated help alone would take half a second longer
)
for command in (demo, serve, worker, sync, quarantine, replay, check, migrate, rebuild):
    app.command()(command)
for group in (sources, runs):
    app.add_typer(group)


def main() -> None:
    """Run the command that was typed."""
    app()


if __name__ == "__main__":
    main()
