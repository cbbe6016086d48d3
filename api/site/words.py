"""What the public pages say, in each language they exist in. Data, and choosing among it.

Labels of the vocabularies stand in `schema.vocabulary`; here are the pages' own sentences.
"""

from collections.abc import Mapping
from typing import Final

from schema.vocabulary import LABELS

LANGUAGES: Final = ("de", "en")
"""The first one is spoken to those who do not say what they read."""

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "skip": ("Zum Inhalt", "Skip to content"),
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
    "other_language": ("English", "Deutsch"),
    "menu": ("Bereiche der Seite", "Sections of this page"),
    "agenda": ("Die nächsten zwei Wochen", "The next two weeks"),
    "agenda_none": ("In dieser Zeit ist nichts angekündigt.", "Nothing is announced in this time."),
    "agenda_more": ("Alle kommenden Veranstaltungen als JSON", "All coming events as JSON"),
    "subscribe": ("Kalender abonnieren", "Subscribe to the calendar"),
    "calendar_file": ("Adresse des Kalenders (iCal)", "Address of the calendar (iCal)"),
    "today": ("Heute", "Today"),
    "tomorrow": ("Morgen", "Tomorrow"),
    "all_day": ("ganztägig", "all day"),
    "until": ("bis", "until"),
    "online": ("online", "online"),
    "event_page": ("Mehr dazu", "More about it"),
    "event_ics": ("Kalendereintrag", "Calendar entry"),
    "newest": ("Neueste Angebote", "Newest opportunities"),
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
    "about": ("zu", "about"),
    "data": ("Daten", "Data"),
    "data_lead": (
        (
            "Alles, was hier steht, gibt es auch als JSON. Texte tragen ihre Sprache, "
            "jeder Eintrag nennt Quelle und Lizenz."
        ),
        (
            "Everything on this page also exists as JSON. Texts carry their language, every entry "
            "names its source and licence."
        ),
    ),
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
    "monitor": ("Zustand der Quellen im Einzelnen", "The state of the sources in detail"),
    "start": ("Zur Startseite", "To the start page"),
    "advice": ("Was hilft", "What helps"),
    "code": ("Kennung", "Code"),
    "meaning": ("Das bedeutet", "What this means"),
}


def words_in(language: str) -> Mapping[str, str]:
    """A language of `LANGUAGES` → every word of the pages in it."""
    column = LANGUAGES.index(language)
    return {name: texts[column] for name, texts in _WORDS.items()}


def label(name: str, language: str) -> str:
    """A label of the vocabularies ("status.open"); an unknown one is shown as it is."""
    return LABELS.get(name, {}).get(language, name.rpartition(".")[2])


def counted(n: int, kind: str, language: str) -> str:
    """A number of entries of a kind, in words."""
    known = words_in(language)
    name = known.get(f"{kind}.one" if n == 1 else f"{kind}.many", kind)
    return f"{n} {name}"


def language_for(asked: str | None, accepted: str) -> str:
    """`?lang=` and Accept-Language (RFC 9110 12.5.4) → the page's language."""
    if asked in LANGUAGES:
        return asked
    ranked = sorted(map(_ranked, accepted.split(",")), key=lambda choice: -choice[0])
    known = (tag.split("-")[0] for weight, tag in ranked if weight > 0)
    return next((tag for tag in known if tag in LANGUAGES), LANGUAGES[0])


def _ranked(part: str) -> tuple[float, str]:
    tag, _, parameters = part.strip().lower().partition(";")
    weight = parameters.replace(" ", "").removeprefix("q=")
    try:
        return float(weight or 1), tag.strip()
    except ValueError:
        return 0.0, tag.strip()


def chosen(texts: Mapping[str, str] | None, language: str) -> tuple[str, str] | None:
    """A map from language to text → (language, text): the one asked for, German, English, any."""
    if not texts:
        return None
    found = next((tag for tag in (language, *LANGUAGES) if tag in texts), min(texts))
    return found, texts[found]
