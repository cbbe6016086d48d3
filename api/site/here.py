"""Where a reader is: the page, its query, the part of the site, the language. Pure.

From it follow the links that lead on: whoever chose a language keeps it from page to page, without
a cookie; and the same page in another language is one link away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from api.links import Links, encoded
from api.site.words import LANGUAGES

LANGUAGE: Final = "lang"
"""The parameter that chooses a page's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """A page: its path as routes know it, its query as text, the menu's entry it belongs to, and
    the languages it exists in (none: it has no other one)."""

    path: str = "/"
    query: Mapping[str, str] = field(default_factory=dict)
    section: str | None = None
    languages: tuple[str, ...] = LANGUAGES

    @property
    def chosen(self) -> str | None:
        """The language the reader chose by hand, where they did."""
        asked = self.query.get(LANGUAGE)
        return asked if asked in LANGUAGES else None

    def to(self, links: Links, path: str, query: Mapping[str, str | None]) -> str:
        """A link to another page, which keeps the chosen language. Parameters that are None are
        left out."""
        asked = {LANGUAGE: self.chosen, **query}
        return _joined(links.local(path), asked)

    def again(self, links: Links, changes: Mapping[str, str | None]) -> str:
        """A link to the same page with some parameters set anew, or (None) left out."""
        return _joined(links.local(self.path), {**self.query, **changes})

    def canonical(self, links: Links, language: str | None = None) -> str:
        """The page's public address, in the one spelling: in the language chosen by hand, or in
        another one. A language that there is not is none."""
        asked = {**self.query, LANGUAGE: language or self.chosen}
        return links.absolute(self.path, _encoded(asked))

    def others(self, language: str) -> tuple[str, ...]:
        """The further languages of the page."""
        return tuple(each for each in self.languages if each != language)


NOWHERE: Final = Here(languages=())
"""A page that is in one language and no part of the menu."""


def _joined(path: str, query: Mapping[str, str | None]) -> str:
    said = _encoded(query)
    return f"{path}?{said}" if said else path


def _encoded(query: Mapping[str, str | None]) -> str:
    return encoded({name: text for name, text in query.items() if text is not None})
