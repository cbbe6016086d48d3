"""What the child may use of the machine, as the system tells it, and what goes with it."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

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


CONFINING = """
import resource
asked = {}
resource.getrlimit = lambda limit: (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
resource.setrlimit = lambda limit, bounds: asked.update({limit: bounds})
from aggregator.sandbox.confinement import confine
confine()
print(asked[resource.RLIMIT_CORE])
"""


def test_the_child_leaves_no_core_behind_wherever_that_would_be_usual() -> None:
    """Many machines write none anyway: there the system does not tell who forbade it."""
    call = [sys.executable, "-c", CONFINING]
    assert subprocess.run(call, capture_output=True, check=True).stdout == b"(0, 0)\n"


def is_there(process: int) -> bool:
    """Whether a process runs; one that ended and waits to be noticed does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_what_a_child_started_ends_with_it(sandbox: Sandbox) -> None:
    async with sandbox.session(Opening(connector=NAME, settings={}, facts=Facts())) as session:
        [request] = await session.start(None)
    started = int(request.url.rpartition("/")[2])
    assert is_there(started)
    try:
        async with asyncio.timeout(5):
            await sandbox.close()
        for _ in range(500):
            if is_there(started):
                await asyncio.sleep(0.01)
        assert not is_there(started)
    finally:
        with suppress(ProcessLookupError):
            os.kill(started, signal.SIGKILL)
