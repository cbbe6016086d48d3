"""Rows of kept documents. Their bytes lie in files, which `fetch/snapshots.py` owns."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, select

from aggregator.store.tables import snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDocument:
    """A document whose bytes are kept."""

    sha256: str
    url: str
    media_type: str | None
    charset: str | None
    size: int


def kept_detail(connection: Connection, source: str, about: str, stamp: str) -> KeptDocument | None:
    """The newest kept document about a record (kind/native id) as its stamp marks it."""
    row = connection.execute(
        select(snapshot)
        .where(snapshot.c.source == source, snapshot.c.about == about, snapshot.c.stamp == stamp)
        .order_by(snapshot.c.run.desc())
        .limit(1)
    ).one_or_none()
    return _kept(row)


def kept_answer(connection: Connection, source: str, asked: str) -> KeptDocument | None:
    """The newest kept answer of a source to a request."""
    return _kept(
        connection.execute(
            select(snapshot)
            .where(snapshot.c.source == source, snapshot.c.asked == asked)
            .order_by(snapshot.c.run.desc())
            .limit(1)
        ).one_or_none()
    )


def _kept(row: Row[Any] | None) -> KeptDocument | None:
    if row is None:
        return None
    return KeptDocument(
        sha256=row.sha256,
        url=row.url,
        media_type=row.media_type,
        charset=row.charset,
        size=row.size,
    )


def forget_superseded(connection: Connection, before: datetime) -> list[str]:
    """Delete rows stored before an instant that newer ones supersede; returns the sha256 whose
    bytes no row needs any more."""
    newer = snapshot.alias("newer")
    old = select(snapshot.c.sha256, snapshot.c.source, snapshot.c.about).where(
        snapshot.c.stored < before,
        exists().where(
            newer.c.source == snapshot.c.source,
            newer.c.about == snapshot.c.about,
            newer.c.run > snapshot.c.run,
        ),
    )
    dropped = set()
    for row in connection.execute(old).all():
        connection.execute(
            delete(snapshot).where(
                snapshot.c.sha256 == row.sha256,
                snapshot.c.source == row.source,
                snapshot.c.about == row.about,
            )
        )
        dropped.add(row.sha256)
    still = set(
        connection.execute(
            select(snapshot.c.sha256).where(snapshot.c.sha256.in_(dropped))
        ).scalars()
    )
    return sorted(dropped - still)
