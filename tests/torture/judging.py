"""What every kill driver shares: the counts, a fresh database, and what a revision must have left.

Starts and kills nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import orjson
from sqlalchemy import Connection, func, select

from aggregator.store.leases import LEASE
from aggregator.store.tables import document, entity, record, run
from tests.postgres import Databases, server

STEP = LEASE + timedelta(seconds=1)
"""How far the clock moves between two victims: just enough for the dead one's lease to end."""
DAY = timedelta(days=1)


@dataclass(slots=True)
class Tally:
    """What happened, and what went wrong."""

    kills: int = 0
    clean: int = 0
    moments: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def report(self, fault: str) -> None:
        """Note a violation and where it was seen."""
        self.violations.append(f"after kill {self.kills}: {fault}")

    def tell(self) -> str:
        """All of it in a few lines."""
        moments = ", ".join(f"{n} {moment}" for moment, n in sorted(self.moments.items()))
        ran = f"{self.kills} kills ({moments}), {self.clean} syncs left to end"
        lines = [f"{ran}: {len(self.violations)} violations", *self.violations[:20]]
        return "\n".join(lines)


def moment(connection: Connection) -> str:
    """How far the newest run had come when we look."""
    newest = connection.execute(select(run).order_by(run.c.id.desc()).limit(1)).one()
    if newest.ended is not None:
        return "between runs"
    touched = connection.execute(
        select(func.count()).select_from(entity).where(entity.c.modified >= newest.started)
    ).scalar_one()
    return "between chunks" if touched else "before the first chunk"


def wrong_in_revision(connection: Connection, marks: Mapping[str, str]) -> Iterator[str]:
    """What differs from a revision that was synced to its end; `marks`: native id of each listed
    offer → what its description says."""
    rows = connection.execute(
        select(record.c.native_id, record.c.missing_since, document.c.json)
        .join(document, document.c.entity_no == record.c.entity_no)
        .where(record.c.kind == "offer", record.c.withdrawn.is_(None))
    ).all()
    listed = {row.native_id: row.json for row in rows if row.missing_since is None}
    if listed.keys() != marks.keys():
        lost, extra = marks.keys() - listed.keys(), listed.keys() - marks.keys()
        yield f"lost {sorted(lost)}, too many {sorted(extra)}"
    for key in listed.keys() & marks.keys():
        if marks[key] not in said(listed[key]):
            yield f"offer {key} does not say {marks[key]}"
    newest = connection.execute(select(func.max(run.c.started))).scalar_one()
    for row in rows:
        if row.missing_since is not None and newest - row.missing_since >= DAY:
            yield f"offer {row.native_id} has been missing since {row.missing_since} and stays"
    if left_open := open_runs(connection):
        yield f"{left_open} runs are still open"


def open_runs(connection: Connection) -> int:
    """How many runs have no end."""
    counted = select(func.count()).select_from(run).where(run.c.ended.is_(None))
    return connection.execute(counted).scalar_one()


def said(json: bytes) -> str:
    """A document's description."""
    return str(orjson.loads(json).get("description", {}).get("de", ""))


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a fresh database: of a kind, or the one that is given."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'allmende.db'}"
    elif kind == "postgresql":
        with server(folder / "postgresql") as admin:
            databases = Databases(admin)
            with databases.fresh() as url:
                yield url
            databases.close()
    else:
        yield kind
