"""Runs pytest again and again, each time in a child of a process that has the libraries loaded.

python -m tests.torture.warm: each line on stdin is a JSON array of pytest's arguments, the first
the file its output goes to. Answered by two lines: the child's number (and that of its group), its
exit code. Imports nothing of the house, so that every child sees the files as they are then.
"""

import importlib
import os
import sys
from typing import Final

import orjson
import pytest

LIBRARIES: Final = """
    aiohttp.web alembic.command apscheduler.schedulers.asyncio brotli jinja2 lxml.etree nh3
    phonenumbers protego psycopg psycopg_pool pydantic_settings rich.console
    sqlalchemy.dialects.sqlite typer
"""
"""Not pytest's plugins: those want to be loaded by pytest."""


def main() -> None:
    """Answer until stdin ends."""
    for name in LIBRARIES.split():
        importlib.import_module(name)
    for line in sys.stdin.buffer:
        output, *arguments = orjson.loads(line)
        number = os.fork()
        if not number:
            _be_a_child(output, arguments)
        _say(number)
        _, status = os.waitpid(number, 0)
        _say(os.waitstatus_to_exitcode(status))


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _be_a_child(output: str, arguments: list[str]) -> None:
    os.setsid()
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, descriptor in ((nothing, 0), (file, 1), (file, 2)):
        os.dup2(target, descriptor)
    code = pytest.main(arguments)
    sys.stdout.flush()
    os._exit(int(code))


if __name__ == "__main__":
    main()
