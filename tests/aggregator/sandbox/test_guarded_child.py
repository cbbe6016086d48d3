"""What the child may use of the machine, as the system tells it, and what goes with it."""

import os
import re
import sys
import time
from pathlib import Path

import pytest

from aggregator.sandbox.confinement import FILES, MEMORY
from aggregator.sandbox.parent import Opening, Sandbox
from aggregator.sandbox.process import ChildProcess
from connectors.base import Facts
from tests.aggregator.sandbox.forking import NAME

LIMIT = re.compile(
    r"^Max (core file size|file size|open files|address space) +(\d+|unlimited) ", re.MULTILINE
)


def limits_of(process: int) -> dict[str, str]:
    return dict(LIMIT.findall(Path(f"/proc/{process}/limits").read_text()))


async def test_the_child_may_use_so_much_of_the_machine_and_no_more() -> None:
    child = await ChildProcess.start()
    try:
        limits = limits_of(child.pid)
    finally:
        await child.stop()
    assert limits == {
        "core file size": "0",
        "file size": "0",
        "open files": str(FILES),
        "address space": str(MEMORY),
    }


def is_there(process: int) -> bool:
    """Whether a process runs; one that ended and waits to be noticed does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.timeout(15)
async def test_what_a_child_started_ends_with_it(sandbox: Sandbox) -> None:
    assert sys.platform == "linux"
    async with sandbox.session(Opening(connector=NAME, settings={}, facts=Facts())) as session:
        [request] = await session.start(None)
    started = int(request.url.rpartition("/")[2])
    assert is_there(started)
    await sandbox.close()
    deadline = time.monotonic() + 5
    while is_there(started) and time.monotonic() < deadline:
        os.sched_yield()
    assert not is_there(started)
