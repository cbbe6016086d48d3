"""One worker process is kept running, and ends with its server. With real processes."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.working.supervisor import Pace, supervise

QUICK = Pace(first=0.02, longest=0.1, settled=60, grace=0.5)

LIVES = """
import pathlib, os, sys, time
with open(sys.argv[1], "a") as file:
    file.write(f"{os.getpid()}\\n")
"""
SLEEPS = LIVES + "time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + SLEEPS

FOLLOWER = """
import asyncio, sys
from aggregator.working.supervisor import follow_parent

async def main():
    stop = asyncio.Event()
    follow_parent(stop, grace=0.5)
    with open(sys.argv[1], "a") as file:
        file.write("up\\n")
    await stop.wait()
    if sys.argv[2] == "stuck":
        await asyncio.Event().wait()

asyncio.run(main())
"""
SERVER = """
import asyncio, sys
from aggregator.working.supervisor import supervise

asyncio.run(supervise(sys.argv[1:], asyncio.Event()))
"""


def command(script: str, *arguments: object) -> list[str]:
    """A Python process that runs the script."""
    return [sys.executable, "-c", script, *map(str, arguments)]


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something holds, ten seconds at most."""
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never held")


async def lines(file: Path, count: int) -> list[str]:
    """The file's lines, once there are so many."""

    def read() -> list[str]:
        return file.read_text().splitlines() if file.exists() else []

    await until(lambda: len(read()) >= count)
    return read()


def lives_still(pid: str) -> bool:
    """Whether a process is there."""
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_worker_that_ends_is_started_again(tmp_path: Path) -> None:
    stop, lives = asyncio.Event(), tmp_path / "lives"
    task = asyncio.create_task(supervise(command(LIVES, lives), stop, pace=QUICK))
    assert len(set(await lines(lives, 3))) >= 3
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_restarts_wait_longer_each_time(caplog: pytest.LogCaptureFixture) -> None:
    stop = asyncio.Event()
    pace = Pace(first=0.05, longest=0.2, settled=60)
    task = asyncio.create_task(supervise(command("raise SystemExit(3)"), stop, pace=pace))
    await until(lambda: len(caplog.records) >= 4)
    stop.set()
    await task
    waits = [record.args for record in caplog.records]
    assert waits[:4] == [(3, 0.05), (3, 0.1), (3, 0.2), (3, 0.2)]


async def test_a_worker_that_lived_long_is_restarted_at_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop = asyncio.Event()
    pace = Pace(first=0.01, longest=9, settled=0)
    task = asyncio.create_task(supervise(command(""), stop, pace=pace))
    await until(lambda: len(caplog.records) >= 3)
    stop.set()
    await task
    assert {record.args for record in caplog.records} == {(0, 0.01)}


@pytest.mark.parametrize("script", [SLEEPS, STUBBORN])
async def test_stopping_ends_the_worker_even_a_stubborn_one(tmp_path: Path, script: str) -> None:
    stop, lives = asyncio.Event(), tmp_path / "lives"
    task = asyncio.create_task(supervise(command(script, lives), stop, pace=QUICK))
    (pid,) = await lines(lives, 1)
    stop.set()
    await asyncio.wait_for(task, 5)
    assert not lives_still(pid)


async def test_cancelling_leaves_no_process_behind(tmp_path: Path) -> None:
    lives = tmp_path / "lives"
    task = asyncio.create_task(supervise(command(SLEEPS, lives), asyncio.Event(), pace=QUICK))
    (pid,) = await lines(lives, 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not lives_still(pid)


async def test_ctrl_c_in_the_terminal_reaches_only_the_server(tmp_path: Path) -> None:
    stop, lives = asyncio.Event(), tmp_path / "lives"
    task = asyncio.create_task(supervise(command(SLEEPS, lives), stop, pace=QUICK))
    (pid,) = await lines(lives, 1)
    assert os.getpgid(int(pid)) != os.getpgid(os.getpid())
    stop.set()
    await task


@pytest.mark.parametrize("manner", ["well", "stuck"])
async def test_a_worker_ends_when_its_server_is_killed(tmp_path: Path, manner: str) -> None:
    up = tmp_path / "up"
    worker = command(FOLLOWER, up, manner)
    server = await asyncio.create_subprocess_exec(
        *command(SERVER, *worker), stdin=DEVNULL, stdout=PIPE
    )
    await lines(up, 1)
    os.kill(server.pid, signal.SIGKILL)
    await server.wait()
    assert server.stdout is not None
    assert await asyncio.wait_for(server.stdout.read(), 5) == b""


async def test_a_worker_lives_as_long_as_its_server(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *command(FOLLOWER, tmp_path / "up", "well"), stdin=PIPE
    )
    await lines(tmp_path / "up", 1)
    await asyncio.sleep(0.7)
    assert process.returncode is None
    assert process.stdin is not None
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), 5) == 0


async def test_what_a_worker_says_goes_where_told(tmp_path: Path) -> None:
    stop = asyncio.Event()
    with (tmp_path / "log").open("w") as log:
        script = "import sys; print('said'); print('warned', file=sys.stderr)"
        task = asyncio.create_task(supervise(command(script), stop, pace=QUICK, log_to=log))
        said = await lines(tmp_path / "log", 2)
        stop.set()
        await task
    assert {"said", "warned"} <= set(said)
