"""Random histories of a small source: what it lists, when; and a model of what is then public."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import strategies as st

from aggregator.harvest import Draft, Mention, Refusal
from tests.aggregator.making import DAY, draft, mention, refusal

KEYS = "abcdef"
NAMES = ("Grünhof e.V.", "GRÜNHOF e. V.", "Gartenbund")
IDS = (None, None, "1", "2")
STATUSES = ("open", "filled")


@dataclass(frozen=True, slots=True)
class Item:
    """One raw of a listing; `title` None: it cannot be read."""

    key: str
    title: str | None
    by: Mention | None = None
    status: str = "open"
    energy: bool = False

    def made(self) -> Draft | Refusal:
        if self.title is None:
            return refusal(self.key)
        more: dict[str, object] = {"status": self.status, "by": self.by}
        if self.energy:
            more["categories"] = ({"scheme": "allmende", "term": "energy", "by": "source"},)
        return draft(self.key, self.title, **more)


@dataclass(frozen=True, slots=True)
class Listing:
    """What the source lists, `hours` after the last time."""

    items: tuple[Item, ...]
    hours: int
    complete: bool

    def made(self) -> list[Draft | Refusal]:
        return [item.made() for item in self.items]


mentions = st.builds(mention, st.sampled_from(NAMES), st.sampled_from(IDS))
items = st.builds(
    Item,
    st.sampled_from(KEYS),
    st.sampled_from(("Eins", "Zwei", "Eins", "Zwei", None)),
    mentions | st.none(),
    st.sampled_from(STATUSES),
    st.booleans(),
)
listings = st.builds(
    Listing,
    st.lists(items, max_size=len(KEYS), unique_by=lambda item: item.key).map(tuple),
    st.sampled_from((0, 1, 12, 24, 25, 49)),
    st.sampled_from((True, True, True, False)),
)
histories = st.lists(listings, min_size=1, max_size=6)


@dataclass
class Model:
    """What must be public: key → title, and since when what is not listed has been missing."""

    titles: dict[str, str] = field(default_factory=dict)
    missing: dict[str, datetime] = field(default_factory=dict)

    def take(self, listing: Listing, now: datetime) -> None:
        """One run of this listing."""
        listed = {item.key for item in listing.items}
        proven = listing.complete and listed
        absent = self.titles.keys() - listed if proven else set()
        if len(absent) > max(3, len(self.titles) // 5):
            absent = set()
        self.titles |= {item.key: item.title for item in listing.items if item.title is not None}
        for key in listed:
            self.missing.pop(key, None)
        for key in absent:
            if now - self.missing.setdefault(key, now) >= DAY:
                del self.missing[key], self.titles[key]


def hours(listing: Listing) -> timedelta:
    """How long after the last listing this one comes."""
    return timedelta(hours=listing.hours)
