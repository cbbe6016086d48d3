"""How commands are called: quick help, clear exit codes, no tracebacks."""

import subprocess
from pathlib import Path

import pytest

from tests.api.cli.conftest import COMMAND, Call

COMMANDS = (
    "demo", "serve", "worker", "sync", "sources", "runs", "quarantine", "replay", "check",
    "migrate", "rebuild",
)  # fmt: skip
INSIDE = {
    "sources": ("list", "pause", "resume"),
    "runs": ("list", "show", "approve", "reject", "rollback"),
}
WHOLE: list[tuple[str, ...]] = [
    *((command,) for command in COMMANDS if command not in INSIDE),
    *((group, command) for group, commands in INSIDE.items() for command in commands),
]
NEEDS = {
    "pause": ("halle",), "resume": ("halle",), "replay": ("halle",), "show": ("1",),
    "approve": ("1",), "reject": ("1",), "rollback": ("1", "--yes"),
}  # fmt: skip
"""What a command cannot be called without."""


@pytest.mark.parametrize(
    ("group", "commands"), [((), COMMANDS), *(((name,), inner) for name, inner in INSIDE.items())]
)
def test_help_names_every_command_whole(
    allmende: Call, group: tuple[str, ...], commands: tuple[str, ...]
) -> None:
    called = allmende(*group, "--help")
    assert called.code == 0
    listed = called.out.partition("Commands:")[2].splitlines()
    assert tuple(line.split()[0] for line in listed if line.strip()) == commands
    assert "..." not in called.out.partition("Commands:")[2]


@pytest.mark.parametrize("command", WHOLE)
def test_every_command_speaks_json(allmende: Call, command: tuple[str, ...]) -> None:
    called = allmende(*command, "--help")
    assert (called.code, "--json" in called.out) == (0, True)


HEAVY = ("aiohttp", "sqlalchemy", "pydantic", "alembic", "lxml", "rich", "apscheduler", "jinja2")
HELP = f"""
import sys
from api.cli.main import app
try:
    app(["--help"])
except SystemExit:
    sys.exit(" ".join(sorted({set(HEAVY)} & sys.modules.keys())) or 0)
"""


def test_help_comes_at_once_because_it_imports_nothing_heavy() -> None:
    called = subprocess.run(
        [COMMAND[0], "-P", "-c", HELP], check=False, capture_output=True, text=True
    )
    assert (called.returncode, called.stderr) == (0, "")
    assert "rebuild" in called.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("snyc",),
        ("check", "--confg", "x"),
        ("runs", "-n", "many"),
        ("runs", "halle", "leipzig"),
        ("runs", "show"),
        ("runs", "show", "0"),
        ("runs", "approve", "zwölf"),
        ("sources", "pause"),
        ("quarantine", "--limit", "0"),
        ("replay",),
        ("serve", "--no-worker", "--in-process"),
        ("demo", "--port", "70000"),
    ],
)
def test_a_wrong_call_ends_with_two(allmende: Call, arguments: tuple[str, ...]) -> None:
    called = allmende(*arguments)
    assert (called.code, called.out) == (2, "")
    assert "Traceback" not in called.err


def test_a_misspelt_source_is_a_wrong_call_with_a_suggestion(
    allmende: Call, tmp_path: Path
) -> None:
    file = tmp_path / "allmende.toml"
    file.write_text(
        '[[source]]\nid = "halle"\nconnector = "freinet"\n'
        '[source.settings]\nagency = 1\nkey = "env:NOT_SET"\n'
    )
    called = allmende("sync", "hale", "--config", file)
    assert called.code == 2
    assert 'did you mean "halle"?' in called.err


@pytest.mark.parametrize(
    "command",
    [
        *(each for each in WHOLE if each[0] not in {"demo", "check"}),
        *((group,) for group in INSIDE),
    ],
)
def test_nothing_starts_with_a_broken_configuration(
    allmende: Call, tmp_path: Path, command: tuple[str, ...]
) -> None:
    command += NEEDS.get(command[-1], ())
    file = tmp_path / "allmende.toml"
    file.write_text("[service]\nprot = 1\n")
    called = allmende(*command, "--config", file)
    assert (called.code, called.out) == (1, "")
    assert called.err.startswith(f"{file}:2: error: service.prot: ")
    said = allmende(*command, "--config", file, "--json").json
    assert said["mistakes"][0]["suggestion"] == 'did you mean "port"?'
