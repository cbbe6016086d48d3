"""How every source is doing, in one word and in detail. No settings, no secrets, no addresses
that are fetched: only what a source says of itself in public and what became of it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import orjson
from sqlalchemy import Connection, RowMapping, ScalarSelect, and_, func, select

from aggregator.merge import EDITOR
from aggregator.queries.withheld import Waiting, waiting
from aggregator.runs import HEALTHY, Outcome
from aggregator.store.pages import Pages, Shape
from aggregator.store.tables import day_count, quarantine, record, source
from schema.problems import Level, Problem

GRACE: Final = timedelta(hours=1)
"""A check that is overdue by more than this is late."""
STOPPED: Final = frozenset({Outcome.INTERRUPTED, Outcome.CANCELLED})
"""Outcomes that say something about us, not about the source."""
JUDGED: Final = (
    "enabled", "paused", "outcome", "failures", "checked", "succeeded", "next_due",
)  # fmt: skip
"""The columns a condition follows from."""
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)

Condition = Literal["fresh", "late", "failing", "held", "never", "paused", "disabled"]
"""fresh: confirmed by its last check, and no check is overdue. late: a check is overdue.
failing: the last check failed. held: it held removals back. never: no check has ended yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """A source as public pages, the monitor and the command line show it. Times are aware."""

    id: str
    name: str
    url: str | None
    licence: str
    attribution: str | None
    connector: str
    condition: Condition
    outcome: str | None
    problem: Problem | None
    """Why the last run failed, where it did."""
    added: datetime
    checked: datetime | None
    succeeded: datetime | None
    next_due: datetime | None
    failures: int
    """Failed runs in a row."""
    paused_why: str | None
    """Code of the problem that lets it rest; None where it does not, or where a person said so."""
    waiting: Waiting | None
    """What is held back of it."""
    live: Mapping[str, int]
    """Kind → entries that are published from this source."""
    missing: int
    """Records that the last complete listing did not name, still published."""
    quarantined: int

    @property
    def fresh(self) -> bool:
        """Whether its entries are confirmed."""
        return self.condition == "fresh"


def source_states(connection: Connection, now: datetime) -> tuple[SourceState, ...]:
    """All sources by id, as they are at `now` (aware). Editors' decisions are no source to show."""
    live, held = _live_counts(connection), waiting(connection)
    rows = connection.execute(
        select(source, _missing().label("missing"), _quarantined().label("quarantined"))
        .where(source.c.id != EDITOR)
        .order_by(source.c.id)
    )
    return tuple(
        _state(row, live.get(row["id"], {}), held.get(row["id"]), now) for row in rows.mappings()
    )


def stale_sources(connection: Connection, now: datetime) -> tuple[str, ...]:
    """Ids of the sources whose entries are not confirmed at `now` (aware), sorted."""
    columns = (source.c[name] for name in JUDGED)
    rows = connection.execute(
        select(source.c.id, *columns).where(source.c.id != EDITOR).order_by(source.c.id)
    )
    return tuple(row["id"] for row in rows.mappings() if condition_of(row, now) != "fresh")


SOURCE_IDS: Final = Shape(select(source.c.id).where(source.c.id != EDITOR).order_by(source.c.id))


async def source_ids(pages: Pages) -> tuple[str, ...]:
    """The ids of all sources, sorted."""
    return tuple([row[0] for row in await pages.rows(SOURCE_IDS, {})])


SOURCE_FACTS: Final = Shape(select(source.c.id, source.c.facts).where(source.c.id != EDITOR))


async def source_names(pages: Pages) -> Mapping[str, str]:
    """Id → the name of every source."""
    rows = await pages.rows(SOURCE_FACTS, {})
    return {id_: orjson.loads(facts).get("name") or id_ for id_, facts in rows}


def condition_of(row: RowMapping, now: datetime) -> Condition:
    """A row of `source` → how it is doing at `now` (aware), the gravest word first."""
    if not row["enabled"]:
        return "disabled"
    if row["paused"]:
        return "paused"
    if row["checked"] is None:
        return "never"
    if row["outcome"] in STOPPED and not row["failures"]:
        if row["succeeded"] is None:
            return "never"
    elif row["outcome"] not in HEALTHY:
        return "held" if row["outcome"] == Outcome.HELD else "failing"
    due: datetime | None = row["next_due"]
    return "late" if due is not None and due + GRACE < now else "fresh"


def problem_of(text: str | None) -> Problem | None:
    """A stored problem (JSON) → the problem, or None where none is stored."""
    if text is None:
        return None
    said = orjson.loads(text)
    level = Level(said.get("level", Level.ERROR))
    return Problem(said["code"], said.get("path", ""), said.get("message", ""), level)


def _state(
    row: RowMapping, live: Mapping[str, int], held: Waiting | None, now: datetime
) -> SourceState:
    facts = orjson.loads(row["facts"])
    return SourceState(
        id=row["id"],
        name=facts.get("name") or row["id"],
        url=facts.get("url"),
        licence=facts.get("licence", "unknown"),
        attribution=facts.get("attribution"),
        connector=row["connector"],
        condition=condition_of(row, now),
        outcome=row["outcome"],
        problem=problem_of(row["problem"]),
        added=row["added"],
        checked=row["checked"],
        succeeded=row["succeeded"],
        next_due=row["next_due"],
        failures=row["failures"],
        paused_why=row["paused_why"] if row["paused"] else None,
        waiting=held,
        live=live,
        missing=row["missing"],
        quarantined=row["quarantined"],
    )


def _missing() -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(
            record.c.source == source.c.id,
            record.c.missing_since > BEGINNING,  # not null, said so that the index serves it
            record.c.withdrawn.is_(None),
        )
        .scalar_subquery()
    )


def _quarantined() -> ScalarSelect[int]:
    return select(func.count()).where(quarantine.c.source == source.c.id).scalar_subquery()


def _live_counts(connection: Connection) -> Mapping[str, Mapping[str, int]]:
    """Source → kind → entries, from the newest day count of each status (they are sparse)."""
    key = (day_count.c.source, day_count.c.kind, day_count.c.status)
    newest = select(*key, func.max(day_count.c.day).label("day")).group_by(*key).subquery()
    same = (newest.c[column.name] == column for column in (*key, day_count.c.day))
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    rows = connection.execute(
        select(day_count.c.source, day_count.c.kind, func.sum(day_count.c.n))
        .join(newest, and_(*same))
        .group_by(day_count.c.source, day_count.c.kind)
        .order_by(day_count.c.source, day_count.c.kind)
    )
    for source_id, kind, n in rows:
        counts[source_id][kind] = int(n)
    return counts
