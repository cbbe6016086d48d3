"""Options that several commands share. Imports nothing heavy: `allmende --help` must be quick."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        envvar="ALLMENDE_CONFIG",
        help="The configuration file; without it ./allmende.toml.",
        show_default=False,
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Answer in JSON on standard output; progress on error.")
]
