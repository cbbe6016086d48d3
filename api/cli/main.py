"""The command `allmende`: every command in one list. Each imports what it needs when it runs."""

import typer

from api.cli.check import check
from api.cli.database import migrate, rebuild
from api.cli.demo import demo
from api.cli.looking import runs, sources
from api.cli.serve import serve, worker
from api.cli.sync import sync

app = typer.Typer(
    name="allmende",
    help="One merged, trustworthy feed of who does what for the climate in a city.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # the decorated help alone would take half a second longer
)
for command in (demo, serve, worker, sync, sources, runs, check, migrate, rebuild):
    app.command()(command)


def main() -> None:
    """Run the command that was typed."""
    app()


if __name__ == "__main__":
    main()
