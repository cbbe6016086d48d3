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
    "agenda": ("Die nächsten zwei Wochen", "The next two weeks"),
    "agenda_none": ("In dieser Zeit ist nichts angekündigt.", "Nothing is announced in this time."),
    "agenda_more": ("Alle kommenden Veranstaltungen als JSON", "All coming events as JSON"),
    "subscribe": ("Kalender abonnieren", "Subscribe to the calendar"),
    "calendar_file": ("Adresse des Kalenders (iCal)", "Address of the calendar (iCal)"),
    "newest": ("Neueste Angebote", "Newest opportunities"),
    "monitor": ("Zustand der Quellen im Einzelnen", "The state of the sources in detail"),
}
