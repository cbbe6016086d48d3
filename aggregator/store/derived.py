"""What follows from a live event besides its document: rows of its occurrences. Decides nothing.

Made where its document is made, so that both always tell of the same body.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aggregator.occurrences import occurring
from schema import Event, decode
from schema.formats.json import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """Rows without the entity's number. `truncated` None: it is no event."""

    occurrences: tuple[Mapping[str, Any], ...] = ()
    truncated: bool | None = None


NOTHING: Final = Derived()


def derive(published: Published, now: datetime) -> Derived:
    """What is published → what follows from it, as of now."""
    if published.kind != Event.kind:
        return NOTHING
    event = decode(published.kind, "", published.body)
    assert isinstance(event, Event)
    found = occurring(event, now)
    return Derived(occurrences=found.rows, truncated=found.truncated)


def rows_of(entity_no: int, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows with the number of their entity."""
    return [{"entity_no": entity_no, **row} for row in rows]
