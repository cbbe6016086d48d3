"""What follows from a live event besides its document: rows of its occurrences, and its components
for calendars, one a language. Decides nothing.

Made where its document is made, so that both always tell of the same body.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from pydantic import TypeAdapter

from aggregator.occurrences import Occurring, occurring
from schema import Days, Event, Recurrence, Timed, When
from schema.edition import Edition
from schema.formats.ical import components
from schema.formats.json import Published

_WHEN: Final[TypeAdapter[Timed | Days]] = TypeAdapter(When)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """Rows without the entity's number. `truncated` None: it is no event."""

    occurrences: tuple[Mapping[str, Any], ...] = ()
    truncated: bool | None = None
    components: tuple[Mapping[str, Any], ...] = ()


NOTHING: Final = Derived()


def derive(published: Published, edition: Edition, now: datetime) -> Derived:
    """What is published → what follows from it, as of now."""
    if published.kind != Event.kind:
        return NOTHING
    found = kept_of(published, now)
    made = components(published, edition)
    return Derived(
        occurrences=found.rows,
        truncated=found.truncated,
        components=tuple(
            {"language": one.language, "ics": one.ics, "zones": " ".join(one.zones)} for one in made
        ),
    )


def kept_of(published: Published, now: datetime) -> Occurring:
    """An event that is published → its occurrences that are kept now. Of its body only the dates
    are read: the whole was checked when it came."""
    body = orjson.loads(published.body)
    said = body.get("recurrence")
    recurrence = None if said is None else Recurrence.model_validate(said)
    return occurring(_WHEN.validate_python(body["when"]), recurrence, now)


def rows_of(entity_no: int, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows with the number of their entity."""
    return [{"entity_no": entity_no, **row} for row in rows]
