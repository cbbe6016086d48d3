"""Of what has some words, what passes the filters of its kind: a few entities by their numbers, or
lists of many, one for each kind, read as one. Reads through the lists; decides nothing of its own.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aggregator.queries.facet_counts import facet_counts
from aggregator.queries.filters import Circle, Filters
from aggregator.queries.listing import Opened, open_list, read_page
from aggregator.queries.ranking import Cut, passing_shape
from aggregator.queries.search import FEW, Hit, Sought
from aggregator.queries.wanted import Page, Rank, Wanted
from aggregator.store.pages import Pages, Row

CATEGORY = "category"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """What entities must pass besides having words. `of_kind`: kind → its filters, categories
    included; of a kind that is not named, nothing passes. `since`: changed then or later."""

    of_kind: Mapping[str, Filters]
    since: datetime | None = None

    @property
    def near(self) -> Circle | None:
        """Where distances are measured from."""
        return next((each.near for each in self.of_kind.values() if each.near), None)

    def wanted(self, kind: str, sought: Sought, *, categories: bool) -> Wanted:
        """The list of a kind's entities that pass, with what is asked of categories or without."""
        filters = self.of_kind[kind]
        left = filters if categories else filters.without(CATEGORY)
        return Wanted(
            kind=kind,
            limit=1,
            sort="relevance",
            since=self.since,
            filters=replace(left, sought=sought),
        )


def marks_in(hits: Sequence[Hit]) -> Counter[str]:
    """How many have each mark."""
    counts: Counter[str] = Counter()
    for said, n in Counter([hit.marks for hit in hits]).items():
        counts.update(dict.fromkeys(said.split(), n))
    return counts


async def passing(pages: Pages, sieve: Sieve, hits: Sequence[Hit]) -> list[Row]:
    """Of some entities those that pass, whatever is asked of categories: rows of change and
    number."""
    rows: list[Row] = []
    for kind in sieve.of_kind:
        for some in _batches(_of_kind(hits, kind)):
            sought = Sought(terms=(), hits=some, few=True)
            opened = await open_list(pages, sieve.wanted(kind, sought, categories=False))
            if opened.total.n:
                rows += await pages.rows(passing_shape(opened.form), opened.values)
    return rows


def those(hits: Sequence[Hit], rows: Sequence[Row]) -> list[Hit]:
    """Of some entities those that rows of change and number name."""
    named = {no for _, no in rows}
    return [hit for hit in hits if hit.no in named]


def _of_kind(hits: Sequence[Hit], kind: str) -> tuple[Hit, ...]:
    return tuple([hit for hit in hits if kind in hit.marks.split()])


def _batches(hits: tuple[Hit, ...]) -> Iterator[tuple[Hit, ...]]:
    for start in range(0, len(hits), FEW):
        yield hits[start : start + FEW]


async def lists_of(pages: Pages, sieve: Sieve, sought: Sought) -> dict[str, Opened]:
    """Kind → the list of what passes, where many have the words."""
    return {
        kind: await open_list(
            pages,
            sieve.wanted(kind, replace(sought, hits=_of_kind(sought.hits, kind)), categories=True),
        )
        for kind in sieve.of_kind
    }


async def categories_of(pages: Pages, sieve: Sieve, lists: Mapping[str, Opened]) -> Counter[str]:
    """How many entries of some lists have each category, whatever is asked of categories: exactly
    where a list is not long, else at least so many."""
    counts: Counter[str] = Counter()
    for kind, opened in lists.items():
        told = (await facet_counts(pages, opened, [CATEGORY]))[CATEGORY]
        if told.of == "list":
            counts.update(dict(told.values))
            continue
        sought = opened.wanted.filters.sought
        hits = sought.hits if sought else ()
        counts.update(marks_in(those(hits, await passing(pages, sieve, hits))))
        counts.pop(kind, None)
    return counts


async def read_together(pages: Pages, lists: Sequence[Opened], cut: Cut, *, bodies: bool) -> Page:
    """A page of several lists as one, the newest change first. Raises `DatabaseUnavailable` where
    a body is not made yet."""
    found: list[tuple[int, bytes | None, float | None]] = []
    more = False
    for each in lists:
        page = await read_page(pages, each.at(cut.limit, cut.at), bodies=bodies)
        more |= page.more
        found += _entries(page)
    back = cut.at is not None and cut.at.back
    found.sort(key=lambda entry: entry[0], reverse=not back)
    return _page(found[: cut.limit][:: -1 if back else 1], more=more or len(found) > cut.limit)


def _entries(page: Page) -> Iterator[tuple[int, bytes | None, float | None]]:
    none = (None,) * len(page.changes)
    yield from zip(page.changes, page.bodies or none, page.distances or none, strict=True)


def _page(shown: Sequence[tuple[int, Any, Any]], *, more: bool) -> Page:
    changes = tuple([change for change, _, _ in shown])
    bodies = tuple([body for _, body, _ in shown if body is not None])
    far = tuple([distance for _, _, distance in shown if distance is not None])
    if not bodies:
        return Page(changes=changes, more=more)
    return Page(
        changes=changes,
        more=more,
        bodies=bodies,
        first=Rank(score=0, change=changes[0]),
        last=Rank(score=0, change=changes[-1]),
        distances=far or None,
    )
