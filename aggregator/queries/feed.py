"""Where the feed stands, and how many live entries there are. Reads only what is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select

from aggregator.store.pages import Pages, Shape
from aggregator.store.tables import feed, total

ALL: Final = ""
"""The `total` row over all live entries of a kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """`head` is the newest change number, `view` counts what else changes answers, `epoch` names
    the counting (a restored database has another one)."""

    epoch: str
    view: int
    head: int
    live: int | None
    """Kept number of live entries of the kind asked for; None where none is kept."""

    @property
    def mark(self) -> str:
        """What an answer depends on besides its entries, as one word."""
        return f"{self.epoch}.{self.view}"


FEED: Final = Shape(
    select(
        feed.c.epoch,
        feed.c.view,
        feed.c.head,
        select(total.c.n)
        .where(total.c.kind == bindparam("kind"), total.c.filter == ALL)
        .scalar_subquery(),
    )
)


async def feed_state(pages: Pages, kind: str) -> FeedState:
    """Where the feed stands, with the kept total of `kind`."""
    ((epoch, view, head, live),) = await pages.rows(FEED, {"kind": kind})
    return FeedState(epoch=epoch, view=view, head=head, live=live)


def live_counts(connection: Connection) -> Mapping[str, int]:
    """Kind → number of live entries."""
    rows = connection.execute(select(total.c.kind, total.c.n).where(total.c.filter == ALL))
    return {row.kind: row.n for row in rows}
