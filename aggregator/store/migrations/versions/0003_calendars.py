"""Events: their extent, their occurrences, their calendar components; words to search for."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
ADDED: dict[str, dict[str, Any]] = {
    "feed": {"horizon": sa.Date()},
    "source": {"scope": sa.Text()},
    "record": {"starts": TIME, "ends": TIME, "likeness": sa.LargeBinary()},
    "entity": {"starts": TIME, "ends": TIME, "truncated": sa.Boolean(), "words": sa.Text()},
}


def upgrade() -> None:
    """Forward."""
    for table, columns in ADDED.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind))
    op.create_table(
        "component",
        sa.Column("entity_no", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("ics", sa.LargeBinary(), nullable=False),
        sa.Column("zones", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entity_no", "language", name="pk_component"),
    )
    op.create_table(
        "occurrence",
        sa.Column("entity_no", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("recurrence_id", sa.Text(), nullable=False),
        sa.Column("starts", TIME, nullable=False),
        sa.Column("ends", TIME, nullable=False),
        sa.Column("wall_start", sa.Text(), nullable=False),
        sa.Column("wall_end", sa.Text()),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text()),
        sa.PrimaryKeyConstraint("entity_no", "recurrence_id", name="pk_occurrence"),
    )
    op.create_index(
        "ix_occurrence_starts_entity_no_ends", "occurrence", ["starts", "entity_no", "ends"]
    )
    op.create_index("ix_occurrence_entity_no_starts", "occurrence", ["entity_no", "starts"])
    op.create_index("ix_occurrence_ends", "occurrence", ["ends"])


def downgrade() -> None:
    """Back to 0002."""
    op.drop_table("occurrence")
    op.drop_table("component")
    for table, columns in ADDED.items():
        for name in columns:
            op.drop_column(table, name)
