"""Pages of lists that go by relevance, where few entities have the words that are looked for. Reads
what passes, puts it in order, and then reads no more than the page shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import select

from aggregator.queries.candidates import Form, candidates
from aggregator.queries.search import Sought, score
from aggregator.queries.wanted import Page, Rank, Wanted, Where
from aggregator.store.numbers import AnyOf
from aggregator.store.pages import DatabaseUnavailable, Pages, Row, Shape
from aggregator.store.tables import document, entity

SHAPES: Final = 64
_DOCUMENTS: Final = Shape(
    select(entity.c.no, document.c.json, entity.c.lat, entity.c.lon)
    .join_from(entity, document, document.c.entity_no == entity.c.no)
    .where(AnyOf(entity.c.no, "numbers"))
)
_Place = tuple[int, int]
"""Score and change, as negative: what entries are sorted by."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A page of at most `limit` from a position on; `distance`: latitude and longitude →
    kilometres from the place asked for, where one was."""

    limit: int
    at: Where | None = None
    distance: Callable[[float, float], float] | None = None


async def read_ranked(
    pages: Pages, form: Form, wanted: Wanted, values: Mapping[str, Any], *, bodies: bool
) -> Page:
    """A page of what has the words best. Raises `DatabaseUnavailable` where a body is not made
    yet."""
    sought = wanted.filters.sought
    assert sought is not None
    found = await pages.rows(passing_shape(form), values)
    near = wanted.filters.near
    page = Cut(wanted.limit, wanted.position, None if near is None else near.distance)
    return await ranked_page(pages, sought, found, page, bodies=bodies)


async def ranked_page(
    pages: Pages, sought: Sought, found: Sequence[Row], page: Cut, *, bodies: bool
) -> Page:
    """The page `page` of what was found, as rows of change and number. Raises
    `DatabaseUnavailable` where a body is not made yet."""
    shown, more = _cut(_placed(sought, found), page.at, page.limit)
    changes = tuple([-change for (_, change), _ in shown])
    if not bodies:
        return Page(changes=changes, more=more)
    rows = await pages.rows(_DOCUMENTS, {"numbers": [no for _, no in shown]})
    written = {no: (json, place) for no, json, *place in rows}
    documents = whole([written[no][0] if no in written else None for _, no in shown])
    places = [Rank(score=points, change=-change) for (points, change), _ in shown]
    far = page.distance
    return Page(
        changes=changes,
        more=more,
        bodies=documents,
        first=places[0] if places else None,
        last=places[-1] if places else None,
        distances=far and tuple([round(far(*written[no][1]), 2) for _, no in shown]),
    )


@lru_cache(maxsize=SHAPES)
def passing_shape(form: Form) -> Shape:
    """What passes, as rows of change and number."""
    rows = candidates(form).subquery("found")
    return Shape(select(rows.c.change, rows.c.no))


def _placed(sought: Sought, found: Sequence[Row]) -> list[tuple[_Place, int]]:
    """Changes and numbers → places and numbers, the best first."""
    words = {hit.no: hit.words for hit in sought.hits}
    places = (((score(words[no], sought.terms), -change), no) for change, no in found)
    return sorted(places)


def _cut(
    placed: Sequence[tuple[_Place, int]], at: object, limit: int
) -> tuple[Sequence[tuple[_Place, int]], bool]:
    """The page of `limit` at a position, and whether there is more in its direction."""
    if not isinstance(at, Rank):
        return placed[:limit], len(placed) > limit
    there = (at.score, -at.change)
    if at.back:
        before = [each for each in placed if each[0] < there]
        return before[-limit:], len(before) > limit
    behind = [each for each in placed if each[0] > there]
    return behind[:limit], len(behind) > limit


def whole(bodies: Sequence[bytes | None]) -> tuple[bytes, ...]:
    """The bodies of a page. Raises `DatabaseUnavailable` where one is not made yet."""
    found = tuple([body for body in bodies if body is not None])
    if len(found) < len(bodies):
        raise DatabaseUnavailable("documents are being made anew")
    return found
