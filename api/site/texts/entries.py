"""What cards and pages of entries say. Data only."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "event_page": ("Mehr dazu", "More about it"),
    "event_ics": ("Kalendereintrag", "Calendar entry"),
    "none_yet": ("Noch ist nichts da.", "Nothing is here yet."),
    "offer.one": ("Engagementangebot", "volunteering opportunity"),
    "offer.many": ("Engagementangebote", "volunteering opportunities"),
    "event.one": ("Veranstaltung", "event"),
    "event.many": ("Veranstaltungen", "events"),
    "project.one": ("Projekt", "project"),
    "project.many": ("Projekte", "projects"),
    "organisation.one": ("Organisation", "organisation"),
    "organisation.many": ("Organisationen", "organisations"),
    "organisation": ("Organisation", "Organisation"),
    "place": ("Ort", "Place"),
    "status": ("Status", "Status"),
    "source_page": ("Zum Angebot", "Full description"),
    "respond": ("Melden", "Get in touch"),
}
