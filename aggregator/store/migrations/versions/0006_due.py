"""What is due is read from an index every second, not from rows with all a source remembers."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    columns = ["enabled", "paused", "next_due", "lease_until", "id"]
    op.create_index("ix_source_due", "source", columns)


def downgrade() -> None:
    """Back to 0005."""
    op.drop_index("ix_source_due", "source")
