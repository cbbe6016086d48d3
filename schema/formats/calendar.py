"""The iCalendar object around components (RFC 5545, 3.4; RFC 7986, 5). Pure; holds no clock.

A calendar is `opening`, the components' bytes one after another, and `CLOSING`: nothing is parsed
or rendered again, and what is joined can be sent piece by piece.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from schema.formats.ical_lines import END, lines, text, uri
from schema.formats.vtimezones import vtimezone

PRODUCT: Final = "-//Allmende//Allmende//EN"
REFRESH: Final = "PT1H"
"""How often a client should ask again."""
CLOSING: Final = b"END:VCALENDAR" + END


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """How a calendar that people subscribe to calls itself. `zone`: in whose days it is shown to
    those who have none; `source`: the address it is read from again; `url`: its page."""

    name: str
    description: str
    zone: str
    source: str
    url: str


def opening(zones: Iterable[str], heading: Heading | None = None) -> bytes:
    """Everything before the events: each zone that they name is described once. Without a heading
    it is no calendar of its own, but entries to be taken over into one."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    head += ["METHOD:PUBLISH", *(_named(heading) if heading else ())]
    return lines(head) + b"".join([vtimezone(zone) for zone in sorted(set(zones))])


def _named(heading: Heading) -> Iterator[str]:
    """Each fact by its standard name (RFC 7986) and by the one that clients knew before."""
    name, description = text(heading.name), text(heading.description)
    yield f"NAME:{name}"
    yield f"X-WR-CALNAME:{name}"
    yield f"DESCRIPTION:{description}"
    yield f"X-WR-CALDESC:{description}"
    yield f"X-WR-TIMEZONE:{heading.zone}"
    yield f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"
    yield f"X-PUBLISHED-TTL:{REFRESH}"
    for label, address in (("SOURCE;VALUE=URI", heading.source), ("URL", heading.url)):
        if uri(address):
            yield f"{label}:{address}"
