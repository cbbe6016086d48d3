"""How a calendar is called: the instance, then what was asked for, in words of its language."""

from collections.abc import Mapping
from typing import Final

from api.filter_words import Speech, filled, filters_said
from api.params import Query
from schema.formats.ical_words import spoken
from schema.vocabulary import LANGUAGES

_ROWS: Final[Mapping[str, tuple[str, str, str, str, str]]] = {
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


def name_of(title: str, query: Query, speech: Speech) -> str:
    """The instance's title and a query's filters → "Allmende Musterstadt · Mobilität"."""
    said = filters_said(query, speech)
    return " · ".join([title, *(words for _filter, words in said)])


def description_of(sources: str, language: str) -> str:
    """What a calendar is, and where its sources and licences stand."""
    return filled(_ROWS["described"][LANGUAGES.index(spoken(language))], url=sources)
