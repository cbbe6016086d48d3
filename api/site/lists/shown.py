"""What every list of people shows around its entries: its name, its filters, its form, its data.

Pure, but for links: they are made as strings here, so that templates only place them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from api.filter_words import Names, Speech
from api.links import Links, encoded
from api.params import Query
from api.site.here import Here
from api.site.lists.chips import Chip, chips_of, words_of
from api.site.lists.fields import Counts, Made, fault_said, form_of
from api.site.lists.kinds import Listed
from api.site.lists.reading import Reading
from api.site.lists.topics import topics_in
from api.site.lists.windows import window_said
from api.site.words import words_in

PLACES: Final = frozenset({"cursor", "lang", "limit", "month", "sort"})
"""Parameters that say where in a list one is or how it is told, not what is in it."""
SIMPLE: Final = frozenset({"category", "city", "organisation"})
"""Filters whose lists are worth finding by a search engine, each alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a list is shown with."""

    listed: Listed
    reading: Reading
    language: str
    zone: str
    today: date
    path: str
    names: Names = field(default_factory=dict)
    counts: Counts = field(default_factory=dict)
    whole: int | None = None
    """How many entries there are without any filter."""

    @property
    def here(self) -> Here:
        """Where the reader is."""
        return Here(path=self.path, query=self.reading.query.texts, section=self.listed.collection)

    @property
    def chips(self) -> tuple[Chip, ...]:
        """What the list is narrowed down to."""
        speech = Speech(language=self.language, zone=self.zone, names=self.names)
        values = self.reading.query.values
        window = window_said(values, self.today, self.zone, self.language)
        return chips_of(self.reading.query, speech, window)


def shown_around(around: Around, links: Links) -> dict[str, Any]:
    """What the template of any list needs besides its entries."""
    reading, chips = around.reading, around.chips
    made = Made(
        reading=reading,
        language=around.language,
        zone=around.zone,
        counts=around.counts,
        names=around.names,
        whole=around.whole,
    )
    return {
        "listed": around.listed,
        "heading": heading_of(around.listed, chips, around.language),
        "chips": [(chip, without(around, links, chip)) for chip in chips],
        "form": form_of(around.listed, made),
        "faults": faults_of(reading, around.language),
        "topics": topics_in(around.language, around.counts if around.listed.counts is None else {}),
        "hidden_from_search": hidden(reading),
        "further": "cursor" in reading.query.texts,
    }


def heading_of(listed: Listed, chips: tuple[Chip, ...], language: str) -> str:
    """The list's name: its kind, then what it is narrowed down to."""
    name = words_in(language)[f"list.{listed.kind}"]
    return f"{name}: {words_of(chips)}" if chips else name


def without(around: Around, links: Links, chip: Chip) -> str:
    """The address of the same list without a filter, from its beginning."""
    dropped: dict[str, str | None] = dict.fromkeys((*chip.drops, "cursor"))
    return around.here.again(links, dropped)


def faults_of(reading: Reading, language: str) -> list[tuple[str, str, str]]:
    """What could not be read: parameter, its name in words, what is wrong with it."""
    say = words_in(language)
    return [
        (name, say.get(f"field.{name}", name), fault_said(name, reading, language) or "")
        for name in reading.faults
    ]


def hidden(reading: Reading) -> bool:
    """Whether search engines shall leave this list out: it is one of very many, or a part."""
    texts = reading.query.texts
    narrowed = set(texts) - {"lang"}
    return bool(reading.faults) or len(narrowed) > 1 or not narrowed <= SIMPLE


def asked_for(query: Query, **more: str) -> str:
    """A query for the same entries as data: without what only says where in the list one is."""
    texts: Mapping[str, str] = {n: t for n, t in query.texts.items() if n not in PLACES}
    return encoded({**more, **texts})
