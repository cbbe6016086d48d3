"""What a reader of our calendar is to see, told from the event itself and `schema.recurring`."""

from datetime import UTC, datetime

from schema.entities import Event
from schema.formats.ical_words import words
from schema.recurring import expand
from schema.when import Days, Timed
from tests.schema.formats.events import Shown

STATES = {"cancelled": "CANCELLED", "postponed": "TENTATIVE"}


def shown(event: Event, language: str, after: datetime, before: datetime) -> list[Shown]:
    """Every occurrence between two instants as a person is to see it."""
    found = expand(event.when, event.recurrence, after, before, most=10_000)
    assert not found.truncated
    said = []
    for occurrence in found.occurrences:
        override = occurrence.override
        status = (override.status if override else None) or event.status
        title = (override.title if override else None) or event.title
        said.append(
            Shown(
                *span(occurrence.when),
                titled(title.get(language) or chosen(title), status, language),
                STATES.get(status, "CONFIRMED"),
            )
        )
    return sorted(said)


def chosen(texts: dict[str, str]) -> str:
    return next((texts[tag] for tag in ("de", "en") if tag in texts), texts[min(texts)])


def titled(title: str, status: str, language: str) -> str:
    """The title as a phone shows it."""
    prefix = words(language).get(status, "")
    return title if prefix and title.lower().startswith(prefix[:-2].lower()) else prefix + title


def span(when: Timed | Days) -> tuple[str, str]:
    """Start and end as instants in UTC, or as days."""
    if isinstance(when, Days):
        return when.start.isoformat(), when.after.isoformat()
    return when.starts.astimezone(UTC).isoformat(), when.ends.astimezone(UTC).isoformat()
