"""What the instance before the browser holds besides odd things: entries that say everything there
is to say, so that each kind of page shows each of its parts."""

from typing import Any, Final

from sqlalchemy import Connection

from tests.api.seeding import (
    HOUR,
    NOW,
    add_entity,
    add_event,
    add_facets_to,
    body,
    identity,
    remove,
    touch,
)

DAY: Final = 24 * HOUR
WHOSE: Final = ("organisation", str(identity("organisation", 1)))
RICH: Final = 60
"""The number of the offer, the event and the project that say everything; organisation 1 does."""
GONE: Final = 61
"""The number of an offer that was withdrawn."""
PARTS: Final[dict[str, Any]] = {
    "description": {"de": "Wir gießen."},
    "description_html": {"de": "<h1>Was zu tun ist</h1><p>Gießen, <b>gießen</b>.</p><h5>Wo</h5>"},
    "schedule": {"de": "dienstags ab 17 Uhr\nauch in den Ferien"},
    "hours": 2.5,
    "wanted": 3,
    "remote": False,
    "commitment": "long_term",
    "skills": ["Geduld", "eigene Gießkanne"],
    "activities": ["Gießen"],
    "target_groups": ["Familien"],
    "requirements": {"en": "None, but bring boots."},
    "accessibility": {"de": "Der Garten ist stufenlos erreichbar."},
    "opening_hours": {"de": "Mo–Fr 9–17 Uhr"},
    "categories": [{"scheme": "topics", "term": "urban_green_biodiversity", "by": "source"}],
    "climate": ["adaptation"],
    "tags": ["Bäume", "Sommer"],
    "contact": {"email": "baum@agentur.example", "phone": "+49 345 12345"},
    "links": [
        {"url": "https://agentur.example/merkblatt.pdf", "type": "document"},
        {"url": "https://agentur.example/guide", "title": {"en": "How to water trees"}},
    ],
    "images": [{"url": "https://agentur.example/baum.jpg", "credit": "Stadt Halle"}],
    "freshness": "withheld",
    "created": "2026-11-01T10:00:00Z",
}


def furnish_pages(connection: Connection) -> None:
    """One entry of each kind that says everything, one that is gone, what belongs together."""
    add_entity(connection, "offer", RICH, body("offer", RICH, **PARTS))
    add_entity(connection, "project", RICH, body("project", RICH, form="idea", **PARTS))
    touch(connection, "organisation", 1, type="association", **PARTS)
    spans = [(NOW + n * 7 * DAY, NOW + n * 7 * DAY + 2 * HOUR) for n in range(5)]
    add_event(connection, RICH, *spans, statuses={2: "cancelled"})
    rule = {"rule": "FREQ=WEEKLY"}
    touch(connection, "event", RICH, recurrence=rule, attendance="mixed", **PARTS)
    for number in range(2, 10):
        add_facets_to(connection, "offer", number, WHOSE)
    add_facets_to(connection, "event", RICH, WHOSE)
    add_entity(connection, "offer", GONE)
    remove(connection, "offer", GONE, "withdrawn")
