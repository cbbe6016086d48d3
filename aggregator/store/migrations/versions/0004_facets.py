"""What lists are narrowed down by: facets with kept counts, in place of terms and totals."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. Facets but the kinds' totals are filled when entities are rendered anew."""
    op.create_table(
        "facet",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_facet"),
        sa.UniqueConstraint("kind", "name", "value", name="uq_facet_kind_name_value"),
    )
    op.create_table(
        "facet_entry",
        sa.Column("facet", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("change", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("entity_no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("facet", "change", name="pk_facet_entry"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_facet_entry_entity_no", "facet_entry", ["entity_no"])
    op.execute(
        "INSERT INTO facet (id, kind, name, value, n) "
        "SELECT row_number() OVER (ORDER BY kind), kind, '', '', n FROM total WHERE filter = ''"
    )
    op.drop_table("entity_term")
    op.drop_table("total")


def downgrade() -> None:
    """Back to 0003. Terms are filled by `allmende rebuild`."""
    op.create_table(
        "total",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "filter", name="pk_total"),
    )
    op.create_table(
        "entity_term",
        sa.Column("entity_no", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entity_no", "term", name="pk_entity_term"),
    )
    op.create_index("ix_entity_term_term_entity_no", "entity_term", ["term", "entity_no"])
    op.execute("INSERT INTO total (kind, filter, n) SELECT kind, '', n FROM facet WHERE name = ''")
    op.drop_table("facet_entry")
    op.drop_table("facet")
