"""What a list or a calendar is narrowed down to, in words of each language. Data and pure
functions; who a value names (an organisation, a source) is told, not looked up."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from api.filter_params import DEFAULT_RADIUS, NOW, Bound
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
    "source": ("Quelle {id}", "source {id}", "bron {id}", "fonte {id}", "šaltinis {id}"),
    "tag": (
        "Schlagwort {text}", "tag {text}", "trefwoord {text}", "etiqueta {text}", "žymė {text}",
    ),
    "has_lang": (
        "mit Text auf {language}", "with text in {language}", "met tekst in het {language}",
        "com texto em {language}", "su tekstu: {language}",
    ),
    "organisation": (
        "Organisation {id}", "organisation {id}", "organisatie {id}", "organização {id}",
        "organizacija {id}",
    ),
    "or": ("oder", "or", "of", "ou", "arba"),
    "modified_since": (
        "geändert seit {when}", "changed since {when}", "gewijzigd sinds {when}",
        "alterado desde {when}", "pakeista nuo {when}",
    ),
}  # fmt: skip
LABELLED: Final = (
    "status",
    "commitment",
    "remote",
    "type",
    "initiative_type",
    "open_for_cooperation",
    "attendance",
    "form",
    "climate",
    "licence",
    "freshness",
)
"""Filters whose values are words of a vocabulary."""
FIRST: Final = {"portal": 0, "q": 1, "category": 2}
"""Filters that are said before all others."""
NAMING: Final = frozenset(
    {*LABELLED, "category", "city", "has_lang", "organisation", "source", "tag"}
)
"""Filters of which a query may name several values."""
Names = Mapping[tuple[str, str], str]
"""(filter, value) → what it names: an organisation, a source, a portal, a city as it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """In which language filters are said, in which zone instants, and what values name."""

    language: str
    zone: str
    names: Names = field(default_factory=dict)


def worded(name: str, into: str, /, **parts: str) -> str:
    """A row of words in the language `into`, with what belongs into it."""
    return filled(_ROWS[name][LANGUAGES.index(spoken(into))], **parts)


def filled(text: str, /, **parts: str) -> str:
    """A text with its {parts} put in, whatever signs they hold."""
    for part, put in parts.items():
        text = text.replace("{" + part + "}", put)
    return text


def filters_said(query: Query, speech: Speech) -> Iterator[tuple[str, str]]:
    """A checked query → each filter's name and what it asks for, in words; `radius` is said with
    `near`. What is no filter is passed over."""
    texts, language = query.texts, speech.language
    for name in sorted(texts, key=lambda each: FIRST.get(each, len(FIRST))):
        text = texts[name]
        values = query.values.get(name) if name in NAMING else None
        several = values if isinstance(values, tuple) else (values or text,)
        said = [speech.names.get((name, each)) or _said(name, each, language) for each in several]
        words = f" {worded('or', language)} ".join(filter(None, said))
        if words:
            yield name, words
    if "near" in texts:
        yield "near", _around(texts, language)
    for name in ("from", "to", "modified_since"):
        if name in query.values:
            yield name, worded(name, language, when=_moment(query.values[name], speech))


def _said(name: str, text: str, language: str) -> str | None:
    """One filter by its text alone; None for what is none, or is said otherwise."""
    if name in LABELLED:
        return labelled(f"{name}.{text}", language) or text
    if name in {"source", "organisation"}:
        return worded(name, language, id=text)
    say = _SAYING.get(name)
    return say(text, language) if say else None


def labelled(name: str, language: str) -> str | None:
    """A label of the vocabularies in a language, where there is one."""
    return LABELS.get(name, {}).get(spoken(language))


def quoted(text: str, language: str) -> str:
    """A text in the quotation marks of a language."""
    return f"„{text}“" if spoken(language) in {"de", "lt"} else f"“{text}”"


def _category(text: str, language: str) -> str:
    found = schemes.find(text)
    if found is None:
        return LABELS["unmapped"][spoken(language)]
    return schemes.label(found, spoken(language))


def _tag(text: str, language: str) -> str:
    return worded("tag", language, text=quoted(text, language))


def _has_lang(text: str, language: str) -> str:
    tongue = labelled(f"language.{text}", language) or text
    return worded("has_lang", language, language=tongue)


_SAYING: Final[Mapping[str, Callable[[str, str], str]]] = {
    "category": _category,
    "q": lambda text, language: quoted(" ".join(text.split()), language),
    "city": lambda text, _language: text,
    "portal": lambda text, _language: text,
    "bbox": lambda text, language: worded("box", language, box=text),
    "tag": _tag,
    "has_lang": _has_lang,
}


def _around(texts: Mapping[str, str], language: str) -> str:
    km = texts.get("radius", f"{DEFAULT_RADIUS:g}")
    km = km if spoken(language) == "en" else km.replace(".", ",")
    return worded("around", language, km=km, place=texts["near"])


def _moment(end: Bound, speech: Speech) -> str:
    if end == NOW:
        return worded("now", speech.language)
    local = end.astimezone(ZoneInfo(speech.zone)) if isinstance(end, datetime) else end
    return day_and_time(local.isoformat(), speech.language)
