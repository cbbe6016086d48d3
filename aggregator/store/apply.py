"""Carry a Plan out, chunk by chunk. Each function here is one transaction; none decides.

Always in this order: fence, `feed` lock, records, entities and documents, counts, `feed` row. So
every chunk leaves a consistent public state and change numbers follow commit order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from aggregator.harvest import Mention, Spool
from aggregator.merge import EDITOR
from aggregator.plan import Head, Mark, Put, Removal, Rerender, Step, Touch
from aggregator.store.changes import advance, fence, lock
from aggregator.store.compression import compress
from aggregator.store.counting import count
from aggregator.store.entities import Frame, Ledger, Part, Standing, end, load, part_of, settle
from aggregator.store.records import batches
from aggregator.store.tables import alias, entity, record
from aggregator.store.writes import Writes, flush, upsert
from aggregator.working.clock import Clock
from schema import Index
from schema.edition import Edition, Origin
from schema.formats.json import Target

PRESENT: dict[str, Any] = {"missing_since": None, "withdrawn": None, "withheld": None}
"""What a listed record is again, whatever it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Whose Plan is applied, under which fence, and what rendering needs."""

    source: str
    fence: int
    run: int
    mapping: bytes | None
    spool: Spool
    edition: Edition
    origins: Mapping[str, Origin]
    clock: Clock
    zone: ZoneInfo


@dataclass(slots=True)
class Work:
    """One transaction in the making."""

    errand: Errand
    ledger: Ledger
    standings: dict[int, Standing]
    indexes: dict[int, Index]
    taken: frozenset[UUID] = frozenset()
    """Public ids that new records would be given, had others not been given them before."""

    @property
    def now(self) -> datetime:
        """The transaction's time."""
        return self.ledger.frame.now

    @property
    def writes(self) -> Writes:
        """The rows to come."""
        return self.ledger.writes


def apply_steps(connection: Connection, errand: Errand, steps: Sequence[Step]) -> None:
    """One chunk of a plan. Raises `LeaseLost` when the source is no longer ours."""
    work = open_work(connection, errand, _entity_nos(steps))
    work.taken = _taken(connection, errand, steps)
    for step in steps:
        match step:
            case Put():
                _put(connection, work, step)
            case Touch():
                _touch(work, step)
            case Rerender():
                work.standings[step.entity_no].ref_entity = _entity_of(step.target)
            case Mark():
                _mark(work, step)
            case Head():
                work.writes.touched_records.append({"key": step.no, "missing_since": None})
    close_work(connection, work)


def apply_removals(
    connection: Connection, work: Work, missing: Iterable[Head], removals: Sequence[Removal]
) -> None:
    """Mark what is missing and end what ends, inside a transaction opened by `open_work`."""
    survivors = _survivors(connection, removals)
    work.standings |= load(connection, set(survivors.values()) - work.standings.keys())
    for head in missing:
        work.writes.touched_records.append({"key": head.no, "missing_since": work.now})
    for removal in removals:
        head = removal.head
        work.writes.changed_records.append({"key": head.no, "withdrawn": work.now})
        standing = work.standings[head.entity_no]
        part = standing.parts.pop(head.no, None)
        if part is not None and head.raw_key is not None:
            work.writes.versions.append(_version(work, part))
        if removal.into is None:
            continue
        end(standing, "merged", removal.into, work.ledger)
        survivor = work.standings[survivors[removal.into]]
        survivor.digest = b""  # its change-feed item gains previousIds: it counts as changed


def open_work(connection: Connection, errand: Errand, entity_nos: Iterable[int]) -> Work:
    """Fence, lock, load what the chunk touches."""
    fence(connection, errand.source, errand.fence)
    numbers = lock(connection)
    now = errand.clock.now(connection)
    frame = Frame(edition=errand.edition, origins=errand.origins, now=now)
    ledger = Ledger(frame, numbers, Writes())
    return Work(errand, ledger, load(connection, entity_nos), {})


def close_work(connection: Connection, work: Work) -> None:
    """Settle every entity in work, write all rows, move the feed on."""
    for no, standing in work.standings.items():
        settle(standing, work.indexes.get(no), work.ledger)
    flush(connection, work.writes)
    count(connection, work.writes, work.now.astimezone(work.errand.zone).date())
    advance(connection, work.ledger.numbers)


def removal_entities(removals: Iterable[Removal]) -> list[int]:
    """Entities that removals touch."""
    return [removal.head.entity_no for removal in removals]


def _survivors(connection: Connection, removals: Iterable[Removal]) -> dict[UUID, int]:
    wanted = [removal.into for removal in removals if removal.into is not None]
    if not wanted:
        return {}
    rows = connection.execute(select(entity.c.id, entity.c.no).where(entity.c.id.in_(wanted)))
    return {row.id: row.no for row in rows}


def _entity_nos(steps: Sequence[Step]) -> list[int]:
    nos = []
    for step in steps:
        match step:
            case Put(head=Head() as head):
                nos.append(head.entity_no)
            case Put(edits=int() as number):
                nos.append(number)
            case Rerender():
                nos.append(step.entity_no)
            case Mark():
                nos.append(step.head.entity_no)
    return nos


def _entity_of(target: Target | None) -> UUID | None:
    return target.entity if target else None


def _put(connection: Connection, work: Work, put: Put) -> None:
    standing = _standing_of(work, put)
    number = put.head.no if put.head else work.ledger.numbers.record()
    former = standing.parts.get(number)
    part = standing.parts[number] = _part(work, put, number, former)
    if put.index is not None:
        work.indexes[standing.no] = put.index
    row = _record_row(work, put, part, standing.no)
    if put.head is None:
        work.writes.new_records.append({"no": number, "first_run": work.errand.run, **row})
        return
    work.writes.changed_records.append({"key": number, **row, **PRESENT})
    if put.head.withdrawn is not None:
        work.writes.versions.append(_version(work, _buried(connection, number), put.head.withdrawn))
    elif former is not None and former.digest != part.digest:
        work.writes.versions.append(_version(work, former))
    if put.was is not None:
        _rename(connection, work, put)


def _mark(work: Work, mark: Mark) -> None:
    head = mark.head
    since = work.now if mark.withheld else None
    work.writes.touched_records.append({"key": head.no, "withheld": since})
    parts = work.standings[head.entity_no].parts
    if head.no in parts:
        parts[head.no] = replace(parts[head.no], withheld=mark.withheld)


def _part(work: Work, put: Put, number: int, former: Part | None) -> Part:
    """What the record says now; what it said before already was fetched then."""
    stands = former is not None and former.digest == put.digest
    return Part(
        record_no=number,
        source=work.errand.source,
        native_id=put.native_id,
        body=work.errand.spool.get(put.body),
        digest=put.digest,
        fetched=former.fetched if former and stands else work.now,
        mention=put.mention,
    )


def _standing_of(work: Work, put: Put) -> Standing:
    """The entity a record belongs to: an editor's record changes no reference of it."""
    if work.errand.source == EDITOR:
        number = put.head.entity_no if put.head else put.edits
        assert number is not None
        return work.standings[number]
    standing = work.standings[put.head.entity_no] if put.head else _born(work, put)
    standing.ref_entity = _entity_of(put.target)
    return standing


def _taken(connection: Connection, errand: Errand, steps: Iterable[Step]) -> frozenset[UUID]:
    """Ids of records that were recognised under other ids since, whose own id comes anew."""
    wanted = [
        uuid5(errand.edition.instance, step.entity_key)
        for step in steps
        if isinstance(step, Put) and step.head is None and step.likeness is not None
    ]
    found = frozenset[UUID]()
    for batch in batches(wanted):
        rows = connection.execute(select(entity.c.id).where(entity.c.id.in_(batch)))
        found |= frozenset(rows.scalars())
    return found


def _born(work: Work, put: Put) -> Standing:
    number, key = work.ledger.numbers.entity(), put.entity_key
    if uuid5(work.errand.edition.instance, key) in work.taken:
        key = f"{key}~{number}"
    standing = Standing(
        no=number,
        id=uuid5(work.errand.edition.instance, key),
        kind=put.kind,
        state="live",
        created=work.now,
        digest=b"",
        first_key=key,
        ref_entity=None,
        is_new=True,
    )
    work.standings[standing.no] = standing
    return standing


def _record_row(work: Work, put: Put, part: Part, entity_no: int) -> dict[str, Any]:
    return {
        "source": work.errand.source,
        "kind": put.kind,
        "native_id": put.native_id,
        "raw_key": put.raw_key,
        "fingerprint": put.fingerprint,
        "stamp": put.stamp,
        "mapping": work.errand.mapping,
        "body": part.body,
        "digest": put.digest,
        **_mentioning(put.mention),
        "entity_no": entity_no,
        "fetched": part.fetched,
        "until": put.until,
        "starts": put.index.starts if put.index else None,
        "ends": put.index.ends if put.index else None,
        "likeness": put.likeness,
    }


def _mentioning(mention: Mention | None) -> dict[str, Any]:
    return {
        "ref_id": mention.native_id if mention else None,
        "ref_name": mention.name if mention else None,
        "ref_fold": mention.fold if mention else None,
        "said": mention.said if mention else None,
    }


def _touch(work: Work, touch: Touch) -> None:
    work.writes.changed_records.append(
        {
            "key": touch.head.no,
            "native_id": touch.head.native_id,
            "raw_key": touch.raw_key,
            "fingerprint": touch.fingerprint,
            "stamp": touch.stamp,
            "mapping": work.errand.mapping,
        }
    )


def _buried(connection: Connection, number: int) -> Part:
    """A withdrawn record as it was."""
    return part_of(connection.execute(select(record).where(record.c.no == number)).one())


def _version(work: Work, former: Part, withdrawn: datetime | None = None) -> dict[str, Any]:
    return {
        "record_no": former.record_no,
        "run": work.errand.run,
        "superseded": work.now,
        "body": compress(former.body),
        "withdrawn": withdrawn,
        **_mentioning(former.mention),
    }


def _rename(connection: Connection, work: Work, put: Put) -> None:
    row = {
        "source": work.errand.source,
        "kind": put.kind,
        "old_native_id": put.was,
        "native_id": put.native_id,
    }
    upsert(connection, alias, ("source", "kind", "old_native_id"), [row])
