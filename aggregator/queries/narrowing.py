"""Filters as conditions on rows that something else leads to. Builds conditions, reads nothing.

Each condition is a question about one row that an index answers, in a form no planner takes apart:
a scalar subquery is neither turned into a join nor read from its other end. So which table a
statement begins with is decided in `planning`, by counts that are kept, and never by a database
that may not have looked at its tables yet.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    FromClause,
    Integer,
    LargeBinary,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.sql.elements import KeyedColumnElement

from aggregator.queries.filters import APART, HALF_ROUND, ROUND, Pattern
from aggregator.store.numbers import AnyOf
from aggregator.store.tables import (
    UtcDateTime,
    entity,
    facet,
    facet_entry,
    occurrence,
    search_entry,
)

AFTER: Final = bindparam("window_after", type_=UtcDateTime)
BEFORE: Final = bindparam("window_before", type_=UtcDateTime)
"""The window's ends in conditions."""
_WORDS: Final[ColumnElement[str]] = search_entry.c.words
_MARKS: Final[ColumnElement[str]] = literal(" ") + search_entry.c.marks + literal(" ")
"""What entities are found by."""
HERE: Final = b"1"
"""What `among` says of a number that may have the words."""
Condition = ColumnElement[bool]


def conditions(
    pattern: Pattern,
    no: KeyedColumnElement[int],
    change: KeyedColumnElement[int],
    *,
    known: int | None = None,
) -> list[Condition]:
    """That the entity with these columns of a row passes; `known`: the choice that led to it."""
    found = [having(at, n, change) for at, n in enumerate(pattern.choices) if at != known]
    if pattern.of_entity:
        it = entity.alias("it")
        found.append(_there_is(it, no, of_entity(pattern, it)))
    found += having_words(pattern, no)
    if pattern.window:
        found.append(taking_place(pattern, no))
    return found


def of_occurrence(pattern: Pattern, no: KeyedColumnElement[int], *, newer: bool) -> list[Condition]:
    """That the entity with this number passes, but for the window: for who reads occurrences, of
    which each has an entity. `newer`: it changed since then."""
    it = entity.alias("it")
    asked = [having(at, n, it.c.change) for at, n in enumerate(pattern.choices)]
    asked += of_entity(pattern, it)
    if newer:
        asked.append(since(it.c.change))
    words = having_words(pattern, no)
    return [*words, _there_is(it, no, asked)] if asked else words


def _there_is(it: Any, no: KeyedColumnElement[int], asked: list[Condition]) -> Condition:
    own = select(it.c.no).where(it.c.no == no, *asked).correlate(no.table)
    return own.scalar_subquery().is_not(None)


def since(change: ColumnElement[int]) -> Condition:
    """That this change is not older than what is asked for."""
    return change >= bindparam("floor", type_=BigInteger)


def having(at: int, count: int, change: ColumnElement[int]) -> Condition:
    """That what changed with this number has one of the facets of a choice."""
    return or_(*[_has(f"facet_{at}_{each}", change) for each in range(count)])


def _has(name: str, change: ColumnElement[int]) -> Condition:
    row = facet_entry.alias(f"has_{name}")
    number = bindparam(name, type_=BigInteger)
    found = select(row.c.entity_no).where(row.c.facet == number, row.c.change == change)
    return found.scalar_subquery().is_not(None)


def gathered(at: int, pattern: Pattern) -> Select[Any]:
    """The numbers of all entities that have one of the facets of a choice."""
    row = facet_entry.alias("gathered")
    numbers = [
        bindparam(f"facet_{at}_{each}", type_=BigInteger) for each in range(pattern.choices[at])
    ]
    return select(row.c.entity_no).where(row.c.facet.in_(numbers))


def of_entity(pattern: Pattern, it: Any) -> list[Condition]:
    """What is asked of a row of `entity`, or of an alias of it, besides its facets."""
    found = [inside(at, shape, it) for at, shape in enumerate(pattern.areas)]
    if pattern.confirmed is not None:
        found += _confirmed(it, so=pattern.confirmed)
    return found


def inside(at: int, shape: str, it: Any) -> Condition:
    """That a row of `entity`, or of an alias of it, lies in an area."""
    west, south, east, north = (_number(at, side) for side in ("west", "south", "east", "north"))
    here = (it.c.lon >= west, it.c.lon <= east)
    lon = or_(*here) if shape.endswith("_across") else and_(*here)
    box = and_(it.c.lat.between(south, north), lon)
    if not shape.startswith("circle"):
        return box
    return and_(box, squared(at, it) <= _number(at, "square"))


def squared(at: int, it: Any) -> ColumnElement[float]:
    """The square of a row's distance from the middle of a circle, in degrees of latitude."""
    lat = it.c.lat - _number(at, "lat")
    beside = func.abs(it.c.lon - _number(at, "lon"), type_=Float)
    lon = case((beside > HALF_ROUND, ROUND - beside), else_=beside)
    square: ColumnElement[float] = lat * lat + lon * lon * _number(at, "shrink")
    return square


def _number(at: int, name: str) -> ColumnElement[float]:
    return bindparam(f"area_{at}_{name}", type_=Float)


def having_words(pattern: Pattern, no: KeyedColumnElement[int]) -> list[Condition]:
    """That the live entity with this number has the words that are looked for: it is one of few,
    or may have them by what the index says, and has them by its own words. PostgreSQL takes a
    pattern for something that hardly a row has, and would rather look at all of them at once than
    in the order of the list; of what may be unknown it expects the half."""
    if pattern.hits:
        return [AnyOf(no, "hits")]
    if not pattern.spellings:
        return []
    place = cast(no + literal_column("1", BigInteger), Integer)
    among = func.substr(bindparam("among", type_=LargeBinary), place, 1, type_=LargeBinary)
    words = [_one_of(f"word_{at}", n, no, _WORDS) for at, n in enumerate(pattern.spellings)]
    marks = [_one_of(f"mark_{at}", n, no, _MARKS) for at, n in enumerate(pattern.marks)]
    having = and_(among == bindparam("here", HERE, LargeBinary), *words, *marks)
    return [func.coalesce(having, false())]


def _one_of(
    name: str, count: int, no: KeyedColumnElement[int], said: ColumnElement[str]
) -> Condition:
    entry = select(said).where(search_entry.c.entity_no == no).correlate(no.table)
    text = entry.scalar_subquery()
    return or_(*[text.like(bindparam(f"{name}_{at}"), escape="\\") for at in range(count)])


def _confirmed(it: Any, *, so: bool) -> list[Condition]:
    """That a source besides the stale ones stands behind it, or that none does; and that nothing
    of it is withheld."""
    entry, of = facet_entry.alias("entry"), facet.alias("of")
    stale = bindparam("stale", type_=Text)
    apart: ColumnElement[str] = literal_column(f"'{APART}'", Text)
    named = apart + of.c.value + apart
    other = (
        select(entry.c.entity_no)
        .where(entry.c.entity_no == it.c.no, of.c.id == entry.c.facet, of.c.name == "source")
        .where(func.replace(stale, named, "") == stale)
        .limit(1)
        .correlate(it)
        .scalar_subquery()
    )
    withheld = _has("withheld", it.c.change)
    return [other.is_not(None) if so else other.is_(None), ~withheld]


def taking_place(pattern: Pattern, no: KeyedColumnElement[int]) -> Condition:
    """That an occurrence of the entity with this number overlaps the window: one that begins in it
    is soon found, so that is asked first."""
    begun = _occurring(pattern, no, begun=True)
    return or_(begun.is_not(None), _occurring(pattern, no, begun=False).is_not(None))


def _occurring(pattern: Pattern, no: KeyedColumnElement[int], *, begun: bool) -> Any:
    row = occurrence.alias("begins" if begun else "goes_on")
    when = (row.c.starts >= AFTER,) if begun else (row.c.starts < AFTER, row.c.ends > AFTER)
    found = select(row.c.entity_no).where(row.c.entity_no == no, row.c.starts < BEFORE, *when)
    found = found.where(*having_status(row, pattern))
    return found.limit(1).correlate(no.table).scalar_subquery()


def having_status(row: FromClause, pattern: Pattern) -> list[Condition]:
    """Conditions on a row of `occurrence`, or of an alias of it: that it has one of the statuses,
    where any is asked for. One without its own has its entity's."""
    if not pattern.statuses:
        return []
    whole = entity.alias("whole")
    inherited: Select[Any] = select(whole.c.status).where(whole.c.no == row.c.entity_no)
    status = func.coalesce(row.c.status, inherited.correlate(row).scalar_subquery())
    return [or_(*[status == bindparam(f"status_{at}") for at in range(pattern.statuses)])]
