"""What is held back of the sources, since when, and what people decided about it. Reading only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import orjson
from sqlalchemy import Connection, RowMapping, case, func, select

from aggregator.decisions import Decision
from aggregator.differences import Difference, altered, differences
from aggregator.plan import Item, What
from aggregator.queries.published import Published, published
from aggregator.store.tables import run, withheld

NOTHING: Final = b"{}"
Fate = Literal["waiting", "approved", "rejected", "settled"]
"""waiting: nobody decided. settled: nothing is held back of it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What of a source waits for a person, or for the visit that carries a decision out."""

    removals: int
    changes: int
    since: datetime | None
    """When the oldest that nobody decided about was first held back."""
    run: int | None
    """The run to approve or reject, where something waits for a person."""
    approved: int
    rejected: int

    @property
    def undecided(self) -> int:
        """How many removals and changes wait for a person."""
        return self.removals + self.changes

    def __str__(self) -> str:
        counted = ((self.removals, "removal"), (self.changes, "change"))
        return " and ".join(f"{n} {word}{'s' if n > 1 else ''}" for n, word in counted if n)


def waiting(connection: Connection) -> Mapping[str, Waiting]:
    """Source → what is held back of it; sources that hold nothing back are left out."""
    is_open = withheld.c.decision.is_(None)
    rows = connection.execute(
        select(
            withheld.c.source,
            _number(is_open & (withheld.c.what == What.REMOVAL)).label("removals"),
            _number(is_open & (withheld.c.what == What.CHANGE)).label("changes"),
            _number(withheld.c.decision == Decision.APPROVED).label("approved"),
            _number(withheld.c.decision == Decision.REJECTED).label("rejected"),
            func.min(case((is_open, withheld.c.since))).label("since"),
        )
        .group_by(withheld.c.source)
        .order_by(withheld.c.source)
    )
    return {row["source"]: _waiting(connection, row) for row in rows.mappings()}


def _number(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _waiting(connection: Connection, row: RowMapping) -> Waiting:
    open_ = row["removals"] + row["changes"]
    return Waiting(
        removals=int(row["removals"]),
        changes=int(row["changes"]),
        since=row["since"],
        run=_newest_held(connection, row["source"]) if open_ else None,
        approved=int(row["approved"]),
        rejected=int(row["rejected"]),
    )


def _newest_held(connection: Connection, source: str) -> int | None:
    return connection.execute(
        select(run.c.id)
        .where(run.c.source == source, run.c.held.is_not(None))
        .order_by(run.c.id.desc())
        .limit(1)
    ).scalar()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldItem:
    """A removal or change that a run held back, and what became of it. Times are aware."""

    kind: str
    native_id: str
    what: What
    title: str
    url: str | None
    fate: Fate
    since: datetime | None
    differences: tuple[Difference, ...] = ()
    """What a change would alter: as published, and as the source says."""
    lost: tuple[Difference, ...] = ()
    """What a removal would take from the public: every field of the record."""
    who: str | None = None
    decided: datetime | None = None
    until: datetime | None = None
    """When an approval that no run used ends."""
    withdrawn: datetime | None = None
    """Since when the record is withdrawn, where it is."""


def held_items(
    connection: Connection, source: str, held: Iterable[Item], limit: int
) -> tuple[HeldItem, ...]:
    """The first `limit` of what a run of `source` held back, in its order."""
    shown = list(held)[:limit]
    rows = {
        (row["kind"], row["native_id"], row["what"]): row
        for row in connection.execute(
            select(withheld).where(withheld.c.source == source)
        ).mappings()
    }
    known = published(connection, source, [native_id for _, native_id, _ in shown])
    return tuple(_item(item, rows.get(item), known.get(item[:2])) for item in shown)


def _item(item: Item, row: RowMapping | None, known: Published | None) -> HeldItem:
    kind, native_id, what = item
    return HeldItem(
        kind=kind,
        native_id=native_id,
        what=What(what),
        title=known.title if known else native_id,
        url=known.url if known else None,
        withdrawn=known.withdrawn if known else None,
        lost=differences(known.body, NOTHING) if known and what == What.REMOVAL else (),
        fate="settled" if row is None else row["decision"] or "waiting",
        **_decided(row),
    )


def _decided(row: RowMapping | None) -> dict[str, Any]:
    if row is None:
        return {"since": None}
    told = altered(orjson.loads(row["said"])) if row["said"] else ()
    decided = {name: row[name] for name in ("since", "who", "decided", "until")}
    return {**decided, "differences": told}
