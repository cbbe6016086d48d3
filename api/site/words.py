"""What the public pages say, in each language they exist in: choosing among it.

The sentences stand in `texts`, labels of the vocabularies in `schema.vocabulary`.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

from api.site.texts import data, embed, entries, layout, lists, sheets, start
from schema.vocabulary import LABELS

LANGUAGES: Final = ("de", "en")
"""The first one is spoken to those who do not say what they read."""
LONGEST: Final = 1000
"""Characters of an Accept-Language that are looked at."""

_TABLES: Final = (
    layout.TEXTS,
    start.TEXTS,
    entries.TEXTS,
    data.TEXTS,
    lists.TEXTS,
    sheets.TEXTS,
    embed.TEXTS,
)
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    name: texts for table in _TABLES for name, texts in table.items()
}


@cache
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
    ranked = sorted(map(_ranked, accepted[:LONGEST].split(",")), key=lambda choice: -choice[0])
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
