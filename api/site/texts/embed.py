"""What the fragment for other pages says. Data only."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "embed.offer": ("Engagementangebote", "Volunteering opportunities"),
    "embed.event": ("Veranstaltungen", "Events"),
    "embed.organisation": ("Organisationen", "Organisations"),
    "embed.project": ("Projekte", "Projects"),
    "embed.none": ("Zurzeit ist hier nichts eingetragen.", "Nothing is listed here at present."),
    "embed.all": ("Alle ansehen: {}", "See all: {}"),
    "embed.sources": ("Quellen", "Sources"),
    "embed.stale": (
        "Zurzeit nicht bestätigt und womöglich überholt: {}.",
        "Not confirmed at present and perhaps out of date: {}.",
    ),
}
