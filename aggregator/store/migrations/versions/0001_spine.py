"""The spine: feed, sources, runs, records, entities and their documents."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = (
    "alias",
    "day_count",
    "day_term_count",
    "document",
    "entity",
    "entity_term",
    "feed",
    "quarantine",
    "record",
    "record_version",
    "snapshot",
    "source",
    "total",
    "run",
)


def upgrade() -> None:
    """Forward."""
    _create_alias()
    _create_day_count()
    _create_day_term_count()
    _create_document()
    _create_entity()
    _create_entity_term()
    _create_feed()
    _create_quarantine()
    _create_record()
    _create_record_version()
    _create_snapshot()
    _create_source()
    _create_total()
    _create_run()


def downgrade() -> None:
    """Back to nothing."""
    for name in reversed(TABLES):
        op.drop_table(name)


def _create_alias() -> None:
    op.create_table(
        "alias",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("old_native_id", sa.Text(), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "kind", "old_native_id", name="pk_alias"),
    )


def _create_day_count() -> None:
    op.create_table(
        "day_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "source", "kind", "status", name="pk_day_count"),
    )


def _create_day_term_count() -> None:
    op.create_table(
        "day_term_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "source", "kind", "term", name="pk_day_term_count"),
    )


def _create_document() -> None:
    op.create_table(
        "document",
        sa.Column("entity_no", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("json", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entity_no", name="pk_document"),
    )


def _create_entity() -> None:
    op.create_table(
        "entity",
        sa.Column("no", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("modified", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("inputs", sa.LargeBinary(), nullable=False),
        sa.Column("first_key", sa.Text(), nullable=False),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("ref_entity", sa.Uuid(), nullable=True),
        sa.Column("sort_title", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("commitment", sa.Text(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("source_modified", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("no", name="pk_entity"),
        sa.UniqueConstraint("change", name="uq_entity_change"),
        sa.UniqueConstraint("id", name="uq_entity_id"),
    )
    op.create_index(
        "ix_entity_kind_state_change", "entity", ["kind", "state", "change"], unique=False
    )
    op.create_index(
        "ix_entity_kind_state_modified", "entity", ["kind", "state", "modified"], unique=False
    )


def _create_entity_term() -> None:
    op.create_table(
        "entity_term",
        sa.Column("entity_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entity_no", "term", name="pk_entity_term"),
    )
    op.create_index(
        "ix_entity_term_term_entity_no", "entity_term", ["term", "entity_no"], unique=False
    )


def _create_feed() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("view", sa.BigInteger(), nullable=False),
        sa.Column("last_entity", sa.BigInteger(), nullable=False),
        sa.Column("last_record", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("instance", sa.Uuid(), nullable=False),
        sa.Column("public_url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
    )


def _create_quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.Column("raw_key", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("first_run", sa.BigInteger(), nullable=False),
        sa.Column("last_run", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "kind", "locator", name="pk_quarantine"),
    )


def _create_record() -> None:
    op.create_table(
        "record",
        sa.Column("no", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.Column("raw_key", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=True),
        sa.Column("stamp", sa.Text(), nullable=True),
        sa.Column("mapping", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("ref_id", sa.Text(), nullable=True),
        sa.Column("ref_name", sa.Text(), nullable=True),
        sa.Column("ref_fold", sa.Text(), nullable=True),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        sa.Column("entity_no", sa.BigInteger(), nullable=False),
        sa.Column("fetched", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("no", name="pk_record"),
        sa.UniqueConstraint("source", "kind", "native_id", name="uq_record_source_kind_native_id"),
    )
    op.create_index("ix_record_entity_no", "record", ["entity_no"], unique=False)
    op.create_index(
        "ix_record_source_missing_since", "record", ["source", "missing_since"], unique=False
    )
    op.create_index("ix_record_source_ref_fold", "record", ["source", "ref_fold"], unique=False)
    op.create_index("ix_record_source_ref_id", "record", ["source", "ref_id"], unique=False)
    op.create_index("ix_record_until", "record", ["until"], unique=False)


def _create_record_version() -> None:
    op.create_table(
        "record_version",
        sa.Column("record_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("run", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("superseded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("record_no", "run", name="pk_record_version"),
    )


def _create_snapshot() -> None:
    op.create_table(
        "snapshot",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=True),
        sa.Column("run", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("charset", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("stored", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "source", "about", name="pk_snapshot"),
    )
    op.create_index("ix_snapshot_source_about", "snapshot", ["source", "about"], unique=False)
    op.create_index("ix_snapshot_stored", "snapshot", ["stored"], unique=False)


def _create_source() -> None:
    op.create_table(
        "source",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("connector", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("added", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settings_hash", sa.LargeBinary(), nullable=True),
        sa.Column("validators", sa.Text(), nullable=True),
        sa.Column("complete_run", sa.BigInteger(), nullable=True),
        sa.Column("checked", sa.DateTime(timezone=True), nullable=True),
        sa.Column("succeeded", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
    )


def _create_total() -> None:
    op.create_table(
        "total",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "filter", name="pk_total"),
    )


def _create_run() -> None:
    op.create_table(
        "run",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("counts", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("stages", sa.Text(), nullable=True),
        sa.Column("held", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name="fk_run_source"),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_index("ix_run_open", "run", ["source", "ended"], unique=False)
    op.create_index("ix_run_source_id", "run", ["source", "id"], unique=False)
