"""An invented city as a portal would show it: few entries, all of them readable. Data for pictures.

People, organisations and addresses are invented; hosts end in `.example`.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection

from tests.api.seeding import (
    HOUR,
    NOW,
    ZONE,
    add_day_count,
    add_entity,
    add_event,
    add_facets_to,
    add_source,
    body,
    identity,
    touch,
)

TITLE: Final = "Klima in Musterstadt"
AGENCY: Final = {
    "id": "agentur",
    "name": "Freiwilligen-Agentur Musterstadt",
    "url": "https://agentur.example/",
    "licence": "cc-by/4.0",
    "attribution": "Freiwilligen-Agentur Musterstadt",
    "fetched": "2026-11-19T08:00:00Z",
}
CALENDAR: Final = {
    "id": "stadtkalender",
    "name": "Veranstaltungskalender der Stadt",
    "url": "https://stadt.example/",
    "licence": "dl-by-de/2.0",
    "attribution": "Stadt Musterstadt",
    "fetched": "2026-11-20T16:00:00Z",
}
ORGANISATIONS: Final = (
    ("Grüne Lunge e. V.", "association", "Wir pflanzen, pflegen und gießen Stadtbäume."),
    ("Reparaturwerk Südhafen", "initiative", "Jeden Samstag wird hier repariert statt entsorgt."),
    ("Energiegenossenschaft Sonnendach eG", "initiative", "Bürgerstrom von Musterstadts Dächern."),
    (
        "Stadtbücherei Musterstadt",
        "municipality",
        "Bücher, Werkzeuge und Messgeräte zum Ausleihen.",
    ),
)
OFFERS: Final = (
    ("Patin oder Pate für junge Stadtbäume", 1, "urban_green_biodiversity", "06108", "Altstadt",
     "Ein Sommer ohne Regen bringt junge Bäume um. Übernimm einen Baum in deiner Straße."),
    ("Reparieren statt wegwerfen: Hilfe im Repair-Café", 2, "production_consumption_recycling",
     "06112", "Südhafen", "Wer löten, nähen oder schrauben kann, hilft anderen dabei."),
    ("Balkonkraftwerke erklären", 3, "energy", "06114", "Nordviertel",
     "Zeig Nachbarinnen und Nachbarn, wie ein Balkonkraftwerk angemeldet und montiert wird."),
    ("Radwege melden und zählen", 1, "mobility", "06108", "Altstadt",
     "An zwei Tagen im Jahr zählen wir Räder und melden der Stadt, wo es eng wird."),
    ("Vorlesen: Geschichten vom Wasser", 4, "education", "06110", "Weststadt",
     "Einmal im Monat liest du Kindern von Flüssen, Mooren und Regen vor."),
    ("Trinkwasser für heiße Tage", 4, "health", "06108", "Altstadt",
     "Im Sommer stehst du an einem Trinkbrunnen und achtest auf Menschen, denen heiß ist."),
)  # fmt: skip
EVENTS: Final = (
    ("Klimastammtisch", 1, 31, 2, "Bürgerhaus", "FREQ=WEEKLY;BYDAY=SU"),
    ("Repair-Café", 2, 1, 4, "Werkstatt am Südhafen", None),
    ("Sprechstunde Balkonkraftwerk", 3, 52, 2, "Stadtbücherei", None),
    ("Gemeinsam gießen im Stadtpark", 1, 22, 3, "Stadtpark, Pavillon", None),
    ("Ausschuss für Klima und Umwelt, öffentlich", None, 76, 3, "Rathaus, Saal 2", None),
    ("Vortrag: Wie warm wird Musterstadt?", 4, 127, 2, "Stadtbücherei", None),
)
HELD_OFF: Final = 5
"""The number of the event that is called off."""


def furnish_city(connection: Connection) -> None:
    """Sources, organisations, offers and events of the city."""
    for each, minutes in ((AGENCY, 40), (CALENDAR, 125)):
        facts = orjson.dumps(each).decode()
        confirmed = NOW - timedelta(minutes=minutes)
        add_source(connection, each["id"], facts=facts, checked=confirmed, succeeded=confirmed)
    add_day_count(connection, NOW.date(), "offer", "open", len(OFFERS))
    add_day_count(connection, NOW.date(), "organisation", "", len(ORGANISATIONS))
    for number, (name, type_, text) in enumerate(ORGANISATIONS, 1):
        fields = _plain(name, text, 0, AGENCY) | {"type": type_, "status": None}
        add_entity(connection, "organisation", number, body("organisation", number, **fields))
    for number in range(len(OFFERS), 0, -1):
        _offer(connection, number)
    for number in range(1, len(EVENTS) + 1):
        _event(connection, number)


def _plain(title: str, text: str, whose: int | None, source: dict[str, str]) -> dict[str, Any]:
    organisation = None
    if whose:
        id_ = str(identity("organisation", whose))
        organisation = {"id": id_, "url": "", "name": ORGANISATIONS[whose - 1][0]}
    return {
        "title": {"de": title},
        "summary": {"de": text},
        "organisation": organisation,
        "sources": [source],
        "created": "2026-10-05T09:00:00Z",
    }


def _offer(connection: Connection, number: int) -> None:
    title, whose, topic, postcode, district, text = OFFERS[number - 1]
    fields = _plain(title, text, whose, AGENCY) | {
        "place": {"postal_code": postcode, "locality": "Musterstadt", "district": district},
        "categories": [{"scheme": "topics", "term": topic, "by": "source"}],
        "commitment": "long_term" if number % 2 else "one_off",
        "schedule": {"de": "nach Absprache, meist am frühen Abend"},
        "hours": 2,
        "wanted": number + 1,
        "skills": ["Freude an der Sache"],
        "climate": ["adaptation"],
        "description_html": {
            "de": "<p>Du brauchst keine Vorkenntnisse und entscheidest selbst, wie oft du "
            "kommst.</p><h2>Was du tust</h2><ul><li>einmal in der Woche vorbeischauen</li>"
            "<li>Bescheid geben, wenn etwas fehlt</li></ul><h2>Was du davon hast</h2>"
            "<p>Eine Einführung, Werkzeug zum Ausleihen und einmal im Jahr ein Fest.</p>"
        },
    }
    add_entity(connection, "offer", number, body("offer", number, **fields))
    whose_facet = ("organisation", str(identity("organisation", whose)))
    add_facets_to(connection, "offer", number, ("category", f"topics:{topic}"), whose_facet)


def _event(connection: Connection, number: int) -> None:
    title, whose, hours, length, place, rule = EVENTS[number - 1]
    weeks = range(6 if rule else 1)
    spans = [_span(NOW + (hours + n * 168) * HOUR, length) for n in weeks]
    add_event(connection, number, *spans)
    fields = _plain(title, "Alle sind willkommen, auch ohne Anmeldung.", None, CALENDAR) | {
        "place": {"name": place, "locality": "Musterstadt"},
        "organiser": _plain("", "", whose, CALENDAR)["organisation"],
        "status": "cancelled" if number == HELD_OFF else "scheduled",
        "recurrence": {"rule": rule} if rule else None,
        "when": {
            "start": spans[0][0].astimezone(ZoneInfo(ZONE)).isoformat(),
            "end": spans[0][1].astimezone(ZoneInfo(ZONE)).isoformat(),
            "zone": "Europe/Berlin",
        },
    }
    touch(connection, "event", number, **fields)


def _span(start: datetime, length: int) -> tuple[datetime, datetime]:
    return start, start + length * HOUR
