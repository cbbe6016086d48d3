"""What `allmende` can be called with, to compare container and service files with."""

from typing import Any

from typer.main import get_command

from api.cli.main import app


def is_command(words: list[str]) -> bool:
    """Whether these are a command and options it has."""
    known: dict[str, Any] = vars(get_command(app))["commands"]
    if not words or words[0] not in known:
        return False
    options = {name for parameter in known[words[0]].params for name in parameter.opts}
    return set(words[1:]) <= options
