"""Search: what entities are found by, and blocks of bits that lead to them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. Entries are made when entities are rendered anew."""
    op.create_table(
        "search_entry",
        sa.Column(
            "entity_no",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entity_no", name="pk_search_entry"),
    )
    op.create_table(
        "search_block",
        sa.Column("block", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("gram", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("block", "gram", name="pk_search_block"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_segment",
        sa.Column("block", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("block", name="pk_search_segment"),
    )
    op.drop_column("entity", "words")


def downgrade() -> None:
    """Back to 0004."""
    op.add_column("entity", sa.Column("words", sa.Text()))
    for table in ("search_segment", "search_block", "search_entry"):
        op.drop_table(table)
