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
    "data_search": ("Suche über alles", "search over everything"),
    "data_categories": (
        "Themen mit Namen, Erklärung und Zahlen",
        "topics with names, explanations and counts",
    ),
    "data_stats": ("Zahlen je Tag", "numbers per day"),
    "interface": ("Schnittstelle", "Interface"),
    "interface_lead": (
        (
            "Jede Adresse ist beschrieben und lässt sich ausprobieren. Sie ist offen, ohne "
            "Anmeldung, und sagt bei Fehlern, was erwartet wird."
        ),
        (
            "Every address is described and can be tried out. It is open, without a login, and "
            "says what is expected where something is wrong."
        ),
    ),
    "data_docs": ("zum Lesen und Ausprobieren (Englisch)", "to read and to try out"),
    "data_openapi": (
        "dieselbe Beschreibung für Programme (OpenAPI 3.1)",
        "the same description for programs (OpenAPI 3.1)",
    ),
    "embedding": ("Auf eigenen Seiten zeigen", "On pages of your own"),
    "embedding_lead": (
        (
            "Jede Liste gibt es auch als Stück HTML, das Ihr Server in eine eigene Seite setzt: "
            "ohne Skripte und Gestaltung, mit Quellen und Lizenzen."
        ),
        (
            "Every list also exists as a piece of HTML that your server puts into a page of its "
            "own: without scripts and style, with sources and licences."
        ),
    ),
    "embedding_example": ("drei Angebote als Beispiel", "three opportunities as an example"),
    "terms": ("Was Sie damit dürfen", "What you may do with it"),
    "terms_lead": (
        "Das sagt die Lizenz der Quelle, die jeder Eintrag nennt. Wer sie wie nennt:",
        "That is said by the source's licence, which every entry names. Who says what:",
    ),
    "data_sources": ("Quellen und ihr Stand", "sources and how fresh they are"),
    "sources": ("Quellen und Lizenzen", "Sources and licences"),
    "licence": ("Lizenz", "Licence"),
    "licence.unknown": ("ungeklärt, bitte bei der Quelle fragen", "not known, please ask there"),
    "attribution": ("Zu nennen", "To be credited"),
    "confirmed": ("Zuletzt bestätigt", "Last confirmed"),
    "never_confirmed": ("noch nie", "never yet"),
    "entries": ("Einträge", "Entries"),
    "past_too": ("auch vergangene", "past ones too"),
    "fresh": ("aktuell", "up to date"),
    "stale": ("zurzeit nicht bestätigt", "not confirmed at present"),
}
