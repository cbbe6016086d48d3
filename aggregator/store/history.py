"""What a source's records were before a run: its history turned into a harvest. Decides nothing.

Compared and applied like any other harvest, that harvest takes the run back, and whatever later
runs of the source did to the same records.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, or_, select

from aggregator.harvest import Batch, Draft, Harvest
from aggregator.store.compression import decompress
from aggregator.store.entities import mention_of
from aggregator.store.tables import record, record_version, run
from schema import decode
from schema.identity import recognised_by
from schema.index import index_of

NOT_KNOWN = b""
"""The fingerprint of what no raw said: the next visit maps its raw anew."""


def before(connection: Connection, source: str, run_id: int) -> Harvest:
    """Every record a run or later ones of its source touched, as it was before: drafts of what
    it said, `gone` for what did not exist, `same` for what was merely marked (missing,
    withheld)."""
    started = connection.execute(select(run.c.started).where(run.c.id == run_id)).scalar_one()
    drafts, gone, marked = [], [], []
    for row in _touched(connection, source, run_id, started):
        version = _version_before(connection, row.no, run_id)
        if (row.first_run or 0) >= run_id or (version and version.withdrawn is not None):
            gone.append((row.kind, row.native_id))
        elif version is not None:
            drafts.append(_draft(row, version, decompress(version.body)))
        else:
            marked.append(row)
    # A raw may have given several records: those that were merely marked stand beside the others.
    split = {(draft.kind, draft.raw_key) for draft in drafts}
    drafts += [_draft(row, row, row.body) for row in marked if (row.kind, row.raw_key) in split]
    same = dict.fromkeys((row.kind, row.raw_key) for row in marked)
    harvest = Harvest()
    harvest.add(
        Batch(
            drafts=tuple(drafts),
            gone=tuple(gone),
            same=tuple(key for key in same if key not in split),
        )
    )
    return harvest


def _touched(
    connection: Connection, source: str, run_id: int, started: datetime
) -> Iterable[Row[Any]]:
    versioned = exists().where(
        record_version.c.record_no == record.c.no, record_version.c.run >= run_id
    )
    return connection.execute(
        select(record)
        .where(
            record.c.source == source,
            record.c.raw_key.is_not(None),
            or_(
                versioned,
                record.c.first_run >= run_id,
                record.c.missing_since >= started,
                record.c.withheld >= started,
            ),
        )
        .order_by(record.c.no)
    ).all()


def _version_before(connection: Connection, record_no: int, run_id: int) -> Row[Any] | None:
    return connection.execute(
        select(record_version)
        .where(record_version.c.record_no == record_no, record_version.c.run >= run_id)
        .order_by(record_version.c.run)
        .limit(1)
    ).one_or_none()


def _draft(row: Row[Any], mentions: Row[Any], body: bytes) -> Draft:
    said = decode(row.kind, row.native_id, body)
    return Draft(
        kind=row.kind,
        native_id=row.native_id,
        raw_key=row.raw_key,
        fingerprint=NOT_KNOWN,
        body=body,
        index=index_of(said),
        mention=mention_of(mentions),
        likeness=recognised_by(said),
    )
