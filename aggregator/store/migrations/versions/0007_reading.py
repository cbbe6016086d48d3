"""Indexes for lists by title and by place, and lengths of occurrences, so that what goes on at a
time is found without looking at all that began before."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_entity_kind_state_sort_title_no": ("entity", ["kind", "state", "sort_title", "no"]),
    "ix_entity_kind_state_lat_lon": ("entity", ["kind", "state", "lat", "lon"]),
    "ix_occurrence_span_starts_entity_no_ends": (
        "occurrence",
        ["span", "starts", "entity_no", "ends"],
    ),
}


def upgrade() -> None:
    """Forward. Lengths are those of the longest occurrences until rows are made anew."""
    _sort_by_bytes("C")
    op.add_column(
        "occurrence", sa.Column("span", sa.SmallInteger(), nullable=False, server_default="8")
    )
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)
    op.drop_index("ix_occurrence_ends", "occurrence")


def downgrade() -> None:
    """Back to 0006."""
    op.create_index("ix_occurrence_ends", "occurrence", ["ends"])
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table)
    op.drop_column("occurrence", "span")
    _sort_by_bytes("default")


def _sort_by_bytes(collation: str) -> None:
    """Titles go by their bytes on every database, as they do on SQLite."""
    if op.get_bind().dialect.name == "postgresql":
        kind = sa.Text(collation=collation)
        op.alter_column("entity", "sort_title", type_=kind, existing_type=sa.Text())
