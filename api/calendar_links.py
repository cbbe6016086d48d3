"""Under which address the events of a query are a calendar to subscribe to. Reads nothing."""

from typing import Final

from api.links import Links, encoded
from api.list_params import FILTERS
from api.params import Query

CALENDAR: Final = "/v1/events.ics"
FIXED: Final = frozenset({"from", "to"})
"""Not taken over: a calendar has a window that moves along."""
NARROWING: Final = tuple(each.name for each in FILTERS["event"] if each.name not in FIXED)


def subscriptions(kind: str, query: Query, links: Links) -> dict[str, str]:
    """A list's query → the links to its calendar: `webcal` opens the calendar program of who
    follows it. None for what is no list of events."""
    if kind != "event":
        return {}
    texts = {name: query.texts[name] for name in NARROWING if name in query.texts}
    address = links.absolute(CALENDAR, encoded(texts))
    return {"calendar": address, "webcal": f"webcal://{address.partition('://')[2]}"}
