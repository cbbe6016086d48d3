"""One sync in a forked process that is going to be killed, or is left to end.

The driver has imported everything already; the child opens its own house, in a session of its
own, so that one signal ends it with all it started.
"""

import asyncio
import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from select import select
from time import monotonic

from aggregator.commands.sync import sync_source
from aggregator.house import open_house
from aggregator.pipeline import Busy
from aggregator.runs import Progress
from aggregator.settings import FetchSettings, ServiceSettings, Settings, SourceSettings
from aggregator.working.clock import ShiftedClock
from tests.torture.city import KEY

SOURCE = "city"
ENVIRONMENT = "ALLMENDE_TORTURE_KEY"
BUSY = 3


def settings(folder: Path, database: str, city: str) -> Settings:
    """A house with the city as its only source."""
    os.environ[ENVIRONMENT] = KEY
    source = SourceSettings(
        id=SOURCE,
        connector="freinet",
        settings={"base_url": f"{city}query/api/", "agency": 177, "key": f"env:{ENVIRONMENT}"},
    )
    return Settings(
        service=ServiceSettings(database=database, data=str(folder)),
        fetch=FetchSettings(allow_loopback=True),
        sources=(source,),
    )


@dataclass(frozen=True, slots=True)
class Victim:
    """A running sync: its process, and where it says how far it is (a stage's first letter)."""

    pid: int
    told: int

    def reached(self, stage: str, seconds: float) -> bool:
        """Wait until it says that it works on a stage; False when it ends or takes too long."""
        until = monotonic() + seconds
        while (left := until - monotonic()) > 0 and select([self.told], [], [], left)[0]:
            heard = os.read(self.told, 4096)
            if not heard or stage[:1].encode() in heard:
                return bool(heard)
        return False


def fork(configured: Settings, shift: timedelta) -> Victim:
    """Start a sync in a child whose clock is shifted."""
    told, tell = os.pipe()
    pid = os.fork()
    if pid:
        os.close(tell)
        return Victim(pid, told)
    code = 1
    try:
        os.setsid()
        code = asyncio.run(_sync(configured, shift, tell))
    finally:
        os._exit(code)


async def _sync(configured: Settings, shift: timedelta, tell: int) -> int:
    def say(progress: Progress) -> None:
        with suppress(OSError):
            os.write(tell, progress.stage[:1].encode())

    clock = ShiftedClock()
    clock.push(shift)
    async with open_house(configured, clock=clock) as house:
        try:
            await sync_source(house, SOURCE, progress=say)
        except Busy:
            return BUSY
    return 0


def kill(victim: Victim) -> bool:
    """kill −9 the child and all it started → whether it was still running."""
    ended, _ = os.waitpid(victim.pid, os.WNOHANG)
    with suppress(ProcessLookupError):
        os.killpg(victim.pid, signal.SIGKILL)
    if not ended:
        os.waitpid(victim.pid, 0)
    os.close(victim.told)
    return not ended


def wait(victim: Victim) -> int:
    """Let the child end → its exit code."""
    _, status = os.waitpid(victim.pid, 0)
    os.close(victim.told)
    return os.waitstatus_to_exitcode(status)
