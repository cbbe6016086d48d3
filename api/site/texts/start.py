"""What the start page says. Data only."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "lead": (
        (
            "Wer sich hier für Klima und Gemeinwohl engagiert und wo Hilfe gebraucht wird: "
            "aus vielen Quellen zusammengeführt, für Menschen und für Programme."
        ),
        (
            "Who does what here for the climate and the common good, and where help is needed: "
            "brought together from many sources, for people and for programs."
        ),
    ),
    "search_all": (
        "Angebote, Veranstaltungen und Organisationen suchen",
        "Search opportunities, events and organisations",
    ),
    "by_topic": ("Angebote nach Themen", "Opportunities by topic"),
    "agenda": ("Die nächsten zwei Wochen", "The next two weeks"),
    "agenda_none": ("In dieser Zeit ist nichts angekündigt.", "Nothing is announced in this time."),
    "agenda_more": ("Alle Veranstaltungen", "All events"),
    "subscribe": ("Kalender abonnieren", "Subscribe to the calendar"),
    "newest": ("Neueste Angebote", "Newest opportunities"),
    "newest_more": ("Alle Angebote", "All opportunities"),
    "monitor": ("Zustand der Quellen im Einzelnen", "The state of the sources in detail"),
}
