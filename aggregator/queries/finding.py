"""Looking for words among live entities of all kinds: how many have them, of what kinds and
categories they are, and pages of them. What goes by relevance is ranked; what many have goes by
change."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import BigInteger, bindparam, select

from aggregator.queries.filters import Pattern, pattern_of, values_of_words
from aggregator.queries.narrowing import having_words
from aggregator.queries.ranking import Cut, ranked_page, whole
from aggregator.queries.search import FEW, Hit, Sought, in_batches, seek
from aggregator.queries.wanted import Page, Rank, Total
from aggregator.store.pages import Pages, Shape
from aggregator.store.tables import document, entity, search_entry
from schema.entities import KINDS
from schema.normal.words import Term

SHAPES: Final = 64
NEWEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunt:
    """What is looked for: entities that have all the words and are of any of the kinds and in any
    of the categories, where some are named (`scheme:term`, or `unmapped`)."""

    terms: tuple[Term, ...]
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    @property
    def marks(self) -> tuple[tuple[str, ...], ...]:
        """The groups of marks of which an entity must have any."""
        return tuple(filter(None, (self.kinds, self.categories)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarry:
    """What there is. `kinds` counts by kind whatever kinds are asked for, `categories` by category
    whatever categories are. Both are exact where few have the words, else at least so many; of
    what is asked for, never less than `total` says."""

    sought: Sought
    hits: tuple[Hit, ...]
    total: Total
    kinds: Mapping[str, int]
    categories: Mapping[str, int]


async def open_hunt(pages: Pages, hunt: Hunt) -> Quarry:
    """What there is of what is looked for."""
    everything = await seek(pages, hunt.terms)
    sought = everything
    if hunt.marks and not everything.few:
        sought = await seek(pages, hunt.terms, hunt.marks)
    chosen = _marked(sought.hits, *hunt.marks)
    kinds, categories = [
        _counted(_marked(everything.hits, group), chosen) for group in (hunt.categories, hunt.kinds)
    ]
    return Quarry(
        sought=sought,
        hits=tuple(chosen),
        total=Total(min(len(chosen), FEW), at_least=not sought.few),
        kinds={mark: n for mark, n in kinds.items() if mark in KINDS},
        categories={mark: n for mark, n in categories.items() if mark not in KINDS},
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
    counts = _by_mark(hits) | _by_mark(chosen)
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def _by_mark(hits: Sequence[Hit]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for said, n in Counter([hit.marks for hit in hits]).items():
        counts.update(dict.fromkeys(said.split(), n))
    return counts


async def read_quarry(
    pages: Pages, quarry: Quarry, limit: int, at: Rank | None, *, bodies: bool
) -> Page:
    """A page of it, with its bodies or without. Raises `DatabaseUnavailable` where a body is not
    made yet."""
    if quarry.sought.few:
        rows = await in_batches(pages, _place_shape, [hit.no for hit in quarry.hits])
        return await ranked_page(pages, quarry.sought, rows, Cut(limit, at), bodies=bodies)
    return await _newest(pages, quarry.sought, Cut(limit, at), bodies=bodies)


@lru_cache(maxsize=SHAPES)
def _place_shape(size: int) -> Shape:
    nos = [bindparam(f"v_{at}", type_=BigInteger) for at in range(size)]
    rows = select(entity.c.change, search_entry.c.entity_no)
    joined = rows.join_from(search_entry, entity, entity.c.no == search_entry.c.entity_no)
    return Shape(joined.where(search_entry.c.entity_no.in_(nos)))


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
