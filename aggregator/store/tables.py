"""Every table and index, in one place. No queries.

Primary: feed, source, run, record, alias, entity (identity, state, change), record_version,
withheld, quarantine, day_count. Derived, made anew by `allmende rebuild`: document, component,
occurrence, facet, facet_entry, search_entry, search_block and the index columns of entity.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, aware UTC datetimes out, on both databases. Naive ones are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """Aware → what the driver takes. One plain function: it runs for every value of a sync."""
        return _sqlite_text if dialect.name == "sqlite" else _utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """What the driver gives → aware. One plain function, as above."""
        del coltype
        return _of_sqlite_text if dialect.name == "sqlite" else _aware


def _of_sqlite_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


def _aware(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def _utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    return value.astimezone(UTC)


@lru_cache(maxsize=1024)
def _sqlite_text(value: datetime | None) -> str | None:
    """The form SQLAlchemy reads back; fixed width, so that texts compare as times do."""
    utc = _utc(value)
    if utc is None:
        return None
    return utc.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


BigKey = BigInteger().with_variant(Integer, "sqlite")
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

feed = Table(
    "feed",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("head", BigInteger, nullable=False),  # newest change number
    Column("view", BigInteger, nullable=False),  # counts what else changes answers
    Column("last_entity", BigInteger, nullable=False),
    Column("last_record", BigInteger, nullable=False),
    Column("epoch", Text, nullable=False),  # changes on restore
    Column("instance", Uuid, nullable=False),
    Column("public_url", Text, nullable=False),
    Column("horizon", Date),  # day (UTC) up to which occurrences were last brought
)

source = Table(
    "source",
    metadata,
    Column("id", Text, primary_key=True),
    Column("facts", Text, nullable=False),  # JSON of schema.edition.Origin
    Column("connector", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("added", UtcDateTime, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("lease_owner", Text),
    Column("lease_until", UtcDateTime),
    Column("settings_hash", LargeBinary),  # of the last run that was read
    Column("validators", Text),  # JSON: what the next conditional request sends
    Column("complete_run", BigInteger),  # the last one that was whole
    Column("scope", Text),  # what it was complete for: NULL everything, JSON of Between, or null
    Column("checked", UtcDateTime),  # end of the last run of any outcome
    Column("succeeded", UtcDateTime),  # end of the last unchanged, applied or degraded run
    Column("outcome", Text),
    Column("problem", Text),  # JSON of the last failure
    Column("next_due", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("state", Text),  # JSON: the connector's cursor, at most 64 KiB
    Column("paused", Boolean, nullable=False),
    Column("paused_why", Text),  # code of the problem that stopped it; NULL: a person did
    Column("politeness", Text),  # JSON: permanent redirects seen, robots rules
    Column("reminded", UtcDateTime),  # of withheld records nobody decided about
    # Asked every second, so that it must not touch the rows, which hold much.
    Index("ix_source_due", "enabled", "paused", "next_due", "lease_until", "id"),
)

run = Table(
    "run",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("source", Text, ForeignKey("source.id"), nullable=False),
    Column("started", UtcDateTime, nullable=False),
    Column("ended", UtcDateTime),
    Column("cause", Text),  # schedule, request, replay, rollback; NULL: before it was noted
    Column("outcome", Text),
    Column("counts", Text),  # JSON
    Column("problem", Text),  # JSON
    Column("findings", Text),  # JSON: counts and first examples by code
    Column("stages", Text),  # JSON: seconds by stage
    Column("held", Text),  # JSON: [kind, native id, what] of what it held back
    Index(None, "source", "id"),
    Index("ix_run_open", "source", "ended"),
)

record = Table(
    "record",
    metadata,
    Column("no", BigKey, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("native_id", Text, nullable=False),
    Column("raw_key", Text),  # NULL: derived from other records
    Column("fingerprint", LargeBinary),
    Column("stamp", Text),
    Column("mapping", LargeBinary),  # digest of connector version and settings
    Column("body", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # of body and mention
    Column("ref_id", Text),
    Column("ref_name", Text),
    Column("ref_fold", Text),
    Column("said", LargeBinary),
    Column("entity_no", BigInteger, nullable=False),
    Column("fetched", UtcDateTime, nullable=False),  # when the body last changed
    Column("until", UtcDateTime),  # an editor's decision expires
    Column("missing_since", UtcDateTime),
    Column("withdrawn", UtcDateTime),
    Column("withheld", UtcDateTime),  # since when a removal or change of it is held back
    Column("first_run", BigInteger),  # the run that brought it; NULL: before it was noted
    Column("starts", UtcDateTime),  # of all occurrences; NULL: it has no time
    Column("ends", UtcDateTime),  # NULL: no time, or without end
    Column("likeness", LargeBinary),  # what it is recognised by under another id
    UniqueConstraint("source", "kind", "native_id"),
    Index(None, "entity_no"),
    Index(None, "source", "missing_since"),
    Index(None, "source", "ref_fold"),
    Index(None, "source", "ref_id"),
    Index(None, "source", "first_run"),
    Index(None, "until"),
)

alias = Table(
    "alias",
    metadata,
    Column("source", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("old_native_id", Text, primary_key=True),
    Column("native_id", Text, nullable=False),
)

entity = Table(
    "entity",
    metadata,
    Column("no", BigKey, primary_key=True, autoincrement=False),
    Column("id", Uuid, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),  # live, withdrawn, merged, erased
    Column("change", BigInteger, nullable=False, unique=True),
    Column("created", UtcDateTime, nullable=False),
    Column("modified", UtcDateTime, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # decides "changed"
    Column("inputs", LargeBinary, nullable=False),  # what the document was rendered from
    Column("first_key", Text, nullable=False),
    Column("merged_into", Uuid),
    Column("ref_entity", Uuid),  # the organisation it shows
    Column("sort_title", Text().with_variant(Text(collation="C"), "postgresql")),  # by its bytes
    Column("status", Text),
    Column("commitment", Text),
    Column("lat", Float),
    Column("lon", Float),
    Column("postal_code", Text),
    Column("locality", Text),
    Column("first", Date),
    Column("last", Date),
    Column("source_modified", UtcDateTime),
    Column("starts", UtcDateTime),
    Column("ends", UtcDateTime),  # NULL: it has no time, or no end
    Column("truncated", Boolean),  # has more occurrences than are kept
    Index(None, "kind", "state", "change"),
    Index(None, "kind", "state", "modified"),
    Index(None, "kind", "state", "sort_title", "no"),
    Index(None, "kind", "state", "lat", "lon"),
)

facet = Table(
    "facet",
    metadata,
    Column("id", BigKey, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),  # of the filter; "" = all of the kind, without entries
    Column("value", Text, nullable=False),
    Column("n", BigInteger, nullable=False),  # live entities that have it
    UniqueConstraint("kind", "name", "value"),
)

facet_entry = Table(
    "facet_entry",
    metadata,
    Column("facet", BigInteger, primary_key=True, autoincrement=False),
    Column("change", BigInteger, primary_key=True, autoincrement=False),  # as in entity
    Column("entity_no", BigInteger, nullable=False),
    Index(None, "entity_no"),
    sqlite_with_rowid=False,  # read by facet, newest change first: no second look-up
)

document = Table(
    "document",
    metadata,
    Column("entity_no", BigKey, primary_key=True, autoincrement=False),
    Column("json", LargeBinary, nullable=False),
)

component = Table(
    "component",
    metadata,
    Column("entity_no", BigInteger, primary_key=True, autoincrement=False),
    Column("language", Text, primary_key=True),
    Column("ics", LargeBinary, nullable=False),  # VEVENTs in this language, lines folded
    Column("zones", Text, nullable=False),  # the zones they name, one space between
)

occurrence = Table(
    "occurrence",
    metadata,
    Column("entity_no", BigInteger, primary_key=True, autoincrement=False),
    Column("recurrence_id", Text, primary_key=True),  # original start: wall time or date
    Column("starts", UtcDateTime, nullable=False),
    Column("ends", UtcDateTime, nullable=False),
    Column("wall_start", Text, nullable=False),
    Column("wall_end", Text),
    Column("zone", Text, nullable=False),
    Column("all_day", Boolean, nullable=False),
    Column("status", Text),  # where it has one of its own; NULL: as the event
    Column("span", SmallInteger, nullable=False, server_default="8"),  # how long, in few classes
    Index(None, "starts", "entity_no", "ends"),
    Index(None, "entity_no", "starts"),
    Index(None, "span", "starts", "entity_no", "ends"),
)

record_version = Table(
    "record_version",
    metadata,
    Column("record_no", BigInteger, primary_key=True, autoincrement=False),
    Column("run", BigInteger, primary_key=True, autoincrement=False),
    Column("superseded", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),  # zstd
    Column("withdrawn", UtcDateTime),  # as it was before the run
    Column("ref_id", Text),
    Column("ref_name", Text),
    Column("ref_fold", Text),
    Column("said", LargeBinary),
    Index(None, "run"),
)

withheld = Table(
    "withheld",
    metadata,
    Column("source", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("native_id", Text, primary_key=True),
    Column("what", Text, primary_key=True),  # removal, change
    Column("fingerprint", LargeBinary),  # of the raw whose change is held back
    Column("said", Text),  # JSON: field -> [as published, as the source says now]
    Column("since", UtcDateTime, nullable=False),
    Column("run", BigInteger, nullable=False),  # the first that held it back
    Column("decision", Text),  # approved, rejected; NULL: nobody decided
    Column("who", Text),
    Column("decided", UtcDateTime),
    Column("until", UtcDateTime),  # an approval's end
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("source", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("locator", Text, primary_key=True),
    Column("raw_key", Text),
    Column("fingerprint", LargeBinary),
    Column("problems", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),  # zstd
    Column("first_run", BigInteger, nullable=False),
    Column("last_run", BigInteger, nullable=False),
)

day_count = Table(
    "day_count",
    metadata,
    Column("day", Date, primary_key=True),  # in the instance's zone
    Column("source", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("status", Text, primary_key=True),  # "" where the kind has none
    Column("n", BigInteger, nullable=False),
)

day_term_count = Table(
    "day_term_count",
    metadata,
    Column("day", Date, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("term", Text, primary_key=True),  # "" = unmapped
    Column("n", BigInteger, nullable=False),
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("about", Text, primary_key=True),  # "" a listing; kind/native id of a detail
    Column("stamp", Text),  # of the record a detail belongs to
    Column("asked", Text),  # the request it answers, its secrets as references
    Column("run", BigInteger, nullable=False),
    Column("url", Text, nullable=False),  # without secrets
    Column("media_type", Text),
    Column("charset", Text),
    Column("size", BigInteger, nullable=False),
    Column("stored", UtcDateTime, nullable=False),
    Index(None, "source", "about"),
    Index(None, "stored"),
)

search_entry = Table(
    "search_entry",
    metadata,
    Column("entity_no", BigKey, primary_key=True, autoincrement=False),  # live ones
    Column("marks", Text, nullable=False),  # kind and categories
    Column("words", Text, nullable=False),  # three lines, see schema.searching
)

search_block = Table(
    "search_block",
    metadata,
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("gram", Integer, primary_key=True, autoincrement=False),  # piece of a word
    Column("bits", LargeBinary, nullable=False),  # which of the block's entities have it
    sqlite_with_rowid=False,
)

search_segment = Table(
    "search_segment",
    metadata,
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("upto", BigInteger, nullable=False),  # entities up to this number are in the block
)
