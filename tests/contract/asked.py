"""What is asked of the town: one request for each example, and many more. Data only."""

from typing import Final

from tests.contract.world import World

EXAMPLES: Final = {
    "list_organisations": "/v1/organisations?limit=1",
    "list_offers": "/v1/offers?limit=1",
    "list_events": "/v1/events?from=2026-11-21&to=2026-12-31&near=06108&limit=2",
    "list_projects": "/v1/projects?limit=1",
    "show_organisations": "/v1/organisations/{organisation:garten}",
    "show_offers": "/v1/offers/{offer:giessen}",
    "show_events": "/v1/events/{event:reparieren}",
    "show_projects": "/v1/projects/{project:dach}",
    "calendar_event": "/v1/events/{event:klimatage}.ics?lang=en",
    "list_changes": "/v1/changes?afterChangeNumber=12&limit=3",
    "list_sources": "/v1/sources",
    "search": "/v1/search?q=giessen&limit=1",
    "show_stats": "/v1/stats?kind=event&by=status&from=2026-11-19&to=2026-11-21",
    "index": "/v1",
    "alive": "/healthz",
    "BadRequest": "/v1/offers?limit=0",
    "NotFound": "/v1/offers/00000000-0000-4000-8000-000000000000",
    "Gone": "/v1/events/{event:fort}",
}
"""Name of an example → where it is answered; `{kind:id}` stands for an entry."""

FURTHER: Final = (
    "/v1/offers",
    "/v1/offers?limit=500&modified_since=2026-01-01T00:00:00Z",
    "/v1/events",
    "/v1/events?from=now&expand=occurrences",
    "/v1/events?bbox=11,51,13,52&category=energy&status=moved_online",
    "/v1/events?q=nichts",
    "/v1/search?q=klima&kind=event,offer&category=unmapped,energy",
    "/v1/search?q=giessen&near=06108&radius=50&has_lang=de&limit=2",
    "/v1/search?q=%25",
    "/v1/search",
    "/v1/events?facets=category,status,source&fields=title,when&from=now",
    "/v1/offers?facets=category,status,city,tag,organisation&status=open,filled",
    "/v1/organisations?sort=title&facets=type",
    "/v1/offers?portal=energie-halle&facets=category",
    "/v1/events?portal=energie-halle&from=now&near=06108",
    "/v1/events.ics?portal=energie-halle",
    "/v1/search?q=klima&portal=energie-halle",
    "/v1/projects?portal=nirgends",
    "/v1/categories",
    "/v1/stats?by=category&interval=week",
    "/v1/stats?kind=project&source=nowhere",
    "/v1/events.ics",
    "/v1/events.ics?lang=nl&category=unmapped",
    "/v1/changes",
    "/v1/changes?afterChangeNumber=999",
    "/openapi.json",
    "/readyz",
    "/v1/offers?colour=green",
    "/v1/events?near=00000&radius=-1",
    "/v1/organisations/{organisation:fort}",
    "/v1/organisations/{organisation:doppelt}",
    "/v1/organisations/{offer:giessen}",
    "/v1/offers/{offer:bald fort}",
    "/v1/events/{event:fort}.ics",
    "/v1/events/nothing.ics",
)
"""Further requests, in every way that answers differ."""


def address(asked: str, world: World) -> str:
    """An entry above → the address to ask."""
    start, brace, rest = asked.partition("{")
    if not brace:
        return asked
    named, _, end = rest.partition("}")
    kind, _, native_id = named.partition(":")
    return f"{start}{world.id(kind, native_id)}{end}"
