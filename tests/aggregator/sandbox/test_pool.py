"""Children come and go: never too many, never worn out, never left behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import aclosing
from pathlib import Path

import pytest

from aggregator.sandbox import pool
from aggregator.sandbox.parent import Sandbox, Session
from tests.aggregator.sandbox.conftest import LIMITS, OPENING, Write, hear, offers
from tests.aggregator.sandbox.test_deaths import child_of


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_warm_child_is_used_again(sandbox: Sandbox, write: Write) -> None:
    await sandbox.prewarm()
    pid = child_of(sandbox)
    for _ in range(3):
        async with sandbox.session(OPENING) as session:
            assert len((await hear(session, write(*offers(2)))).drafts) == 2
        assert child_of(sandbox) == pid


async def test_closing_leaves_no_process(write: Write) -> None:
    async with Sandbox(1) as sandbox:
        await sandbox.prewarm()
        pid = child_of(sandbox)
    assert not is_running(pid)
    with pytest.raises(RuntimeError, match="closed"):
        await sandbox.prewarm()


async def test_closing_while_reading_leaves_no_process(write: Write) -> None:
    sandbox = Sandbox(1)
    async with sandbox.session(OPENING) as session:
        reading = asyncio.create_task(hear(session, write({"key": "1", "map": "sleep"})))
        await asyncio.sleep(2)
        pid = child_of(sandbox)
        await sandbox.close()
        assert not is_running(pid)
        with pytest.raises(RuntimeError, match="closed"):
            await reading


async def test_cancelling_a_session_kills_its_child(sandbox: Sandbox, write: Write) -> None:
    async def read() -> None:
        async with sandbox.session(OPENING) as session:
            await hear(session, write({"key": "1", "map": "sleep"}))

    reading = asyncio.create_task(read())
    await asyncio.sleep(2)
    pid = child_of(sandbox)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert not is_running(pid)
    await sandbox.prewarm()


async def test_who_stops_listening_gets_a_new_child(
    sandbox: Sandbox, fragile: Session, write: Write
) -> None:
    document = write(*offers(5000, text="x" * 1000))
    async with aclosing(fragile.read(document, LIMITS)) as batches:
        async for _ in batches:
            break
        pid = child_of(sandbox)
    assert not is_running(pid)
    assert len((await hear(fragile, write(*offers(3)))).drafts) == 3


async def test_an_abandoned_reading_ends_with_its_session(sandbox: Sandbox, write: Write) -> None:
    async with sandbox.session(OPENING) as session:
        batches = session.read(write(*offers(5000, text="x" * 1000)), LIMITS)
        await anext(batches)
        pid = child_of(sandbox)
        with pytest.raises(RuntimeError, match="one document at a time"):
            await session.start(None)
    assert not is_running(pid)
    await batches.aclose()
    async with sandbox.session(OPENING) as session:
        assert len((await hear(session, write(*offers(3)))).drafts) == 3
    with pytest.raises(RuntimeError):
        await session.start(None)


async def test_sessions_share_a_child_between_orders(sandbox: Sandbox, write: Write) -> None:
    """Who waits for an answer from the network keeps no child from others."""
    document = write(*offers(2))
    async with sandbox.session(OPENING) as one, sandbox.session(OPENING) as other:
        for session in (one, other, one, other):
            assert len(await session.start(None)) == 1
            assert len((await hear(session, document)).drafts) == 2


async def test_no_more_children_than_allowed(write: Write) -> None:
    async with Sandbox(2) as sandbox:
        peak = 0

        async def read(name: str) -> int:
            nonlocal peak
            async with sandbox.session(OPENING) as session:
                heard = await hear(session, write(*offers(20, map="nap"), name=name))
                peak = max(peak, len(sandbox._pool._idle) + len(sandbox._pool._lent))
                return len(heard.drafts)

        assert await asyncio.gather(*(read(str(number)) for number in range(5))) == [20] * 5
        assert peak == 2


@pytest.mark.parametrize("limit", ["MOST_DOCUMENTS", "MOST_MEMORY"])
async def test_a_worn_child_is_replaced(
    sandbox: Sandbox,
    fragile: Session,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
) -> None:
    monkeypatch.setattr(pool, limit, 1)
    await fragile.start(None)
    pid = child_of(sandbox)
    await hear(fragile, write(*offers(2)))
    assert not is_running(pid)
    await fragile.start(None)
    assert child_of(sandbox) != pid


async def test_an_old_child_is_ended_while_it_rests(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "OLDEST", 0.3)
    await sandbox.prewarm()
    await asyncio.sleep(1)
    assert not [*sandbox._pool._idle, *sandbox._pool._lent]


async def test_a_child_that_rests_too_long_is_ended(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "RESTING", 0.3)
    await sandbox.prewarm()
    pid = child_of(sandbox)
    await asyncio.sleep(1)
    assert not sandbox._pool._idle
    assert not is_running(pid)
    await sandbox.prewarm()


async def test_a_child_at_work_is_not_resting(
    sandbox: Sandbox,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(pool, "RESTING", 0.3)
    await sandbox.prewarm()
    pid = child_of(sandbox)
    async with sandbox.session(OPENING) as session:
        heard = await hear(session, write(*offers(40, map="nap")))  # 0.8 seconds
        assert (len(heard.drafts), heard.error) == (40, None)
        assert child_of(sandbox) == pid
    assert not caplog.records  # nobody looked for it among those at rest


PARENT = """
import asyncio, sys
from aggregator.sandbox.parent import *
from connectors.base import Document
from tests.aggregator.sandbox.conftest import LIMITS, OPENING
async def main():
    sandbox = Sandbox(1)
    await sandbox.prewarm()
    print(sandbox._pool._idle[0].pid, flush=True)
    if sys.argv[1] == "reading":
        async with sandbox.session(OPENING) as session:
            async for batch in session.read(Document(path=sys.argv[2], url=""), LIMITS):
                pass
    await asyncio.sleep(3600)
asyncio.run(main())
"""


@pytest.mark.parametrize("doing", ["nothing", "reading"])
def test_a_child_does_not_outlive_its_parent(tmp_path: Path, doing: str) -> None:
    document = tmp_path / "document"
    document.write_bytes(b'{"key": "1", "map": "nap"}\n' * 150)
    command = [sys.executable, "-c", PARENT, doing, str(document)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.5)
        assert is_running(pid)
        parent.send_signal(signal.SIGKILL)
    for _ in range(200):
        if not is_running(pid):
            return
        time.sleep(0.1)
    pytest.fail("the child is still there")
