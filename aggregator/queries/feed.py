"""Where the feed stands, and how many live entries there are. Reads only what is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select

from aggregator.store.pages import Pages, Shape
from aggregator.store.tables import entity, facet, feed

LIVE: Final = "live"
ALL: Final = ""
"""Name and value of the facet that all live entries of a kind have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """`head` is the newest change number, `view` counts what else changes answers, `epoch` names
    the counting (a restored database has another one)."""

    epoch: str
    view: int
    head: int
    live: int | None
    """Kept number of live entries of the kind asked for; None where none is kept."""
    modified: datetime | None
    """When a live entry of that kind changed last."""

    @property
    def mark(self) -> str:
        """What an answer depends on besides its entries, as one word."""
        return f"{self.epoch}.{self.view}"


FEED: Final = Shape(
    select(
        feed.c.epoch,
        feed.c.view,
        feed.c.head,
        select(facet.c.n)
        .where(facet.c.kind == bindparam("kind"), facet.c.name == ALL, facet.c.value == ALL)
        .scalar_subquery(),
        select(entity.c.modified)
        .where(entity.c.kind == bindparam("kind"), entity.c.state == LIVE)
        .order_by(entity.c.modified.desc())  # by change, PostgreSQL walks those of all kinds
        .limit(1)
        .scalar_subquery(),
    )
)


STANDING: Final = Shape(select(feed.c.epoch, feed.c.view, feed.c.head))


async def standing(pages: Pages) -> tuple[str, int, int]:
    """Where the feed stands: epoch, view and the newest change number."""
    ((epoch, view, head),) = await pages.rows(STANDING, {})
    return epoch, view, head


async def feed_state(pages: Pages, kind: str) -> FeedState:
    """Where the feed stands, with what is known of all entries of `kind`."""
    (row,) = await pages.rows(FEED, {"kind": kind})
    epoch, view, head, live, modified = pages.typed(FEED, row)
    return FeedState(epoch=epoch, view=view, head=head, live=live, modified=modified)


def live_counts(connection: Connection) -> Mapping[str, int]:
    """Kind → number of live entries."""
    rows = connection.execute(select(facet.c.kind, facet.c.n).where(facet.c.name == ALL))
    return {row.kind: row.n for row in rows}
