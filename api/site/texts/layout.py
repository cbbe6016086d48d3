"""What stands around every page, and words that many pages need. Data only."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "skip": ("Zum Inhalt", "Skip to content"),
    "navigation": ("Hauptmenü", "Main menu"),
    "nav.start": ("Start", "Start"),
    "nav.offers": ("Angebote", "Opportunities"),
    "nav.events": ("Veranstaltungen", "Events"),
    "nav.organisations": ("Organisationen", "Organisations"),
    "nav.data": ("Daten", "Data"),
    "languages": ("Sprache", "Language"),
    "language.de": ("Deutsch", "Deutsch"),
    "language.en": ("English", "English"),
    "service": ("Über diese Seite", "About this site"),
    "legal.imprint": ("Impressum", "Imprint"),
    "legal.privacy": ("Datenschutz", "Privacy"),
    "legal.accessibility": ("Barrierefreiheit", "Accessibility"),
    "footer.data": ("Daten und Schnittstelle", "Data and interface"),
    "footer.admin": ("Verwaltung", "Administration"),
    "start": ("Zur Startseite", "To the start page"),
    "search_do": ("Suchen", "Search"),
    "today": ("Heute", "Today"),
    "tomorrow": ("Morgen", "Tomorrow"),
    "all_day": ("ganztägig", "all day"),
    "until": ("bis", "until"),
    "online": ("online", "online"),
    "about": ("zu", "about"),
    "advice": ("Was hilft", "What helps"),
    "code": ("Kennung", "Code"),
}
