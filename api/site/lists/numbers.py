"""Numbers of entries in words, in each language of the pages. Pure."""

from typing import Final

from aggregator.queries.wanted import Total
from api.site.words import words_in

SEPARATORS: Final = {"de": ".", "en": ","}


def number(n: int, language: str) -> str:
    """A number as people of the language write it: "1.000"."""
    return f"{n:,}".replace(",", SEPARATORS[language])


def total_said(total: Total, kind: str, language: str) -> str:
    """How many there are: "1 Engagementangebot", "mehr als 1.000 Veranstaltungen"."""
    say = words_in(language)
    if total.n == 0:
        return say["list.none"]
    name = say[f"{kind}.one" if total.n == 1 and not total.at_least else f"{kind}.many"]
    said = f"{number(total.n, language)} {name}"
    return f"{say['list.more_than']} {said}" if total.at_least else said
