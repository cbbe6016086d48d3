"""Under which addresses a list of events can be taken along: as a calendar, as data. Pure."""

from dataclasses import dataclass

from api.calendar_links import CALENDAR, NARROWING
from api.links import Links, encoded
from api.params import Query
from api.site.words import LANGUAGES


@dataclass(frozen=True, slots=True)
class Subscription:
    """A calendar's address, and the one that opens a calendar program."""

    calendar: str
    webcal: str


def subscription(query: Query, language: str, links: Links) -> Subscription:
    """The calendar of what a query asks for, in the reader's language. Without the query's days: a
    calendar has a window that moves along."""
    texts = {name: query.texts[name] for name in NARROWING if name in query.texts}
    if language != LANGUAGES[0]:
        texts["lang"] = language
    address = links.absolute(CALENDAR, encoded(texts))
    return Subscription(address, f"webcal://{address.partition('://')[2]}")
