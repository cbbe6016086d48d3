"""Looking for words among live entities of all kinds: how many have them, of what kinds and
categories they are, and pages of them. What goes by relevance is ranked; what many have goes by
change. What else is asked of them is asked as the lists ask it (`sieving`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import BigInteger, bindparam, select

from aggregator.queries.filters import Pattern, pattern_of, values_of_words
from aggregator.queries.listing import Opened
from aggregator.queries.narrowing import having_words
from aggregator.queries.ranking import Cut, ranked_page, whole
from aggregator.queries.search import FEW, Hit, Sought, seek
from aggregator.queries.sieving import (
    Sieve,
    categories_of,
    lists_of,
    marks_in,
    passing,
    read_together,
    those,
)
from aggregator.queries.wanted import Page, Rank, Total
from aggregator.store.numbers import AnyOf
from aggregator.store.pages import Pages, Row, Shape
from aggregator.store.tables import document, entity, search_entry
from schema.entities import KINDS
from schema.normal.words import Term

SHAPES: Final = 64
NEWEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunt:
    """What is looked for: entities that have all the words and are of any of the kinds and in any
    of the categories, where some are named (`scheme:term`, or `unmapped`). `sieve`: what else is
    asked of them; it names the categories too."""

    terms: tuple[Term, ...]
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sieve: Sieve | None = None

    @property
    def marks(self) -> tuple[tuple[str, ...], ...]:
        """The groups of marks of which an entity must have any."""
        return tuple(filter(None, (self.kinds, self.categories)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarry:
    """What there is. `kinds` counts by kind whatever kinds are asked for, `categories` by category
    whatever categories are. Both are exact where few have the words, else at least so many; of
    what is asked for, never less than `total` says, but for several categories and a sieve.
    `rows`: change and number of those few that a sieve let pass; `lists`: of many, those of each
    kind."""

    hunt: Hunt
    sought: Sought
    hits: tuple[Hit, ...]
    total: Total
    kinds: Mapping[str, int]
    categories: Mapping[str, int]
    rows: tuple[Row, ...] | None = None
    lists: tuple[Opened, ...] = ()


async def open_hunt(pages: Pages, hunt: Hunt) -> Quarry:
    """What there is of what is looked for."""
    everything = await seek(pages, hunt.terms)
    sought = everything
    if hunt.marks and not everything.few:
        sought = await seek(pages, hunt.terms, hunt.marks)
    if hunt.sieve is None:
        return _told(hunt, sought, everything.hits, sought.hits)
    if not sought.few:
        return await _of_many(pages, hunt, hunt.sieve, everything)
    rows = await passing(pages, hunt.sieve, sought.hits)
    chosen, around = those(sought.hits, rows), everything.hits
    if around is not sought.hits:
        around = tuple(those(around, await passing(pages, hunt.sieve, around)))
    else:
        around = tuple(chosen)
    return _told(hunt, sought, around, chosen, rows)


def _told(
    hunt: Hunt,
    sought: Sought,
    everything: Sequence[Hit],
    chosen: Sequence[Hit],
    rows: Sequence[Row] | None = None,
) -> Quarry:
    """What there is, from all that has the words and what of it is chosen by its marks."""
    chosen = _marked(chosen, *hunt.marks)
    kinds, categories = [
        _counted(_marked(everything, group), chosen) for group in (hunt.categories, hunt.kinds)
    ]
    left = {hit.no for hit in chosen} if rows is not None else set()
    return Quarry(
        hunt=hunt,
        sought=sought,
        hits=tuple(chosen),
        total=Total(min(len(chosen), FEW), at_least=not sought.few),
        kinds={mark: n for mark, n in kinds.items() if mark in KINDS},
        categories={mark: n for mark, n in categories.items() if mark not in KINDS},
        rows=None if rows is None else tuple([row for row in rows if row[1] in left]),
    )


async def _of_many(pages: Pages, hunt: Hunt, sieve: Sieve, sought: Sought) -> Quarry:
    """What passes a sieve of what many have."""
    lists = await lists_of(pages, sieve, sought)
    asked = {kind: each for kind, each in lists.items() if kind in (hunt.kinds or lists)}
    n = sum(each.total.n for each in asked.values())
    more = n > FEW or any(each.total.at_least for each in asked.values())
    total = Total(min(n, FEW), at_least=more)
    categories = await categories_of(pages, sieve, asked)
    if len(hunt.categories) == 1:
        (category,) = hunt.categories
        categories[category] = max(categories[category], n)
    return Quarry(
        hunt=hunt,
        sought=sought,
        hits=(),
        total=total,
        kinds=_most_first({kind: each.total.n for kind, each in lists.items()}),
        categories=_most_first(categories),
        lists=tuple(asked.values()),
    )


def _marked(hits: Sequence[Hit], *groups: tuple[str, ...]) -> Sequence[Hit]:
    wanted = [set(group) for group in groups if group]
    if not wanted:
        return hits
    said = {hit.marks for hit in hits}
    fit = {each for each in said if all(group.intersection(each.split()) for group in wanted)}
    return [hit for hit in hits if hit.marks in fit]


def _counted(hits: Sequence[Hit], chosen: Sequence[Hit]) -> dict[str, int]:
    """Each mark and how many have it, the most frequent first. `hits` may be the first of many
    only; then what was `chosen` of all may be more of what was asked for."""
    return _most_first(marks_in(hits) | marks_in(chosen))


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    there = ((mark, n) for mark, n in counts.items() if n)
    return dict(sorted(there, key=lambda each: (-each[1], each[0])))


async def read_quarry(
    pages: Pages, quarry: Quarry, limit: int, at: Rank | None, *, bodies: bool
) -> Page:
    """A page of it, with its bodies or without. Raises `DatabaseUnavailable` where a body is not
    made yet."""
    sieve = quarry.hunt.sieve
    near = sieve.near if sieve else None
    cut = Cut(limit, at, None if near is None else near.distance)
    if quarry.sought.few:
        rows: Sequence[Row] | None = quarry.rows
        if rows is None:
            rows = await pages.rows(_PLACES, {"numbers": [hit.no for hit in quarry.hits]})
        return await ranked_page(pages, quarry.sought, rows, cut, bodies=bodies)
    if sieve is not None:
        return await read_together(pages, quarry.lists, cut, bodies=bodies)
    return await _newest(pages, quarry.sought, cut, bodies=bodies)


_PLACES: Final = Shape(
    select(entity.c.change, search_entry.c.entity_no)
    .join_from(search_entry, entity, entity.c.no == search_entry.c.entity_no)
    .where(AnyOf(search_entry.c.entity_no, "numbers"))
)


@lru_cache(maxsize=SHAPES)
def _newest_shape(pattern: Pattern, *, back: bool, bodies: bool) -> Shape:
    json = select(document.c.json).where(document.c.entity_no == entity.c.no).scalar_subquery()
    change, at = entity.c.change, bindparam("at_change", type_=BigInteger)
    rows = select(change, *((json.label("json"),) if bodies else ())).where(
        change > at if back else change < at, *having_words(pattern, entity.c.no)
    )
    ordered = rows.order_by(change if back else change.desc())
    return Shape(ordered.limit(bindparam("rows", type_=BigInteger)))


async def _newest(pages: Pages, sought: Sought, cut: Cut, *, bodies: bool) -> Page:
    back = cut.at is not None and cut.at.back
    at = cut.at.change if isinstance(cut.at, Rank) else NEWEST
    shape = _newest_shape(Pattern(**pattern_of(sought)), back=back, bodies=bodies)
    values = {**values_of_words(sought), "at_change": at, "rows": cut.limit + 1}
    rows = await pages.rows(shape, values)
    more = len(rows) > cut.limit
    shown = rows[: cut.limit][:: -1 if back else 1]
    changes = tuple([row[0] for row in shown])
    if not bodies:
        return Page(changes=changes, more=more)
    places = [Rank(score=0, change=change) for change in changes]
    return Page(
        changes=changes,
        more=more,
        bodies=whole([row[1] for row in shown]),
        first=places[0] if places else None,
        last=places[-1] if places else None,
    )
