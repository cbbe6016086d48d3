"""Reading records: heads for deciding, mentions for resolving, bodies for rendering."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, or_, select

from aggregator.harvest import Mention
from aggregator.merge import EDITOR
from aggregator.plan import Head
from aggregator.references import Mentioning
from aggregator.store.tables import alias, entity, quarantine, record
from schema.identity import UNNAMED

BATCH = 500
"""How many values one IN list holds; SQLite allows few thousand variables."""

_HEAD = (
    record.c.no, record.c.kind, record.c.native_id, record.c.raw_key, record.c.fingerprint,
    record.c.digest, record.c.stamp, record.c.mapping, record.c.entity_no,
    record.c.missing_since, record.c.withdrawn, record.c.withheld,
    record.c.starts, record.c.ends, record.c.likeness,
)  # fmt: skip
_HEAD_NAMES = tuple(column.name for column in _HEAD)


def batches(values: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """Values → lists of at most `size`."""
    pending: list[Any] = []
    for value in values:
        pending.append(value)
        if len(pending) == size:
            yield pending
            pending = []
    if pending:
        yield pending


def heads(connection: Connection, source: str) -> dict[tuple[str, str], Head]:
    """Every record of a source that a connector made, by (kind, native id)."""
    rows = connection.execute(
        select(*_HEAD).where(record.c.source == source, record.c.raw_key.is_not(None))
    )
    return {(row[1], row[2]): _head(row) for row in rows}


def _head(row: Row[*tuple[Any, ...]]) -> Head:
    return Head(**dict(zip(_HEAD_NAMES, row[: len(_HEAD_NAMES)], strict=True)))


def bodies(connection: Connection, numbers: Sequence[int]) -> dict[int, bytes]:
    """Record numbers → their bodies."""
    found: dict[int, bytes] = {}
    for batch in batches(numbers):
        rows = connection.execute(select(record.c.no, record.c.body).where(record.c.no.in_(batch)))
        found |= {row.no: row.body for row in rows}
    return found


def editor_heads(connection: Connection, native_ids: Sequence[str]) -> dict[str, Head]:
    """Editors' records by the id of the entity they belong to, withdrawn ones too."""
    rows = connection.execute(
        select(*_HEAD).where(record.c.source == EDITOR, record.c.native_id.in_(native_ids))
    )
    return {row.native_id: _head(row) for row in rows}


def expired(connection: Connection, now: datetime) -> list[Head]:
    """Editors' records whose time is over."""
    rows = connection.execute(
        select(*_HEAD).where(
            record.c.source == EDITOR, record.c.until <= now, record.c.withdrawn.is_(None)
        )
    )
    return [_head(row) for row in rows]


def overdue(connection: Connection, source: str, now: datetime, grace: timedelta) -> int:
    """How many records of a source have been missing for `grace` or longer. What is over is not
    waited for."""
    return connection.execute(
        select(func.count())
        .select_from(record)
        .where(
            record.c.source == source,
            record.c.missing_since <= now - grace,
            or_(record.c.ends.is_(None), record.c.ends >= now),
            record.c.withdrawn.is_(None),
        )
    ).scalar_one()


def fingerprints(connection: Connection, source: str) -> list[tuple[str, str, bytes]]:
    """(kind, raw key, fingerprint) of what need not be mapped again: live records, then
    quarantined raws, whose fingerprint is the newer one."""
    live = connection.execute(
        select(record.c.kind, record.c.raw_key, record.c.fingerprint).where(
            record.c.source == source,
            record.c.raw_key.is_not(None),
            record.c.fingerprint.is_not(None),
            record.c.withdrawn.is_(None),
        )
    )
    refused = connection.execute(
        select(quarantine.c.kind, quarantine.c.raw_key, quarantine.c.fingerprint).where(
            quarantine.c.source == source,
            quarantine.c.raw_key.is_not(None),
            quarantine.c.fingerprint.is_not(None),
        )
    )
    known = {(kind, key): mark for rows in (live, refused) for kind, key, mark in rows}
    return [(kind, key, mark) for (kind, key), mark in known.items()]


def aliases(connection: Connection, source: str) -> dict[str, str]:
    """Former native id of an organisation → the one that took it over."""
    rows = connection.execute(
        select(alias.c.old_native_id, alias.c.native_id).where(
            alias.c.source == source, alias.c.kind == "organisation"
        )
    )
    return {row.old_native_id: row.native_id for row in rows}


StoredMention = tuple[Mentioning, int, int, UUID | None]
"""A mention with the record no, entity no and shown organisation of its record."""


def mentions_around(
    connection: Connection,
    source: str,
    folds: set[str],
    ids: set[str],
    former: Mapping[str, str],
) -> list[StoredMention]:
    """Live mentions connected with these folded names and ids, over as many steps as it takes.

    Two mentions are connected when they share a folded name or an id; an id that took a name
    over (`former`) is connected with it, both ways.
    """
    names: dict[str, set[str]] = {}
    for old, new in former.items():
        names.setdefault(new, set()).add(old.removeprefix(UNNAMED))
    found: dict[int, StoredMention] = {}
    seen_folds: set[str] = set()
    seen_ids: set[str] = set()
    while (new_folds := folds - seen_folds) or (ids - seen_ids):
        ids = ids | {former[key] for f in new_folds if (key := UNNAMED + f) in former}
        new_ids = ids - seen_ids
        seen_folds |= new_folds
        seen_ids |= new_ids
        folds = folds.union(*(names[i] for i in new_ids & names.keys()))
        for row in _mentions(connection, source, new_folds, new_ids):
            found[row[1]] = row
            mention = row[0].mention
            folds = folds | {mention.fold}
            ids = ids | ({mention.native_id} if mention.native_id else set())
    return list(found.values())


def _mentions(
    connection: Connection, source: str, folds: set[str], ids: set[str]
) -> Iterator[StoredMention]:
    columns = (
        record.c.no, record.c.entity_no, entity.c.ref_entity, record.c.kind, record.c.native_id,
        record.c.stamp, record.c.ref_id, record.c.ref_name, record.c.ref_fold, record.c.said,
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(entity, entity.c.no == record.c.entity_no)
        .where(
            record.c.source == source, record.c.ref_fold.is_not(None), record.c.withdrawn.is_(None)
        )
    )
    for column, values in ((record.c.ref_fold, folds), (record.c.ref_id, ids)):
        for batch in batches(sorted(values)):
            yield from map(_stored_mention, connection.execute(statement.where(column.in_(batch))))


def _stored_mention(row: Row[*tuple[Any, ...]]) -> StoredMention:
    mention = Mention(native_id=row.ref_id, name=row.ref_name, fold=row.ref_fold, said=row.said)
    mentioning = Mentioning(key=(row.kind, row.native_id), mention=mention, stamp=row.stamp)
    return mentioning, row.no, row.entity_no, row.ref_entity


def mentioned_by(connection: Connection, record_nos: Iterable[int]) -> tuple[set[str], set[str]]:
    """Stored records → the folded names and the ids they mention."""
    folds: set[str] = set()
    ids: set[str] = set()
    for batch in batches(record_nos):
        for fold, native_id in connection.execute(
            select(record.c.ref_fold, record.c.ref_id).where(
                record.c.no.in_(batch), record.c.ref_fold.is_not(None)
            )
        ):
            folds.add(fold)
            if native_id is not None:
                ids.add(native_id)
    return folds, ids


def all_names(connection: Connection, source: str) -> set[str]:
    """Every folded name that live records of a source mention."""
    rows = connection.execute(
        select(record.c.ref_fold)
        .where(
            record.c.source == source, record.c.ref_fold.is_not(None), record.c.withdrawn.is_(None)
        )
        .distinct()
    )
    return set(rows.scalars())


def all_organisations(connection: Connection, source: str) -> set[str]:
    """Native ids of every derived organisation of a source, withdrawn ones too."""
    rows = connection.execute(
        select(record.c.native_id).where(
            record.c.source == source, record.c.kind == "organisation", record.c.raw_key.is_(None)
        )
    )
    return set(rows.scalars())


def organisations(
    connection: Connection, source: str, native_ids: Iterable[str]
) -> dict[str, tuple[Head, UUID]]:
    """Derived organisations of a source by native id, withdrawn ones too, with entity ids."""
    statement = (
        select(*_HEAD, entity.c.id)
        .join(entity, entity.c.no == record.c.entity_no)
        .where(
            record.c.source == source,
            record.c.kind == "organisation",
            record.c.raw_key.is_(None),
        )
    )
    found: dict[str, tuple[Head, UUID]] = {}
    for batch in batches(sorted(set(native_ids))):
        rows = connection.execute(statement.where(record.c.native_id.in_(batch)))
        found |= {row.native_id: (_head(row), row.id) for row in rows}
    return found


def quarantined(
    connection: Connection, source: str
) -> tuple[dict[tuple[str, str], str], tuple[tuple[str, str], ...]]:
    """Quarantine rows: (kind, raw key) → locator, and (kind, locator) of those without a key."""
    keyed: dict[tuple[str, str], str] = {}
    unkeyed: list[tuple[str, str]] = []
    for kind, raw_key, locator in connection.execute(
        select(quarantine.c.kind, quarantine.c.raw_key, quarantine.c.locator).where(
            quarantine.c.source == source
        )
    ):
        if raw_key is None:
            unkeyed.append((kind, locator))
        else:
            keyed[kind, raw_key] = locator
    return keyed, tuple(unkeyed)


@dataclass(frozen=True, slots=True)
class Stored:
    """What decides whether details must be fetched again."""

    stamp: str | None
    mapping: bytes | None
    raw_key: str


def stored_stamps(connection: Connection, source: str) -> dict[tuple[str, str], Stored]:
    """(kind, native id) → stamp, mapping and raw key of a source's live records."""
    rows = connection.execute(
        select(
            record.c.kind, record.c.native_id, record.c.stamp, record.c.mapping, record.c.raw_key
        ).where(
            record.c.source == source,
            record.c.raw_key.is_not(None),
            record.c.withdrawn.is_(None),
        )
    )
    return {(row[0], row[1]): Stored(row[2], row[3], row[4]) for row in rows}
