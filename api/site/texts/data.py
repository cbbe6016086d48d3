"""What is said about data, sources and licences. Data only."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "data": ("Daten", "Data"),
    "data_lead": (
        (
            "Alles, was auf diesen Seiten steht, gibt es auch als JSON. Texte tragen ihre Sprache, "
            "jeder Eintrag nennt Quelle und Lizenz."
        ),
        (
            "Everything on these pages also exists as JSON. Texts carry their language, every "
            "entry names its source and licence."
        ),
    ),
    "addresses": ("Adressen", "Addresses"),
    "data_events": ("alle Veranstaltungen", "all events"),
    "data_events.ics": ("alle Veranstaltungen als Kalender", "all events as a calendar"),
    "data_projects": ("alle Projekte", "all projects"),
    "data_offers": ("alle Engagementangebote", "all volunteering opportunities"),
    "data_organisations": ("alle Organisationen", "all organisations"),
    "data_changes": (
        "jede Änderung der Reihe nach, auch Löschungen (RPDE 1.0)",
        "every change in order, removals too (RPDE 1.0)",
    ),
    "data_sources": ("Quellen und ihr Stand", "sources and how fresh they are"),
    "sources": ("Quellen und Lizenzen", "Sources and licences"),
    "licence": ("Lizenz", "Licence"),
    "licence.unknown": ("ungeklärt, bitte bei der Quelle fragen", "not known, please ask there"),
    "attribution": ("Zu nennen", "To be credited"),
    "confirmed": ("Zuletzt bestätigt", "Last confirmed"),
    "never_confirmed": ("noch nie", "never yet"),
    "entries": ("Einträge", "Entries"),
    "fresh": ("aktuell", "up to date"),
    "stale": ("zurzeit nicht bestätigt", "not confirmed at present"),
}
