"""What benchmarks of reading ask: one list for each filter, and the usual mixtures. Data only."""

from dataclasses import dataclass
from typing import Final

from benchmarks.hammering import CONNECTIONS


@dataclass(frozen=True, slots=True)
class Question:
    """What it is about, and its address but for the limit."""

    name: str
    path: str
    limit: int = 50

    @property
    def paths(self) -> tuple[str, ...]:
        """Eight spellings that differ in a few entries, so that connections beside each other do
        not ask for the same thing and share one answer."""
        return tuple(f"{self.path}limit={self.limit - less}" for less in range(CONNECTIONS))


OFFERS: Final = "/v1/offers?"
EVENTS: Final = "/v1/events?"
SIZES: Final = (
    Question("default order, 20", OFFERS, 20),
    Question("default order, 50", OFFERS, 50),
    Question("default order, 100", OFFERS, 100),
)
FILTERS: Final = (
    Question("category", f"{OFFERS}category=energy&"),
    Question("category unmapped", f"{OFFERS}category=unmapped&"),
    Question("tag, common", f"{OFFERS}tag=garten&"),
    Question("tag, 1 in 10,000", f"{OFFERS}tag=selten&"),
    Question("climate", f"{OFFERS}climate=justice&"),
    Question("status", f"{OFFERS}status=open&"),
    Question("commitment", f"{OFFERS}commitment=one_off&"),
    Question("remote", f"{OFFERS}remote=true&"),
    Question("city", f"{OFFERS}city=Rheine&"),
    Question("has_lang", f"{OFFERS}has_lang=de&"),
    Question("source", f"{OFFERS}source=source-3&"),
    Question("licence", f"{OFFERS}licence=cc-by/4.0&"),
    Question("modified_since", f"{OFFERS}modified_since=2026-11-21T10:00:10Z&"),
    Question("near, 1 km", f"{OFFERS}near=51.48,11.97&radius=1&"),
    Question("near, 10 km", f"{OFFERS}near=51.48,11.97&radius=10&"),
    Question("near, 100 km", f"{OFFERS}near=51.48,11.97&radius=100&"),
    Question("bbox", f"{OFFERS}bbox=11.9,51.4,12.0,51.5&"),
    Question("q, rare", f"{OFFERS}q=nistkasten&"),
    Question("q, common", f"{OFFERS}q=baum&"),
    Question("q, inside a word", f"{OFFERS}q=arten&"),
    Question("sort=title", f"{OFFERS}sort=title&"),
    Question("from=now", f"{EVENTS}from=2026-11-21T12:00:00Z&"),
    Question("expand", f"{EVENTS}expand=occurrences&from=2026-11-21T12:00:00Z&"),
)
MIXTURES: Final = (
    Question("category and status", f"{OFFERS}category=energy&status=paused&"),
    Question("category and tag", f"{OFFERS}category=health&tag=igel&"),
    Question("category and near", f"{OFFERS}category=energy&near=51.48,11.97&radius=10&"),
    Question("three words", f"{OFFERS}q=baum+garten+wasser&"),
    Question("words and category", f"{OFFERS}q=fahrrad&category=mobility&"),
    Question("near, by distance", f"{OFFERS}near=51.48,11.97&radius=5&sort=distance&"),
    Question("50 km, by distance", f"{OFFERS}near=51.48,11.97&radius=50&sort=distance&"),
    Question(
        "category and date",
        f"{EVENTS}category=energy&from=2026-12-01&to=2026-12-31&",
    ),
    Question(
        "near and date",
        f"{EVENTS}near=51.48,11.97&radius=10&from=2026-12-01&to=2026-12-08&",
    ),
)
REPEATED: Final = (FILTERS[0], MIXTURES[0], MIXTURES[3])
"""Of those, the ones that are asked again."""
CHANGES: Final = Question("changes, 500", "/v1/changes?", 500)
