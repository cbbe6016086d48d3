"""An entry → what a list shows of it. Pure; decides about no layout."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from aggregator.queries.wanted import Page
from api.filter_words import labelled
from api.site.cards import UNSAID, Card, carded
from api.site.words import words_in

FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "offer": ("commitment", "remote"),
    "organisation": ("type", "initiative_type", "open_for_cooperation"),
    "project": ("form",),
}
"""Fields of a vocabulary that a card says in words, by kind."""
NEARBY: Final = 10
"""Kilometres up to which tenths matter."""
NOT_WORTH_SAYING: Final = frozenset({"remote.false", "open_for_cooperation.false"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCard:
    """A card, how far away it is and what else is said of it in words."""

    card: Card
    distance: str | None
    facts: tuple[str, ...]


def cards_of(page: Page, language: str) -> list[ListCard]:
    """A page with its bodies → the cards on it."""
    far = page.distances or [None] * len(page.bodies)
    said = (orjson.loads(body) for body in page.bodies)
    return [_card(each, km, language) for each, km in zip(said, far, strict=True)]


def _card(said: Mapping[str, Any], km: float | None, language: str) -> ListCard:
    return ListCard(
        card=carded(said, language),
        distance=None if km is None else distance_said(km, language),
        facts=tuple(_facts(said, language)),
    )


def _facts(said: Mapping[str, Any], language: str) -> list[str]:
    keys = {
        f"{name}.{str(said[name]).lower()}"
        for name in FACTS.get(said["kind"], ())
        if said.get(name) not in UNSAID
    }
    labels = (labelled(key, language) for key in sorted(keys - NOT_WORTH_SAYING))
    return [label for label in labels if label]


def distance_said(km: float, language: str) -> str:
    """Kilometres as people say them: exact near by, round far away."""
    said = f"{km:.1f}" if km < NEARBY else f"{km:.0f}"
    point = "," if language == "de" else "."
    return words_in(language)["list.km"].replace("{km}", said.replace(".", point))
