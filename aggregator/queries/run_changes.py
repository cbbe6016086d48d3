"""What a run changed: each record before and after it, from history. Reading only.

A record after a run is as the next later version kept it, or as it is now; before it, as the
version that the run itself kept.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, Row, and_, func, select

from aggregator.differences import Difference, differences
from aggregator.queries.published import edition_of, title_of
from aggregator.store.compression import decompress
from aggregator.store.records import batches
from aggregator.store.tables import entity, record, record_version, run
from schema.edition import Edition

Found = Row[*tuple[Any, ...]]
Became = Literal["new", "changed", "withdrawn", "returned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    """What a run did to one record."""

    kind: str
    native_id: str
    title: str
    url: str
    became: Became
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunChanges:
    """All that history still tells of a run: how many records became what, and the first of
    them."""

    counts: Mapping[Became, int]
    entries: tuple[RecordChange, ...]

    @property
    def left_out(self) -> int:
        """How many are not among the entries."""
        return sum(self.counts.values()) - len(self.entries)


def run_changes(connection: Connection, run_id: int, limit: int) -> RunChanges:
    """What a run changed, in the order records were first seen; the first `limit` in detail.
    Raises `NoResultFound` for a run that never was."""
    about = connection.execute(
        select(run.c.source, run.c.started, run.c.ended).where(run.c.id == run_id)
    ).one()
    touched = _touched(connection, run_id, about)
    edition = edition_of(connection)
    entries = islice(_detailed(connection, touched, edition), limit)
    return RunChanges(counts=dict(Counter(each.became for each in touched)), entries=tuple(entries))


@dataclass(frozen=True, slots=True)
class _Touched:
    """A record a run did something to: its number, the run that kept it as it was before, and
    the one that kept it as it was after (None: nobody did, for it was new, or is so still)."""

    no: int
    became: Became
    before: int | None
    after: int | None


def _touched(connection: Connection, run_id: int, about: Found) -> list[_Touched]:
    found = {row.no: row for row in connection.execute(_versioned(run_id))}
    fresh = select(record.c.no).where(record.c.source == about.source, record.c.first_run == run_id)
    born = set(connection.execute(fresh).scalars()) - found.keys()
    ended = set(connection.execute(_ended_silently(about)).scalars()) - found.keys() - born
    later = dict(_later(connection, run_id, [*found, *born]))
    touched = [_kept(row, later.get(no), run_id, about) for no, row in found.items()]
    touched += [_Touched(no, "new", None, _run_of(later.get(no))) for no in born]
    touched += [_Touched(no, "withdrawn", None, None) for no in ended]
    return sorted(touched, key=lambda each: each.no)


def _versioned(run_id: int) -> Any:
    return (
        select(record.c.no, record.c.withdrawn, record_version.c.withdrawn.label("was_withdrawn"))
        .join(record_version, record_version.c.record_no == record.c.no)
        .where(record_version.c.run == run_id)
    )


def _ended_silently(about: Found) -> Any:
    """Records that no raw stands for end without a version of their own."""
    ended = [record.c.withdrawn <= about.ended] if about.ended is not None else []
    return select(record.c.no).where(
        record.c.source == about.source,
        record.c.raw_key.is_(None),
        record.c.withdrawn >= about.started,
        *ended,
    )


def _later(
    connection: Connection, run_id: int, numbers: Iterable[int]
) -> Iterator[tuple[int, Found]]:
    """Record → the oldest of its versions that a later run kept."""
    version = record_version.c
    for batch in batches(numbers):
        oldest = (
            select(version.record_no, func.min(version.run).label("run"))
            .where(version.record_no.in_(batch), version.run > run_id)
            .group_by(version.record_no)
            .subquery()
        )
        same = and_(version.record_no == oldest.c.record_no, version.run == oldest.c.run)
        for row in connection.execute(
            select(version.record_no, version.run, version.withdrawn).join(oldest, same)
        ):
            yield row.record_no, row


def _kept(row: Found, later: Found | None, run_id: int, about: Found) -> _Touched:
    ended = row.withdrawn if later is None else later.withdrawn
    became: Became = "changed"
    if row.was_withdrawn is not None:
        became = "returned"
    elif ended is not None and (later is not None or _is_within(ended, about)):
        became = "withdrawn"
    return _Touched(row.no, became, run_id, _run_of(later))


def _is_within(instant: datetime, about: Found) -> bool:
    """Whether something happened while a run went on."""
    return bool(about.started <= instant and (about.ended is None or instant <= about.ended))


def _run_of(later: Found | None) -> int | None:
    return None if later is None else later.run


def _detailed(
    connection: Connection, touched: Iterable[_Touched], edition: Edition
) -> Iterator[RecordChange]:
    """One after the other, so that nobody pays for what is not shown."""
    for each in touched:
        now = connection.execute(
            select(record, entity.c.id.label("entity_id"))
            .join(entity, entity.c.no == record.c.entity_no)
            .where(record.c.no == each.no)
        ).one()
        after = _whole(now, now.body) if each.after is None else _version(connection, each, now)
        told: tuple[Difference, ...] = ()
        if each.before is not None and each.became in ("changed", "returned"):
            told = differences(_version(connection, each, now, before=True), after)
        yield RecordChange(
            kind=now.kind,
            native_id=now.native_id,
            title=title_of(after) or now.native_id,
            url=edition.url_of(now.kind, now.entity_id),
            became=each.became,
            differences=told,
        )


def _version(connection: Connection, each: _Touched, now: Found, *, before: bool = False) -> bytes:
    kept = connection.execute(
        select(record_version).where(
            record_version.c.record_no == now.no,
            record_version.c.run == (each.before if before else each.after),
        )
    ).one()
    return _whole(kept, decompress(kept.body))


def _whole(row: Found, body: bytes) -> bytes:
    """A body with what the record says of the organisation it names, as the source said it."""
    if row.ref_name is None:
        return body
    said = orjson.loads(row.said) if row.said else {}
    named = {"name": row.ref_name, "native_id": row.ref_id, **said}
    return orjson.dumps({**orjson.loads(body), "organisation": named})
