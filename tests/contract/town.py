"""An invented town: entities with every field and with hardly any. Data only.

What it says becomes the examples of the OpenAPI document, so it must read well and name nobody.
"""

from typing import Any, Final

ZONE: Final = "Europe/Berlin"
GARDEN: Final = "Nachbarschaftsgarten Nordstadt e. V."
REPAIR: Final = "Reparaturcafé am Markt"

ORGANISATION: Final[dict[str, Any]] = {
    "native_id": "garten",
    "title": {"de": GARDEN, "en": "Nordstadt community garden"},
    "summary": {"de": "Wir gärtnern gemeinsam auf einer Brache.", "en": "We garden together."},
    "description": {"de": "Jede und jeder darf mitmachen, jeden Samstag von April bis Oktober."},
    "description_html": {"de": "<p>Jede und jeder darf mitmachen.</p>"},
    "url": "https://garten.example/",
    "respond": {"email": "info@garten.example"},
    "links": [
        {"url": "https://garten.example/anleitung", "title": {"de": "Anleitung"}, "type": "guide"}
    ],
    "images": [
        {
            "url": "https://garten.example/beete.jpg",
            "credit": GARDEN,
            "licence": "cc-by/4.0",
            "consent": True,
            "stock": False,
            "alt": {"de": "Drei Hochbeete in der Sonne"},
        }
    ],
    "climate": ["adaptation", "justice"],
    "categories": [
        {"scheme": "topics", "term": "urban_green_biodiversity", "by": "source"},
        {"scheme": "topics", "term": "education", "by": "rule"},
    ],
    "tags": ["Garten", "Hitze"],
    "place": {
        "name": "Alte Gärtnerei",
        "street": "Beetweg 3",
        "postal_code": "06108",
        "locality": "Halle (Saale)",
        "district": "Nordstadt",
        "country": "DE",
        "lat": 51.4886,
        "lon": 11.9701,
        "precision": "address",
        "authority": {"ags": "15002000", "lau": "15002000", "wikidata": "Q2814"},
    },
    "contact": {
        "role": "organisation",
        "name": GARDEN,
        "email": "info@garten.example",
        "phone": "+493455550100",
        "url": "https://garten.example/kontakt",
    },
    "source_created": "2025-03-01T09:00:00+01:00",
    "source_modified": "2026-11-02T18:30:00+01:00",
    "type": "association",
    "initiative_type": "community_garden",
    "open_for_cooperation": True,
    "opening_hours": {"de": "Samstags von 10 bis 16 Uhr"},
    "accessibility": {"de": "Ebene Wege, ein Hochbeet für Rollstühle"},
}

OFFER: Final[dict[str, Any]] = {
    "native_id": "giessen",
    "title": {"de": "Junge Bäume gießen", "en": "Water young trees"},
    "summary": {"de": "Im Sommer brauchen junge Stadtbäume Wasser."},
    "description": {"de": "Kannen und Wasser sind da. Wer mag, übernimmt einen Baum."},
    "url": "https://agentur.example/angebote/giessen",
    "respond": {"url": "https://agentur.example/angebote/giessen#antworten"},
    "climate": ["adaptation"],
    "categories": [{"scheme": "topics", "term": "urban_green_biodiversity", "by": "source"}],
    "tags": ["Bäume"],
    "place": {"postal_code": "06108", "locality": "Halle (Saale)", "lat": 51.48, "lon": 11.97},
    "contact": {"role": "role", "email": "ehrenamt@agentur.example"},
    "source_modified": "2026-11-20T08:00:00+01:00",
    "status": "open",
    "commitment": "long_term",
    "schedule": {"de": "Zweimal die Woche am Abend"},
    "hours": 1.5,
    "wanted": 6,
    "skills": ["Eine volle Kanne tragen"],
    "target_groups": ["Nachbarn"],
    "activities": ["Gießen"],
    "remote": False,
    "requirements": {"de": "Keine"},
    "benefits": {"de": "Ein Fest im Herbst"},
    "valid_from": "2026-04-01",
    "valid_through": "2026-10-31",
    "accessibility": {"de": "Auch im Sitzen möglich"},
}

SERIES: Final[dict[str, Any]] = {
    "native_id": "reparieren",
    "title": {"de": "Gemeinsam reparieren", "nl": "Samen repareren"},
    "summary": {"de": "Bringt mit, was kaputt ist."},
    "url": "https://markt.example/reparieren",
    "categories": [
        {"scheme": "topics", "term": "production_consumption_recycling", "by": "source"}
    ],
    "place": {"name": REPAIR, "locality": "Halle (Saale)", "lat": 51.4825, "lon": 11.97},
    "type": "workshop",
    "attendance": "onsite",
    "when": {"start": "2026-11-25T18:00:00", "end": "2026-11-25T21:00:00", "zone": ZONE},
    "recurrence": {
        "rule": "FREQ=WEEKLY;COUNT=8",
        "added": [{"start": "2026-11-28T14:00:00", "end": "2026-11-28T17:00:00", "zone": ZONE}],
        "removed": ["2026-12-23T18:00:00"],
        "overrides": [
            {
                "recurrence_id": "2026-12-02T18:00:00",
                "when": {
                    "start": "2026-12-02T19:00:00",
                    "end": "2026-12-02T21:00:00",
                    "zone": ZONE,
                },
                "status": "rescheduled",
                "title": {"de": "Gemeinsam reparieren: Fahrräder"},
            }
        ],
    },
    "source_uid": "reparieren@markt.example",
    "sequence": 2,
}

DAYS: Final[dict[str, Any]] = {
    "native_id": "klimatage",
    "title": {
        "de": "Klimatage",
        "en": "Climate days",
        "pt": "Dias do clima",
        "lt": "Klimato dienos",
    },
    "categories": [{"scheme": "topics", "term": "energy", "by": "editor"}],
    "place": {"name": "Rathaus", "locality": "Halle (Saale)", "lat": 51.4826, "lon": 11.9695},
    "type": "action_day",
    "status": "moved_online",
    "attendance": "online",
    "when": {"start": "2026-12-05", "end": "2026-12-07", "all_day": True, "zone": ZONE},
    "previous_start": {"start": "2026-11-28", "all_day": True, "zone": ZONE},
}

PROJECT: Final[dict[str, Any]] = {
    "native_id": "dach",
    "title": {"de": "Solardächer für Schulen"},
    "summary": {"de": "Eine Partnerschaft von Stadt und Bürgerenergie."},
    "climate": ["mitigation"],
    "form": "partnership",
    "status": "seeking_partners",
}

TOWN: Final = (
    ("project", PROJECT),
    ("project", {"native_id": "idee", "title": {"de": "Kühle Orte"}, "form": "idea"}),
    ("organisation", {"native_id": "fort", "title": {"de": "Löste sich auf"}}),
    ("organisation", {"native_id": "doppelt", "title": {"de": "Nachbarschaftsgarten"}}),
    ("offer", {"native_id": "knapp", "title": {"de": "Mithelfen"}}),
    ("offer", {"native_id": "bald fort", "title": {"de": "Zettel verteilen"}, "status": "paused"}),
    ("offer", OFFER),
    ("event", {**DAYS, "native_id": "fort", "title": {"de": "Fiel aus"}, "status": "cancelled"}),
    ("event", DAYS),
    ("event", SERIES),
)
"""Kind and fields, in the order in which they came in."""
WHOSE: Final = {
    "giessen": ORGANISATION,
    "reparieren": {"native_id": "markt", "title": {"de": REPAIR}},
    "knapp": {"native_id": "markt", "title": {"de": REPAIR}},
}
"""Native id → what its source says of the organisation it belongs to."""
