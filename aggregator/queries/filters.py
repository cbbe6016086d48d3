"""What lists and calendars may be narrowed down to. Builds conditions, reads nothing.

Distances are measured on a flat map around the asked place, one degree of longitude as long as it
is there: within 200 km that is less than two percent off, and needs no extension of a database.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Float, and_, bindparam, exists, func, literal, or_, select

from aggregator.occurrences import Window
from aggregator.store.tables import (
    UtcDateTime,
    entity,
    facet,
    facet_entry,
    occurrence,
    record,
    search_entry,
)
from schema.index import UNMAPPED

KM_OF_A_DEGREE: Final = 111.195
"""Of latitude, on a sphere of the earth's mean radius."""
LEAST_COSINE: Final = 1e-6
AFTER: Final = bindparam("window_after", type_=UtcDateTime)
BEFORE: Final = bindparam("window_before", type_=UtcDateTime)
"""The window's ends in conditions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """Everything within `radius` kilometres of a point, in WGS 84 degrees."""

    lat: float
    lon: float
    radius: float

    def distance(self, lat: float, lon: float) -> float:
        """Kilometres from the middle to a point, as the condition measures them."""
        across = (lon - self.lon) * math.cos(math.radians(self.lat))
        return KM_OF_A_DEGREE * math.hypot(lat - self.lat, across)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in WGS 84 degrees; `west` > `east` where it lies across the date line."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is asked for; everything given must hold. `words` are folded (`fold_name`), each must
    occur; `category` is `scheme:term` or `UNMAPPED`; `status` is that of an occurrence in the
    window, where there is a window."""

    window: Window | None = None
    status: str | None = None
    near: Circle | None = None
    box: Box | None = None
    words: tuple[str, ...] = ()
    category: str | None = None
    source: str | None = None

    @property
    def pattern(self) -> "Pattern":
        """Which filters are asked for: what statements depend on, and may be kept by."""
        return tuple(name for name in _ASKED if _ASKED[name](self)) + tuple(
            f"word_{number}" for number in range(len(self.words))
        )


EVERYTHING: Final = Filters()
Pattern = tuple[str, ...]

_ASKED: Final[Mapping[str, Callable[[Filters], bool]]] = {
    "window": lambda asked: asked.window is not None,
    "status": lambda asked: asked.status is not None,
    "near": lambda asked: asked.near is not None,
    "box": lambda asked: asked.box is not None and asked.box.west <= asked.box.east,
    "box_across": lambda asked: asked.box is not None and asked.box.west > asked.box.east,
    "category": lambda asked: asked.category not in {None, UNMAPPED},
    "unmapped": lambda asked: asked.category == UNMAPPED,
    "source": lambda asked: asked.source is not None,
}


def conditions(pattern: Pattern) -> list[ColumnElement[bool]]:
    """A pattern → conditions on `entity`, whose parameters `values_of` fills."""
    conditions_ = [_CONDITIONS[name]() for name in pattern if name in _CONDITIONS]
    conditions_ += [_word(name) for name in pattern if name.startswith("word_")]
    if "window" in pattern:
        return [*conditions_, *near_window(), _taking_place(pattern)]
    if "status" in pattern:
        return [*conditions_, entity.c.status == bindparam("status")]
    return conditions_


def of_entity(pattern: Pattern) -> list[ColumnElement[bool]]:
    """As `conditions`, without those on an occurrence: for who reads occurrences itself."""
    return conditions(tuple(name for name in pattern if name not in {"window", "status"}))


def near_window() -> list[ColumnElement[bool]]:
    """Conditions on `entity` that leave out, at little cost, most of what has no occurrence in the
    window: by its first start and its last end."""
    return [
        or_(entity.c.starts.is_(None), entity.c.starts < BEFORE),
        or_(entity.c.ends.is_(None), entity.c.ends >= AFTER),
    ]


def _taking_place(pattern: Pattern) -> ColumnElement[bool]:
    """That there is an occurrence in the window: one that begins in it is soon found, so that is
    asked first."""
    row = occurrence.c
    own = (row.entity_no == entity.c.no, row.starts < BEFORE, *having_status(occurrence, pattern))
    begun_in_it = exists().where(*own, row.starts >= AFTER)
    return or_(begun_in_it, exists().where(*own, row.starts < AFTER, row.ends > AFTER))


def taking_place(row: Any, pattern: Pattern) -> list[ColumnElement[bool]]:
    """Conditions on a row of `occurrence`, or of an alias of it: that it overlaps the window and,
    where a status is asked for, has that. One without length counts where it starts."""
    overlapping = or_(row.c.ends > AFTER, row.c.starts >= AFTER)
    return [row.c.starts < BEFORE, overlapping, *having_status(row, pattern)]


def having_status(row: Any, pattern: Pattern) -> list[ColumnElement[bool]]:
    """Conditions on a row of `occurrence`: that it has the status, where one is asked for."""
    if "status" not in pattern:
        return []
    return [func.coalesce(row.c.status, entity.c.status) == bindparam("status")]


def _near() -> ColumnElement[bool]:
    lat = entity.c.lat - _number("near_lat")
    lon = entity.c.lon - _number("near_lon")
    return and_(
        entity.c.lat.between(_number("near_south"), _number("near_north")),
        entity.c.lon.between(_number("near_west"), _number("near_east")),
        lat * lat + lon * lon * _number("near_shrink") <= _number("near_square"),
    )


def _inside() -> ColumnElement[bool]:
    lon = entity.c.lon.between(_number("box_west"), _number("box_east"))
    return and_(_between_parallels(), lon)


def _across() -> ColumnElement[bool]:
    lon = or_(entity.c.lon >= _number("box_west"), entity.c.lon <= _number("box_east"))
    return and_(_between_parallels(), lon)


def _between_parallels() -> ColumnElement[bool]:
    return entity.c.lat.between(_number("box_south"), _number("box_north"))


def _category() -> ColumnElement[bool]:
    return _has("category", bindparam("category"))


def _unmapped() -> ColumnElement[bool]:
    return _has("category", literal(UNMAPPED))


def _has(name: str, value: ColumnElement[str]) -> ColumnElement[bool]:
    one = (facet.c.kind == entity.c.kind, facet.c.name == name, facet.c.value == value)
    number = select(facet.c.id).where(*one).correlate(entity).scalar_subquery()
    return exists().where(facet_entry.c.facet == number, facet_entry.c.change == entity.c.change)


def _source() -> ColumnElement[bool]:
    return exists().where(
        record.c.entity_no == entity.c.no,
        record.c.source == bindparam("source"),
        record.c.withdrawn.is_(None),
    )


def _word(name: str) -> ColumnElement[bool]:
    words = select(search_entry.c.words).where(search_entry.c.entity_no == entity.c.no)
    return words.correlate(entity).scalar_subquery().like(bindparam(name), escape="\\")


def _number(name: str) -> ColumnElement[float]:
    return bindparam(name, type_=Float)


_CONDITIONS: Final[Mapping[str, Callable[[], ColumnElement[bool]]]] = {
    "near": _near,
    "box": _inside,
    "box_across": _across,
    "category": _category,
    "unmapped": _unmapped,
    "source": _source,
}


def values_of(filters: Filters) -> dict[str, Any]:
    """What the parameters of the conditions are."""
    values: dict[str, Any] = {
        f"word_{number}": f"%{_escaped(word)}%" for number, word in enumerate(filters.words)
    }
    if filters.window is not None:
        values |= {"window_after": filters.window.after, "window_before": filters.window.before}
    if filters.near is not None:
        values |= _around(filters.near)
    if filters.box is not None:
        box = filters.box
        values |= {"box_west": box.west, "box_east": box.east}
        values |= {"box_south": box.south, "box_north": box.north}
    plain = {"status": filters.status, "category": filters.category, "source": filters.source}
    return values | {name: value for name, value in plain.items() if value is not None}


def _around(circle: Circle) -> dict[str, float]:
    cosine = max(math.cos(math.radians(circle.lat)), LEAST_COSINE)
    reach = circle.radius / KM_OF_A_DEGREE
    return {
        "near_lat": circle.lat,
        "near_lon": circle.lon,
        "near_south": circle.lat - reach,
        "near_north": circle.lat + reach,
        "near_west": circle.lon - reach / cosine,
        "near_east": circle.lon + reach / cosine,
        "near_shrink": cosine * cosine,
        "near_square": reach * reach,
    }


def _escaped(word: str) -> str:
    for sign in "\\%_":
        word = word.replace(sign, f"\\{sign}")
    return word
