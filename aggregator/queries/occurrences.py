"""The document of one occurrence: that of its event, with what is said of this one alone. Pure.
Of what takes place once it is the event's, with a name; that of a series is parsed, which is slow
as lists go.
"""

from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import ColumnElement

from aggregator.store.tables import occurrence
from schema.when import Days, Timed

COLUMNS: Final[tuple[ColumnElement[Any], ...]] = tuple(
    occurrence.c[name] for name in ("wall_start", "wall_end", "zone", "all_day")
)
"""What is needed of an occurrence besides its recurrence id."""
SAID: Final = ("status", "title", "description", "place", "url")
"""What an override may say otherwise than its series."""
DATE: Final = len("2026-03-29")


SERIES: Final = b'"recurrence":'
"""What every document of a series has. No text of a document has it: there a quotation mark stands
behind a backslash."""
KEPT: Final = 4096
"""Times that are remembered as documents have them."""


class Walls(NamedTuple):
    """`COLUMNS` of an occurrence."""

    start: str
    end: str | None
    zone: str
    all_day: bool


def occurring(document: bytes, recurrence_id: str, walls: Walls) -> bytes:
    """An event's document, and an occurrence's recurrence id and columns → its document."""
    if SERIES not in document:
        return b'%b,"recurrence_id":%b}' % (document[:-1], orjson.dumps(recurrence_id))
    return occurrence_of(document, recurrence_id, _when(walls))


@lru_cache(maxsize=KEPT)
def _when(walls: Walls) -> dict[str, Any]:
    start, end, zone, all_day = walls
    return when_of(start, end, zone, all_day=all_day)


def occurrence_of(document: bytes, recurrence_id: str, when: dict[str, Any]) -> bytes:
    """An event's document, an occurrence's recurrence id and its `when` → the document of the
    occurrence: `recurrence_id` names it, `recurrence` is gone."""
    event = orjson.loads(document)
    overrides = (event.pop("recurrence", None) or {}).get("overrides")
    override = _override(overrides, _names(recurrence_id, event["when"])) if overrides else {}
    said = {name: override[name] for name in SAID if name in override}
    if "description" in said:
        event.pop("description_html", None)
    return orjson.dumps({**event, **said, "when": when, "recurrence_id": recurrence_id})


def _names(recurrence_id: str, series: dict[str, Any]) -> set[str]:
    """What an override may call an occurrence: its original start, or the day, which means the one
    at the series' hour; of whole days also that day's beginning."""
    day, hour = recurrence_id[:DATE], recurrence_id[DATE:]
    if not hour:
        return {day, f"{day}T00:00:00"}
    usual = series["start"][DATE : DATE + len(hour)]
    return {recurrence_id, day} if hour == usual else {recurrence_id}


def _override(overrides: list[dict[str, Any]], names: set[str]) -> dict[str, Any]:
    found = (each for each in overrides if each["recurrence_id"] in names)
    return next(found, {})


def when_of(start: str, end: str | None, zone: str, *, all_day: bool) -> dict[str, Any]:
    """An occurrence's `COLUMNS` → its `when` as documents have it."""
    kind = Days if all_day else Timed
    when = kind.model_validate({"start": start, "end": end, "zone": zone})
    return when.model_dump(mode="json", exclude_none=True)
