"""What cards and pages of entries say. Data only."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "none_yet": ("Noch ist nichts da.", "Nothing is here yet."),
    "offer.one": ("Engagementangebot", "volunteering opportunity"),
    "offer.many": ("Engagementangebote", "volunteering opportunities"),
    "event.one": ("Veranstaltung", "event"),
    "event.many": ("Veranstaltungen", "events"),
    "coming.one": ("kommende Veranstaltung", "upcoming event"),
    "coming.many": ("kommende Veranstaltungen", "upcoming events"),
    "project.one": ("Projekt", "project"),
    "project.many": ("Projekte", "projects"),
    "organisation.one": ("Organisation", "organisation"),
    "organisation.many": ("Organisationen", "organisations"),
    "place": ("Ort", "Place"),
    "respond": ("Melden", "Get in touch"),
}
