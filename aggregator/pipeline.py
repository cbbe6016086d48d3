"""One run of one source, from lease to outcome, in the order it happens.

take the lease → fetch and read → compare → resolve references → decide and guard → apply in
chunks → conclude. Reading and deciding write nothing; what dies between chunks is found again by
its fingerprint.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from time import perf_counter
from typing import Any

from sqlalchemy import Connection

from aggregator.decide import GRACE, compare, decide, is_complete, repeat_listing
from aggregator.errors import LeaseLost, SourceError
from aggregator.fetch.snapshots import DamagedSnapshot
from aggregator.house import House
from aggregator.plan import Plan, steps
from aggregator.reading import Gathered, Kept, Memory, Reader, about_detail
from aggregator.runs import Outcome, Progress, Report, summarise
from aggregator.sandbox.parent import Opening
from aggregator.settings import SourceSettings
from aggregator.store import knowledge, records
from aggregator.store.apply import Errand, apply_steps
from aggregator.store.conclude import Ending, abandon, conclude
from aggregator.store.leases import Lease, take
from aggregator.store.snapshots import kept_detail
from aggregator.store.sources import identity, origins, recall
from aggregator.working.clock import Clock
from aggregator.working.lease import keeping
from connectors.base import Document, UnlessKnown
from connectors.fingerprints import mapping_hash
from connectors.registry import load
from schema import Problem
from schema.edition import Edition

log = logging.getLogger(__name__)

Say = Callable[[Progress], None]

FIRST_CHUNK = 250
LARGEST_CHUNK = 500
SLOW_CHUNK = 0.3
QUICK_CHUNK = 0.1
"""Seconds: above the first a chunk is halved, below the second doubled."""


class Busy(Exception):
    """Another worker holds the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run in progress: whose, under which lease (None: a dry run), since when."""

    house: House
    source: SourceSettings
    lease: Lease | None
    mapping: bytes
    began: float
    say: Say

    @property
    def every(self) -> timedelta:
        """The configured interval."""
        return timedelta(seconds=self.source.every)


async def sync(house: House, source_id: str, *, owner: str, say: Say) -> Report:
    """Run a source once; everything that can go wrong with it is the report's outcome.

    Raises `Busy` when another worker is at it and `LeaseLost` when one took it over.
    """
    lease = await house.database.write(take, source_id, owner, house.clock)
    if lease is None:
        raise Busy(source_id)
    run = _run(house, source_id, lease, say)
    try:
        async with keeping(house.database, lease, house.clock):
            return await _work(run)
    except asyncio.CancelledError:
        await asyncio.shield(_abandon(run, Outcome.INTERRUPTED, Problem("run.interrupted")))
        raise
    except LeaseLost:
        raise
    except (
        Exception
    ) as error:  # the one broad except: an error of ours ends one run, not the worker
        log.exception("run %s of %s crashed", lease.run, source_id)
        return await _abandon(
            run, Outcome.CRASHED, Problem("run.crashed", "", type(error).__name__)
        )


async def preview(house: House, source_id: str, *, say: Say) -> Report:
    """What a run would do now. Fetches and reads; takes no lease and writes nothing."""
    return await _work(_run(house, source_id, None, say))


def _run(house: House, source_id: str, lease: Lease | None, say: Say) -> Run:
    source = house.source(source_id)
    connector = load(source.connector)
    settings = connector.Settings.model_validate(source.settings)
    return Run(
        house=house,
        source=source,
        lease=lease,
        mapping=mapping_hash(connector, settings, source.facts()),
        began=perf_counter(),
        say=say,
    )


async def _work(run: Run) -> Report:
    gathered = Gathered()
    try:
        await _gather(run, gathered)
        if gathered.repeats and not await _is_overdue(run):
            return await _unchanged(run, gathered)
        plan = await _decide(run, gathered)
        if run.lease is None:
            return _report(run, gathered, plan)
        errand = await _errand(run, run.lease, gathered)
        await _apply(run, errand, plan, gathered)
        return await _conclude(run, errand, plan, gathered)
    except SourceError as error:
        return await _refuse(run, gathered, error)
    finally:
        gathered.harvest.spool.close()
        for fetched in gathered.fetched:
            run.house.snapshots.drop(fetched)


async def _gather(run: Run, gathered: Gathered) -> None:
    source, house = run.source, run.house
    memory = await house.database.read(recall, source.id)
    usable = memory.settings_hash == run.mapping and memory.complete_run is not None
    opening = Opening(connector=source.connector, settings=source.settings, facts=source.facts())
    async with house.sandbox.session(opening) as session:
        reader = Reader(
            source=source.id,
            manifest=load(source.connector).manifest,
            mapping=run.mapping,
            memory=Memory(
                state=memory.state, validators=tuple(memory.validators) if usable else ()
            ),
            session=session,
            fetcher=house.fetcher,
            know=lambda: house.database.read(records.fingerprints, source.id),
            stored=lambda: house.database.read(records.stored_stamps, source.id),
            replay=lambda wanted: _replay(run, wanted),
            progress=run.say,
        )
        await reader.gather(gathered)


@asynccontextmanager
async def _replay(run: Run, wanted: UnlessKnown) -> AsyncIterator[Document | None]:
    kept = await run.house.database.read(
        kept_detail, run.source.id, about_detail(wanted), wanted.stamp
    )
    async with AsyncExitStack() as stack:
        document = None
        if kept is not None:
            with suppress(FileNotFoundError, DamagedSnapshot):
                path = await stack.enter_async_context(run.house.snapshots.open_plain(kept.sha256))
                document = Document(
                    path=path, url=kept.url, media_type=kept.media_type, charset=kept.charset
                )
        yield document


async def _is_overdue(run: Run) -> bool:
    """Whether records have been missing long enough to be withdrawn by a repeated listing."""
    return await run.house.database.read(_overdue, run.source.id, run.house.clock) > 0


def _overdue(connection: Connection, source: str, clock: Clock) -> int:
    return records.overdue(connection, source, clock.now(connection) - GRACE)


async def _decide(run: Run, gathered: Gathered) -> Plan:
    began = perf_counter()
    plan = await run.house.database.read(_decide_now, run.source.id, gathered, run.house.clock)
    gathered.spend("decide", perf_counter() - began)
    return plan


def _decide_now(connection: Connection, source: str, gathered: Gathered, clock: Clock) -> Plan:
    now = clock.now(connection)
    known = knowledge.known(connection, source)
    harvest = gathered.harvest
    if gathered.repeats:
        repeat_listing(harvest, known)
    comparison = compare(harvest, known)
    referring = knowledge.referring(connection, known, comparison, now)
    return decide(harvest, known, comparison, referring, now)


async def _errand(run: Run, lease: Lease, gathered: Gathered) -> Errand:
    house = run.house
    public_url, instance = await house.database.read(identity)
    return Errand(
        source=run.source.id,
        fence=lease.fence,
        run=lease.run,
        mapping=run.mapping,
        spool=gathered.harvest.spool,
        edition=Edition(public_url=public_url, instance=instance),
        origins=await house.database.read(origins),
        clock=house.clock,
        zone=house.zone,
    )


async def _apply(run: Run, errand: Errand, plan: Plan, gathered: Gathered) -> None:
    """All but the last chunk; chunks grow and shrink with the time they take."""
    began = perf_counter()
    size, done = FIRST_CHUNK, 0
    total = sum(1 for _ in steps(plan))
    left = steps(plan)
    while chunk := list(islice(left, size)):
        started = perf_counter()
        await run.house.database.write(apply_steps, errand, chunk)
        size = next_size(size, perf_counter() - started)
        done += len(chunk)
        run.say(Progress(source=run.source.id, stage="apply", done=done, total=total))
    gathered.spend("apply", perf_counter() - began)


def next_size(size: int, seconds: float) -> int:
    """How many steps the next chunk takes after one of `size` took `seconds`."""
    if seconds > SLOW_CHUNK:
        return max(size // 2, 1)
    if seconds < QUICK_CHUNK:
        return min(size * 2, LARGEST_CHUNK)
    return size


async def _conclude(run: Run, errand: Errand, plan: Plan, gathered: Gathered) -> Report:
    began = perf_counter()
    snapshots = await asyncio.gather(*(_keep(run, kept) for kept in gathered.documents))
    gathered.spend("keep", perf_counter() - began)
    whole = plan.outcome in (Outcome.APPLIED, Outcome.DEGRADED)
    repeatable = whole and gathered.repeatable and not gathered.harvest.details_failed
    ending = Ending(
        report=_report(run, gathered, plan),
        every=run.every,
        validators=gathered.validators if repeatable else None,
        complete=whole and is_complete(gathered.harvest),
        cursor=gathered.harvest.cursor if whole else None,
        snapshots=list(snapshots),
    )
    return await run.house.database.write(conclude, errand, plan, ending)


async def _keep(run: Run, kept: Kept) -> dict[str, Any]:
    fetched = kept.fetched
    await run.house.snapshots.keep(fetched)
    return {
        "sha256": fetched.sha256,
        "source": run.source.id,
        "about": kept.about,
        "stamp": kept.stamp,
        "url": fetched.url,
        "media_type": fetched.media_type,
        "charset": fetched.charset,
        "size": fetched.size,
    }


async def _unchanged(run: Run, gathered: Gathered) -> Report:
    report = replace(_report(run, gathered, Plan()), outcome=Outcome.UNCHANGED)
    return await _close(run, gathered, Ending(report=report, every=run.every))


async def _refuse(run: Run, gathered: Gathered, error: SourceError) -> Report:
    plan = Plan(outcome=Outcome.REFUSED, problem=error.problem)
    report = _report(run, gathered, plan)
    ending = Ending(report=report, every=run.every, retry_after=error.retry_after)
    return await _close(run, gathered, ending)


async def _close(run: Run, gathered: Gathered, ending: Ending) -> Report:
    """End a run that changes no record."""
    if run.lease is None:
        return ending.report
    errand = await _errand(run, run.lease, gathered)
    return await run.house.database.write(conclude, errand, None, ending)


async def _abandon(run: Run, outcome: Outcome, problem: Problem) -> Report:
    assert run.lease is not None
    plan = Plan(outcome=outcome, problem=problem)
    gathered = Gathered()
    report = _report(run, gathered, plan)
    errand = await _errand(run, run.lease, gathered)
    await run.house.database.write(abandon, errand, report, run.every)
    return report


def _report(run: Run, gathered: Gathered, plan: Plan) -> Report:
    return Report(
        source=run.source.id,
        run=run.lease.run if run.lease else None,
        outcome=plan.outcome,
        counts=plan.counts,
        problem=plan.problem,
        findings=summarise(plan.findings),
        stages=dict(gathered.stages),
        held=tuple(f"{head.kind}/{head.native_id}" for head in plan.held),
        seconds=perf_counter() - run.began,
    )
