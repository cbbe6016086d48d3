"""Run what a command does: signals end it cleanly, expected failures are said in one line.

Exit codes: 0 all is well, 1 something is wrong with configuration, database or a source, 2 the
command was called wrongly, 130 it was interrupted.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

import typer

from aggregator import configuration
from aggregator.configuring.mistakes import Misconfigured
from aggregator.configuring.portals import Fault, Surroundings
from aggregator.fetch.redact import redact
from aggregator.queries import UNAVAILABLE
from aggregator.settings import PortalSettings, Settings
from api.cli.printing import print_json, print_mistake, remarks

T = TypeVar("T")

DEADLINE: Final = 9.5
"""Seconds after a signal at which the process ends, whatever still runs."""
INTERRUPTED: Final = 130


class Failure(Exception):
    """An expected failure: a problem's code, and words for a person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Interrupted(Exception):
    """A signal ended the command before it was done."""


def load(config: Path | None) -> tuple[Path, Settings]:
    """The chosen configuration file and what it says. Raises `Misconfigured`."""
    file = configuration.choose(config)
    return file, configuration.load(file, judge)


def judge(portal: PortalSettings, around: Surroundings) -> Iterable[Fault]:
    """What is wrong with the filter of a portal, by what requests may ask for."""
    from api.portals import faults_in  # what answers requests is loaded only for who has portals

    return faults_in(portal, around)


@contextmanager
def explained(*, as_json: bool) -> Iterator[None]:
    """Expected failures inside end the command with exit code 1 and an explanation."""
    try:
        yield
    except Misconfigured as error:
        _explain_mistakes(error, as_json=as_json)
    except Failure as failure:
        _explain(failure.code, failure.message, as_json=as_json)
    except UNAVAILABLE as error:
        said = redact(str(error.__cause__ or error).strip().partition("\n")[0])
        _explain("database.unavailable", f"the database does not answer: {said}", as_json=as_json)
    except Interrupted:
        raise typer.Exit(INTERRUPTED) from None


def _explain_mistakes(error: Misconfigured, *, as_json: bool) -> NoReturn:
    if as_json:
        print_json({"ok": False, "mistakes": [mistake.as_json() for mistake in error.mistakes]})
    for mistake in () if as_json else error.mistakes:
        print_mistake(remarks(), mistake)
    raise typer.Exit(1)


def _explain(code: str, message: str, *, as_json: bool) -> NoReturn:
    if as_json:
        print_json({"ok": False, "problem": {"code": code, "message": message}})
    else:
        remarks().print(f"[bold red]{code}[/]: ", end="")
        remarks().print(message, markup=False, soft_wrap=True)
    raise typer.Exit(1)


def run(work: Callable[[asyncio.Event], Coroutine[Any, Any, T]]) -> T:
    """Run `work` to its end. SIGTERM and SIGINT set the event it is given; a second signal, or
    the deadline, ends the process on the spot."""
    last: list[threading.Timer] = []
    try:
        return asyncio.run(_with_signals(work, last))
    finally:
        for timer in last:
            timer.cancel()


def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Run what ends by itself; a signal cancels it. Raises `Interrupted` then."""

    async def cancellable(stop: asyncio.Event) -> T:
        task = asyncio.ensure_future(work)
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
            raise Interrupted
        return await task

    return run(cancellable)


async def _with_signals(
    work: Callable[[asyncio.Event], Coroutine[Any, Any, T]], last: list[threading.Timer]
) -> T:
    stop = asyncio.Event()

    def on_signal() -> None:
        if stop.is_set():
            os._exit(INTERRUPTED)
        stop.set()
        timer = threading.Timer(DEADLINE, os._exit, (1,))
        timer.daemon = True
        timer.start()
        last.append(timer)

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal)
    return await work(stop)
