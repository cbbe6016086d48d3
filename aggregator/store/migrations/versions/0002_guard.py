"""The guard: what is withheld, who decided, why a source rests; history that can be undone."""

from collections.abc import Callable
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
ADDED: dict[str, dict[str, Any]] = {
    "source": {
        "paused_why": sa.Text(),
        "politeness": sa.Text(),
        "reminded": TIME,
    },
    "run": {"cause": sa.Text()},
    "record": {"withheld": TIME, "first_run": sa.BigInteger()},
    "record_version": {
        "withdrawn": TIME,
        "ref_id": sa.Text(),
        "ref_name": sa.Text(),
        "ref_fold": sa.Text(),
        "said": sa.LargeBinary(),
    },
    "snapshot": {"asked": sa.Text()},
}
INDEXES = (("record", "source", "first_run"), ("record_version", "run"))


def upgrade() -> None:
    """Forward."""
    for table, columns in ADDED.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind))
    for table, *names in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(names)}", table, names)
    _create_withheld()
    _rewrite_held(_keyed)


def downgrade() -> None:
    """Back to 0001."""
    _rewrite_held(_joined)
    op.drop_table("withheld")
    for table, *names in INDEXES:
        op.drop_index(f"ix_{table}_{'_'.join(names)}", table)
    for table, columns in ADDED.items():
        for name in columns:
            op.drop_column(table, name)


def _create_withheld() -> None:
    op.create_table(
        "withheld",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary()),
        sa.Column("said", sa.Text()),
        sa.Column("since", TIME, nullable=False),
        sa.Column("run", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.Text()),
        sa.Column("who", sa.Text()),
        sa.Column("decided", TIME),
        sa.Column("until", TIME),
        sa.PrimaryKeyConstraint("source", "kind", "native_id", "what", name="pk_withheld"),
    )


def _rewrite_held(rewrite: Callable[[Any], Any]) -> None:
    run = sa.table("run", sa.column("id"), sa.column("held"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(run).where(run.c.held.is_not(None))).all():
        held = orjson.dumps([rewrite(one) for one in orjson.loads(row.held)]).decode()
        connection.execute(run.update().where(run.c.id == row.id).values(held=held))


def _keyed(held: str) -> list[str]:
    """`kind/native id` → [kind, native id, what]."""
    kind, _, native_id = held.partition("/")
    return [kind, native_id, "removal"]


def _joined(held: list[str]) -> str:
    return "/".join(held[:2])
