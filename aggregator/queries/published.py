"""Records by their keys, as a person recognises them: title and public address. Reading only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select

from aggregator.store.records import batches
from aggregator.store.sources import identity
from aggregator.store.tables import entity, record
from schema.edition import Edition

LANGUAGES: Final = ("de", "en")
"""A title is told in the first of these that it has, else in any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """How a record shows. Withdrawn ones keep their address; it answers 410."""

    title: str
    url: str
    withdrawn: datetime | None
    body: bytes


def published(
    connection: Connection, source: str, native_ids: Iterable[str]
) -> Mapping[tuple[str, str], Published]:
    """Records of a source, of any kind, by (kind, native id)."""
    edition = edition_of(connection)
    chosen = (
        select(record.c.kind, record.c.native_id, record.c.body, record.c.withdrawn, entity.c.id)
        .join(entity, entity.c.no == record.c.entity_no)
        .where(record.c.source == source)
    )
    found = {}
    for batch in batches(sorted(set(native_ids))):
        for row in connection.execute(chosen.where(record.c.native_id.in_(batch))):
            found[row.kind, row.native_id] = Published(
                title=title_of(row.body) or row.native_id,
                url=edition.url_of(row.kind, row.id),
                withdrawn=row.withdrawn,
                body=row.body,
            )
    return found


def edition_of(connection: Connection) -> Edition:
    """What public addresses are made from."""
    public_url, instance = identity(connection)
    return Edition(public_url=public_url, instance=instance)


def title_of(body: bytes) -> str | None:
    """A body → its title in one language; None where it has none, as in an editor's patch."""
    texts: dict[str, Any] = orjson.loads(body).get("title") or {}
    said = (texts.get(language) for language in (*LANGUAGES, *sorted(texts)))
    return next(filter(None, said), None)
