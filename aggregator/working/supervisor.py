"""Keep one worker process running beside the server, and end a worker whose server is gone.

The server holds the writing end of the worker's standard input and never writes: when the server
ends, however it ends, the worker reads the end of the file. What the worker does is not known here.
"""

import asyncio
import logging
import os
import signal
import sys
import threading
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds: the first wait before a restart, the longest, how long a process must have lived
    for the waits to start over, and how long it may take to end when asked."""

    first: float = 1.0
    longest: float = 60.0
    settled: float = 60.0
    grace: float = 6.0


async def supervise(
    command: Sequence[str],
    stop: asyncio.Event,
    *,
    pace: Pace | None = None,
    log_to: IO[str] | None = None,
) -> None:
    """Run `command` until `stop` is set, again whenever it ends; each early end doubles the wait.
    Its output goes to `log_to`, else where ours goes."""
    pace = pace or Pace()
    wait = pace.first
    while not stop.is_set():
        began = time.monotonic()
        code = await _run_once(command, stop, pace, log_to)
        if stop.is_set():
            return
        wait = pace.first if time.monotonic() - began >= pace.settled else wait
        log.warning("the worker ended with %s; it starts again in %.0f s", code, wait)
        await _sleep(wait, stop)
        wait = min(wait * 2, pace.longest)


async def _run_once(
    command: Sequence[str], stop: asyncio.Event, pace: Pace, log_to: IO[str] | None
) -> int | None:
    """One life of the process, in a session of its own, so that Ctrl-C reaches only us."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=log_to, stderr=log_to, start_new_session=True
    )
    stopping = asyncio.create_task(stop.wait())
    ending = asyncio.create_task(process.wait())
    try:
        await asyncio.wait({stopping, ending}, return_when=asyncio.FIRST_COMPLETED)
        if process.returncode is None:
            await _end(process, pace.grace)
    finally:
        stopping.cancel()
        _kill(process)
        await ending
    return process.returncode


async def _end(process: Process, grace: float) -> None:
    """Ask the process to end; what has not ended in `grace` seconds is killed."""
    with suppress(ProcessLookupError):
        process.terminate()
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), grace)


def _kill(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


async def _sleep(seconds: float, stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


def follow_parent(stop: asyncio.Event, grace: float = 7.0) -> None:
    """In the worker: set `stop` when our standard input ends, that is when the server is gone.
    A worker that has not ended `grace` seconds later is ended hard, even if its loop is stuck."""
    loop = asyncio.get_running_loop()

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        with suppress(RuntimeError):  # the loop is closed: we are ending anyway
            loop.call_soon_threadsafe(stop.set)
        time.sleep(grace)
        os._exit(1)

    threading.Thread(target=watch, name="follow parent", daemon=True).start()
