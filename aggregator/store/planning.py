"""From a harvest to its Plan: what is known is read in between, nothing is written."""

from datetime import datetime

from sqlalchemy import Connection

from aggregator.compare import compare, repeat_listing
from aggregator.decide import decide
from aggregator.guard import Plausible, guard
from aggregator.harvest import Harvest
from aggregator.plan import Plan
from aggregator.recognising import recognise
from aggregator.store import knowledge


def plan_of(
    connection: Connection,
    source: str,
    harvest: Harvest,
    now: datetime,
    *,
    plausible: Plausible | None,
) -> Plan:
    """Recognise, compare, guard, resolve references, decide. A harvest that repeats the last
    complete listing is filled with it; `plausible` None: the guard is not asked."""
    known = knowledge.known(connection, source, now)
    if harvest.repeats:
        repeat_listing(harvest, known)
    known = recognise(harvest, known)
    comparison = compare(harvest, known, now)
    doubts = knowledge.altered(connection, known, comparison, plausible, harvest)
    verdict = guard(comparison, known, doubts, plausible)
    referring = knowledge.referring(connection, known, verdict.comparison, now)
    return decide(harvest, known, verdict, referring, now)
