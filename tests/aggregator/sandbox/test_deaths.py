"""Children that run into limits or die: what is named, what goes on, and what is lost."""

import asyncio
import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from aggregator.sandbox import parent
from aggregator.sandbox.frames import BadFrame
from aggregator.sandbox.parent import Limits, Sandbox, Session
from tests.aggregator.sandbox.conftest import Write, hear, offers


def child_of(sandbox: Sandbox) -> int:
    """The process id of a sandbox's only child."""
    [child] = [*sandbox._pool._idle, *sandbox._pool._lent]
    return child.pid


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("burn", "reading it took too much computing"),
        ("eat", "reading it took too much memory"),
        ("sleep", "reading it took too long"),
        ("segfault", "its reader crashed (SIGSEGV)"),
        ("exit", "its reader crashed (exit status 3)"),
    ],
)
async def test_the_record_that_kills_is_quarantined_and_every_other_arrives_once(
    fragile: Session, write: Write, deed: str, reason: str
) -> None:
    document = write(*offers(300), {"key": "bad", "map": deed}, *offers(50, 300))
    limits = Limits(1_000_000, 3 if deed == "sleep" else 60)
    heard = await hear(fragile, document, limits)
    assert heard.error is None
    assert heard.keys == [str(number) for number in range(350)]
    [refusal] = heard.refusals
    assert (refusal.key, refusal.problems[0].code) == ("bad", "record.crashed_reader")
    assert refusal.problems[0].message == reason
    await fragile.know([("offer", "bad", refusal.fingerprint or b"")])
    assert ("offer", "bad") in (await hear(fragile, document)).same


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        ("burn", "document.limit_cpu"),
        ("eat", "document.limit_memory"),
        ("sleep", "document.limit_time"),
        ("segfault", "document.unreadable"),
    ],
)
async def test_a_document_that_kills_before_its_first_record_is_refused(
    fragile: Session, write: Write, deed: str, code: str
) -> None:
    limits = Limits(1_000_000, 1 if deed == "sleep" else 60)
    heard = await hear(fragile, write({"read": deed}, *offers(3)), limits)
    assert (heard.code, heard.batches) == (code, [])
    assert len((await hear(fragile, write(*offers(3)))).drafts) == 3


@pytest.mark.parametrize("second", [{"map": "segfault"}, {"read": "segfault"}])
async def test_a_second_death_refuses_the_document(
    fragile: Session, write: Write, second: dict[str, Any]
) -> None:
    lines = [*offers(250), {"key": "bad", "map": "exit"}, {"key": "worse", **second}, *offers(9)]
    heard = await hear(fragile, write(*lines))
    assert heard.code == "document.unreadable"
    assert heard.keys == [str(number) for number in range(len(heard.keys))]


async def test_a_reader_that_is_slow_altogether_blames_no_record(
    fragile: Session, write: Write
) -> None:
    heard = await hear(fragile, write(*offers(300, map="nap")), Limits(1_000_000, 1))
    assert heard.code == "document.limit_time"
    assert heard.refusals == []


async def test_time_is_counted_over_all_batches(fragile: Session, write: Write) -> None:
    document = write(*offers(40, text="x" * 150_000, map="doze"))
    heard = await hear(fragile, document, Limits(1_000_000, 2))
    assert heard.code == "document.limit_time"
    assert 2 <= len(heard.drafts) < 40
    assert heard.refusals == []


async def test_a_reader_killed_from_outside_goes_on_and_blames_no_record(
    sandbox: Sandbox, fragile: Session, write: Write
) -> None:
    reading = asyncio.create_task(hear(fragile, write(*offers(100, map="nap"))))
    await asyncio.sleep(2)
    os.kill(child_of(sandbox), signal.SIGKILL)
    heard = await reading
    assert (heard.error, heard.refusals) == (None, [])
    assert heard.keys == [str(number) for number in range(100)]


async def test_a_child_killed_while_it_waits_costs_no_document(
    sandbox: Sandbox, fragile: Session, write: Write
) -> None:
    document = write(*offers(3))
    for _ in range(3):
        assert len((await hear(fragile, document)).drafts) == 3
        os.kill(child_of(sandbox), signal.SIGKILL)


async def test_waiting_for_the_consumer_does_not_count(fragile: Session, write: Write) -> None:
    """The pipe holds the child back; its time stands still meanwhile."""
    document, count = write(*offers(400, text="x" * 10_000)), 0
    await fragile.start(None)
    async for batch in fragile.read(document, Limits(1_000_000, 2)):
        if not count:
            await asyncio.sleep(2.5)
        count += len(batch.drafts)
    assert count == 400


async def test_a_child_that_takes_no_orders_blocks_nobody(
    sandbox: Sandbox, fragile: Session, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parent, "SECONDS", 1.0)
    await fragile.start(None)
    os.kill(child_of(sandbox), signal.SIGSTOP)
    await fragile.know([("offer", f"number {number}", bytes(16)) for number in range(50_000)])
    reading = asyncio.create_task(hear(fragile, write(*offers(3))))
    ticks = 0
    while not reading.done():
        await asyncio.sleep(0.05)
        ticks += 1
    assert (await reading).code == "document.limit_time"
    assert ticks >= 10


async def test_answers_that_make_no_sense_end_the_child(
    sandbox: Sandbox, fragile: Session, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = write(*offers(3))
    monkeypatch.setattr(parent, "delivery_of", nonsense)
    assert (await hear(fragile, document)).code == "document.unreadable"
    assert not [*sandbox._pool._idle, *sandbox._pool._lent]


def nonsense(frame: object) -> object:
    raise BadFrame("nonsense")


MEASURE = """
import signal, sys, time
from aggregator.sandbox.confinement import allow_computing
while time.process_time() < float(sys.argv[1]):
    pass
for size in (0, 500_000, 10_000_000, 64_000_000):
    allow_computing(size)
    print(round(signal.getitimer(signal.ITIMER_PROF)[0], 1))
"""


@pytest.mark.parametrize("spent", ["0", "1.5"])
def test_computing_grows_with_the_document(spent: str) -> None:
    """Two seconds, and two for each megabyte, whatever was spent before."""
    command = [sys.executable, "-c", MEASURE, spent]
    said = subprocess.run(command, capture_output=True, check=True).stdout
    assert [round(float(word)) for word in said.split()] == [2, 2, 20, 128]


async def test_a_warm_child_may_compute_for_each_document(fragile: Session, write: Write) -> None:
    """Four seconds and a half in all, but never two for one document."""
    document = write(*offers(9, map="toil"))
    for _ in range(5):
        assert len((await hear(fragile, document)).drafts) == 9
