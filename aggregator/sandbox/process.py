"""One child process: started, asked, listened to, and ended with everything it may have started.

Knows neither what is asked nor what the answers mean.
"""

import asyncio
import os
import signal
import sys
from contextlib import AsyncExitStack, suppress
from time import monotonic
from typing import Final, Self

from aggregator.sandbox.confinement import OUT_OF_MEMORY
from aggregator.sandbox.frames import BadFrame, Frame, receive_frame, send_frame
from aggregator.sandbox.work import Note, Worksheet, new_descriptor

STARTING: Final = 30.0
"""Seconds a child may take to say that it is ready."""
BUFFER: Final = 512 * 1024
MODULE: Final = "aggregator.sandbox.child"


class NotStarted(RuntimeError):
    """No child comes up: the installation is broken, not a document."""


class Died(Exception):
    """The child is gone in the middle of its work. `cause`: time (we ended it), cpu, memory,
    killed (somebody ended it) or crash; `detail` for a person."""

    def __init__(self, cause: str, detail: str, note: Note, ended: float) -> None:
        super().__init__(f"{cause}: {detail}")
        self.cause = cause
        self.detail = detail
        self.note = note
        self.ended = ended
        """Monotonic seconds."""


class ChildProcess:
    """A running child. `busy` from an order until its last answer."""

    def __init__(self, process: asyncio.subprocess.Process, sheet: Worksheet) -> None:
        self._process = process
        self._sheet = sheet
        self.born = monotonic()
        self.busy = False
        self.documents = 0
        self.memory = 0
        self.opened: object = None
        """Whose session is open in it."""

    @classmethod
    async def start(cls) -> Self:
        """A child that is ready: empty environment, its own session, no file but its pipes.
        Raises `NotStarted`."""
        descriptor = new_descriptor()
        sheet = Worksheet(os.dup(descriptor))
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-m", MODULE),
                str(descriptor),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={},
                start_new_session=True,
                pass_fds=(descriptor,),
                limit=BUFFER,
            )
        finally:
            os.close(descriptor)
        child = cls(process, sheet)
        async with AsyncExitStack() as undo:
            undo.push_async_callback(child.stop)
            try:
                await child.listen(STARTING)
            except Died as died:
                shown = f"`{sys.executable} -I -m {MODULE}` shows why"
                raise NotStarted(f"no child comes up ({died}); {shown}") from None
            undo.pop_all()
        return child

    @property
    def pid(self) -> int:
        """The process's id, which is its group's too."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked anything."""
        return self._process.returncode is None

    async def ask(self, frame: Frame, seconds: float) -> Frame:
        """Send an order and wait for its first answer. Raises `Died`."""
        self.busy = True
        assert self._process.stdin is not None
        began = monotonic()
        try:
            async with asyncio.timeout(seconds):
                await send_frame(self._process.stdin, frame)
        except TimeoutError:
            raise await self._death("time") from None
        except ConnectionError:
            raise await self._death() from None
        return await self.listen(seconds - (monotonic() - began))

    async def listen(self, seconds: float) -> Frame:
        """The next answer. Raises `Died`, having ended the child, when there is none in time or
        it makes no sense."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(seconds):
                return await receive_frame(self._process.stdout)
        except TimeoutError:
            raise await self._death("time") from None
        except BadFrame as error:
            raise await self._death("crash", f"it answered {error}") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise await self._death() from None

    def rest(self, *, documents: int = 0, memory: int = 0) -> None:
        """The last answer has come."""
        self.busy = False
        self.documents += documents
        self.memory = max(self.memory, memory)

    def kill(self) -> None:
        """End the process and all that it may have started."""
        if self.is_alive:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    async def stop(self) -> None:
        """Kill, and wait until nothing is left of it, not even bytes on their way. Not while
        somebody listens."""
        await self.end()
        assert self._process.stdin is not None
        self._process.stdin.close()
        with suppress(ConnectionError):
            await self._process.communicate()

    async def end(self) -> None:
        """Kill, and wait until the process is gone."""
        self.kill()
        await self._process.wait()

    async def _death(self, cause: str = "", detail: str = "") -> Died:
        """End what may be left. Without a cause, the exit status tells it: whoever closed its
        pipe is on its way out, and another signal no longer changes that."""
        ended = monotonic()
        self.kill()
        status = await self._process.wait()
        if not cause:
            cause, detail = _cause(status)
        return Died(cause, detail, self._sheet.read(), ended)


def _cause(status: int) -> tuple[str, str]:
    """Exit status → cause and detail."""
    if status == OUT_OF_MEMORY:
        return "memory", ""
    if status >= 0:
        return "crash", f"exit status {status}"
    if status == -signal.SIGPROF:
        return "cpu", ""
    name = signal.Signals(-status).name
    return ("killed" if status == -signal.SIGKILL else "crash"), name
