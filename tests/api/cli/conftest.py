"""The command line, called as a person would call it."""

import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from api.cli.main import app

COMMAND = (sys.executable, "-P", "-m", "api.cli.main")


@dataclass(frozen=True)
class Called:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON value."""
        return orjson.loads(self.out)


Call = Callable[..., Called]


@pytest.fixture
def allmende(capfd: pytest.CaptureFixture[str], _logging_restored: None) -> Call:
    """Call a command in this process."""

    def call(*arguments: object) -> Called:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            app([str(each) for each in arguments], prog_name="allmende")
        said = capfd.readouterr()
        return Called(int(ended.value.code or 0), said.out, said.err)

    return call


@pytest.fixture
def _logging_restored() -> Iterator[None]:
    factory = logging.getLogRecordFactory()
    levels = {name: logging.getLogger(name).level for name in ("aggregator", "api", "allmende")}
    yield
    logging.setLogRecordFactory(factory)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
