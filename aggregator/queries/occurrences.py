"""The document of one occurrence: that of its event, with what is said of this one alone. Pure,
and slow as lists go: the event's document is parsed.
"""

from typing import Any, Final

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
