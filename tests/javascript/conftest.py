"""Readers written by others in JavaScript, installed by npm into a folder that is thrown away."""

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy
from typing import IO, Any

import pytest

from tests.real_data.conftest import real_data
from tests.schema.formats.events import Shown

__all__ = ["real_data"]

HERE = Path(__file__).parent
QUIET = ("--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")

Ask = Callable[..., Any]
Read = Callable[[bytes, datetime, datetime], list[Shown]]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with our scripts and what they need."""
    folder = tmp_path_factory.mktemp("javascript")
    for name in ("package.json", "reading.mjs", "following.mjs"):
        copy(HERE / name, folder)
    subprocess.run(["npm", "install", *QUIET], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="session")
def ask(installed: Path) -> Iterator[Ask]:
    """One question to `reading.mjs` → its answer."""
    reader = subprocess.Popen(
        ["node", "reading.mjs"],
        cwd=installed,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def asked(ics: bytes, **question: Any) -> Any:
        to, from_ = piped(reader.stdin), piped(reader.stdout)
        to.write(json.dumps({"ics": ics.decode(), **question}) + "\n")
        to.flush()
        said = json.loads(from_.readline())
        assert "error" not in said, said["error"]
        return said["answer"]

    yield asked
    reader.terminate()
    reader.communicate()


def piped(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


@pytest.fixture(scope="session")
def shown_by_ical_js(ask: Ask) -> Read:
    """What a client built on ical.js shows of a calendar between two instants."""

    def read(ics: bytes, after: datetime, before: datetime) -> list[Shown]:
        window = {"after": after.timestamp(), "before": before.timestamp()}
        found = ask(ics, **window)
        return sorted(Shown(instant(s), instant(e), title, status) for s, e, title, status in found)

    return read


def instant(said: float | str) -> str:
    """Seconds since 1970, or a day, as the other reader tells it."""
    return said if isinstance(said, str) else datetime.fromtimestamp(said, UTC).isoformat()
