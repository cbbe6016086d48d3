"""How commands are called: quick help, clear exit codes, no tracebacks."""

import subprocess
from pathlib import Path

import pytest

from tests.api.cli.conftest import COMMAND, Call

COMMANDS = ("demo", "serve", "worker", "sync", "sources", "runs", "check", "migrate", "rebuild")


def test_help_names_every_command_whole(allmende: Call) -> None:
    called = allmende("--help")
    assert called.code == 0
    listed = called.out.partition("Commands:")[2].splitlines()
    assert tuple(line.split()[0] for line in listed if line.strip()) == COMMANDS
    assert "..." not in called.out.partition("Commands:")[2]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_speaks_json(allmende: Call, command: str) -> None:
    called = allmende(command, "--help")
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


@pytest.mark.parametrize("command", [each for each in COMMANDS if each not in {"demo", "check"}])
def test_nothing_starts_with_a_broken_configuration(
    allmende: Call, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "allmende.toml"
    file.write_text("[service]\nprot = 1\n")
    called = allmende(command, "--config", file)
    assert (called.code, called.out) == (1, "")
    assert called.err.startswith(f"{file}:2: error: service.prot: ")
    said = allmende(command, "--config", file, "--json").json
    assert said["mistakes"][0]["suggestion"] == 'did you mean "port"?'
