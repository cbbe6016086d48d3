"""One run of one source, from lease to outcome, in the order it happens.

take the lease → gather → compare → guard → resolve references → decide → apply in chunks →
conclude. Reading and deciding write nothing; what dies between chunks is found again by
its fingerprint.
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from time import perf_counter
from typing import Any

from sqlalchemy import Connection

from aggregator.decide import GRACE
from aggregator.errors import Discontinued, LeaseLost, SourceError
from aggregator.gathering import REQUESTED, SCHEDULED, Say, Visit, Way
from aggregator.guard import Plausible
from aggregator.house import House
from aggregator.plan import Plan, steps
from aggregator.reading import Gathered, Kept
from aggregator.runs import Cause, Outcome, Progress, Report, summarise
from aggregator.scope import proven
from aggregator.settings import SourceSettings
from aggregator.store import records
from aggregator.store.apply import Errand, apply_steps
from aggregator.store.conclude import Ending, abandon, conclude
from aggregator.store.leases import Lease, take
from aggregator.store.planning import plan_of
from aggregator.store.sources import identity, origins
from aggregator.working.clock import Clock
from aggregator.working.lease import keeping
from connectors.fingerprints import mapping_hash
from connectors.registry import load
from schema import Problem
from schema.edition import Edition

log = logging.getLogger(__name__)

FIRST_CHUNK = 250
LARGEST_CHUNK = 500
SLOW_CHUNK = 0.3
QUICK_CHUNK = 0.1
"""Seconds: above the first a chunk is halved, below the second doubled."""


class Busy(Exception):
    """Another worker holds the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run in progress: whose, which way, under which lease (None: a dry run), since when."""

    visit: Visit
    way: Way
    lease: Lease | None
    began: float

    @property
    def house(self) -> House:
        """The rooms it works in."""
        return self.visit.house

    @property
    def source(self) -> SourceSettings:
        """Whose it is."""
        return self.visit.source

    @property
    def plausible(self) -> Plausible | None:
        """What the guard lets pass; None where it is not asked."""
        if not self.way.judged:
            return None
        return Plausible(removals=self.source.guard.removals, changes=self.source.guard.changes)

    @property
    def every(self) -> timedelta | None:
        """The configured interval; None where the source is not visited."""
        return timedelta(seconds=self.source.every) if self.way.visits else None


async def sync(
    house: House, source_id: str, *, owner: str, say: Say, way: Way = SCHEDULED
) -> Report:
    """Run a source once; everything that can go wrong with it is the report's outcome.

    Raises `Busy` when another worker is at it and `LeaseLost` when one took it over.
    """
    lease = await house.database.write(take, source_id, owner, house.clock, way.cause)
    if lease is None:
        raise Busy(source_id)
    run = _run(house, source_id, way, lease, say)
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


async def preview(house: House, source_id: str, *, say: Say, way: Way = REQUESTED) -> Report:
    """What a run would do now. Gathers; takes no lease and writes nothing."""
    return await _work(_run(house, source_id, way, None, say))


def _run(house: House, source_id: str, way: Way, lease: Lease | None, say: Say) -> Run:
    source = house.source(source_id)
    connector = load(source.connector)
    settings = connector.Settings.model_validate(source.settings)
    mapping = mapping_hash(connector, settings, source.facts())
    return Run(
        visit=Visit(house=house, source=source, mapping=mapping, say=say),
        way=way,
        lease=lease,
        began=perf_counter(),
    )


async def _work(run: Run) -> Report:
    gathered = Gathered()
    try:
        await run.way.gather(run.visit, gathered)
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


async def _is_overdue(run: Run) -> bool:
    """Whether records have been missing long enough to be withdrawn by a repeated listing."""
    return await run.house.database.read(_overdue, run.source.id, run.house.clock) > 0


def _overdue(connection: Connection, source: str, clock: Clock) -> int:
    return records.overdue(connection, source, clock.now(connection), GRACE)


async def _decide(run: Run, gathered: Gathered) -> Plan:
    began = perf_counter()
    plan = await run.house.database.read(_decide_now, run, gathered)
    gathered.spend("decide", perf_counter() - began)
    return plan


def _decide_now(connection: Connection, run: Run, gathered: Gathered) -> Plan:
    gathered.harvest.repeats, gathered.harvest.mapping = gathered.repeats, run.visit.mapping
    plan = plan_of(
        connection,
        run.source.id,
        gathered.harvest,
        run.house.clock.now(connection),
        plausible=run.plausible,
    )
    return plan if run.way.cause is not Cause.ROLLBACK else replace(plan, released=())


async def _errand(run: Run, lease: Lease, gathered: Gathered) -> Errand:
    house = run.house
    public_url, instance = await house.database.read(identity)
    return Errand(
        source=run.source.id,
        fence=lease.fence,
        run=lease.run,
        mapping=run.visit.mapping,
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
        run.visit.say(Progress(source=run.source.id, stage="apply", done=done, total=total))
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
        complete=proven(gathered.harvest) if whole else None,
        stands=whole and run.way.visits,
        cursor=gathered.harvest.cursor if whole else None,
        snapshots=list(snapshots),
        retry_after=gathered.retry_after,
        pause=run.way.pause,
        moved=_moved(run, gathered),
        fresh_for=gathered.fresh_for,
        forgets=run.way.cause is Cause.ROLLBACK,
    )
    return await run.house.database.write(conclude, errand, plan, ending)


async def _keep(run: Run, kept: Kept) -> dict[str, Any]:
    fetched = kept.fetched
    await run.house.snapshots.keep(fetched)
    return {
        "sha256": fetched.sha256,
        "source": run.source.id,
        "about": kept.about,
        "asked": kept.asked,
        "stamp": kept.stamp,
        "url": fetched.url,
        "media_type": fetched.media_type,
        "charset": fetched.charset,
        "size": fetched.size,
    }


def _moved(run: Run, gathered: Gathered) -> dict[str, str | None] | None:
    return gathered.moved if run.way.visits else None


async def _unchanged(run: Run, gathered: Gathered) -> Report:
    plan = Plan(outcome=Outcome.UNCHANGED, findings=tuple(gathered.harvest.findings))
    ending = Ending(
        report=_report(run, gathered, plan),
        every=run.every,
        validators=gathered.validators,
        moved=_moved(run, gathered),
        fresh_for=gathered.fresh_for,
    )
    return await _close(run, gathered, ending)


async def _refuse(run: Run, gathered: Gathered, error: SourceError) -> Report:
    plan = Plan(outcome=Outcome.REFUSED, problem=error.problem)
    ending = Ending(
        report=_report(run, gathered, plan),
        every=run.every,
        retry_after=error.retry_after,
        pause=error.problem.code if isinstance(error, Discontinued) else None,
        moved=_moved(run, gathered),
    )
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
        held=tuple(one.item for one in plan.withheld),
        seconds=perf_counter() - run.began,
    )
