"""How a calendar is called: the instance, then what was asked for, in words of its language."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from api.filter_params import NOW, Bound
from api.params import Query
from schema import schemes
from schema.formats.ical_words import day_and_time, spoken
from schema.vocabulary import LABELS, LANGUAGES

_ROWS: Final[Mapping[str, tuple[str, str, str, str, str]]] = {
    "around": (
        "{km} km um {place}", "{km} km around {place}", "{km} km rond {place}",
        "{km} km em redor de {place}", "{km} km aplink {place}",
    ),
    "box": (
        "Kartenausschnitt {box}", "map section {box}", "kaartuitsnede {box}",
        "secção do mapa {box}", "žemėlapio iškarpa {box}",
    ),
    "from": ("ab {when}", "from {when}", "vanaf {when}", "a partir de {when}", "nuo {when}"),
    "to": ("bis {when}", "until {when}", "tot {when}", "até {when}", "iki {when}"),
    "now": ("jetzt", "now", "nu", "agora", "dabar"),
    "unmapped": (
        "ohne Kategorie", "without category", "zonder categorie", "sem categoria",
        "be kategorijos",
    ),
    "source": ("Quelle {id}", "source {id}", "bron {id}", "fonte {id}", "šaltinis {id}"),
    "described": (
        ("Veranstaltungen, zusammengeführt aus mehreren Quellen. Quelle und Lizenz stehen in jedem "
        "Eintrag; alle Quellen und Lizenzen: {url}"),
        ("Events brought together from several sources. Source and licence stand in every entry; "
        "all sources and licences: {url}"),
        ("Evenementen uit meerdere bronnen. Bron en licentie staan bij elke vermelding; alle "
        "bronnen en licenties: {url}"),
        ("Eventos reunidos de várias fontes. A fonte e a licença constam de cada entrada; todas as "
        "fontes e licenças: {url}"),
        ("Renginiai iš kelių šaltinių. Šaltinis ir licencija nurodyti kiekviename įraše; visi "
        "šaltiniai ir licencijos: {url}"),
    ),
}  # fmt: skip


def said(name: str, language: str, **parts: str) -> str:
    """Words of a calendar in a language, with what belongs into them."""
    row = _ROWS[name][LANGUAGES.index(spoken(language))]
    for part, text in parts.items():
        row = row.replace("{" + part + "}", text)
    return row


def name_of(title: str, query: Query, language: str, zone: str) -> str:
    """The instance's title and a query's filters → "Allmende Musterstadt · Mobilität". Instants are
    said in the instance's zone."""
    return " · ".join([title, *_filters(query, language), *_window(query, language, zone)])


def description_of(sources: str, language: str) -> str:
    """What a calendar is, and where its sources and licences stand."""
    return said("described", language, url=sources)


def _filters(query: Query, language: str) -> Iterator[str]:
    texts = query.texts
    if "category" in texts:
        yield _category(texts["category"], language)
    if "status" in texts:
        label = LABELS.get(f"status.{texts['status']}", {})
        yield label.get(spoken(language), texts["status"])
    if "q" in texts:
        words = " ".join(texts["q"].split())
        yield f"„{words}“" if spoken(language) in {"de", "lt"} else f"“{words}”"
    if "near" in texts:
        yield said("around", language, km=_radius(query), place=texts["near"])
    if "bbox" in texts:
        yield said("box", language, box=texts["bbox"])
    if "source" in texts:
        yield said("source", language, id=texts["source"])


def _window(query: Query, language: str, zone: str) -> Iterator[str]:
    for end in ("from", "to"):
        if end in query.values:
            yield said(end, language, when=_moment(query.values[end], language, zone))


def _category(text: str, language: str) -> str:
    found = schemes.find(text)
    if found is None:
        return said("unmapped", language)
    return schemes.label(found, spoken(language))


def _radius(query: Query) -> str:
    return query.texts.get("radius", "10")


def _moment(end: Bound, language: str, zone: str) -> str:
    if end == NOW:
        return said("now", language)
    local = end.astimezone(ZoneInfo(zone)) if isinstance(end, datetime) else end
    return day_and_time(local.isoformat(), language)
