"""The configuration a new demo begins with: text only; nothing of the house is asked."""

from dataclasses import dataclass
from typing import Final

from api.demo.calendars import CALENDARS

AGENCY: Final = """#:schema ./allmende.schema.json
# The demo's configuration. Change it, end the demo with Ctrl-C and start it again.

[service]
public_url = "http://127.0.0.1:{port}/"
database = "sqlite:///allmende.db"
data = "."
host = "127.0.0.1"
port = {port}
title = "Allmende · Musterstadt"

[fetch]
contact = "klima@musterstadt.example"
allow_loopback = true   # the fake city runs on this very machine

[[source]]
id = "freinet-musterstadt"
connector = "freinet"
name = "Freiwilligen-Agentur Musterstadt"
every = "20s"           # elsewhere an hour; only this very machine may be asked so often
language = "de"
zone = "Europe/Berlin"
url = "http://127.0.0.1:{city_port}/"
licence = "cc-zero"
attribution = "Freiwilligen-Agentur Musterstadt (erfunden)"
share = "open"

[source.settings]
base_url = "http://127.0.0.1:{city_port}/query/api/"
agency = 177
key = "file:city.key"
details = true          # asks for each offer's fields of work, which become categories

[source.terms]
"Natur, Tiere & Umwelt" = ["urban_green_biodiversity"]
"Bildung & Lernen" = ["education"]
"Energie & Klimaschutz" = ["energy"]
"Verkehr & Mobilität" = ["mobility"]
"Gesundheit & Soziales" = ["health"]
"Abfall & Recycling" = ["production_consumption_recycling"]
"Technik & Reparatur" = ["production_consumption_recycling"]
"Politik & Beteiligung" = ["politics_pr"]
"""

CALENDAR: Final = """
[[source]]
id = "{id}"
connector = "{connector}"
name = "{name}"
every = "20s"
language = "de"
zone = "Europe/Berlin"
url = "http://127.0.0.1:{city_port}/"
licence = "cc-zero"
attribution = "{name} (erfunden)"
share = "open"

[source.settings]
{settings}

[source.terms]
"Bildung" = ["education"]
"Energie" = ["energy"]
"Gebäude" = ["buildings"]
"Gesundheit" = ["health"]
"Mobilität" = ["mobility"]
"Beteiligung" = ["politics_pr"]
"Konsum & Reparatur" = ["production_consumption_recycling"]
"Stadtgrün & Natur" = ["urban_green_biodiversity"]
"""


@dataclass(frozen=True, slots=True)
class _Source:
    """How a calendar becomes a source: `settings` are lines with {address} in them."""

    id: str
    connector: str
    name: str
    settings: str


ICAL: Final = 'url = "{address}"'
FEED: Final = """url = "{address}"
items = "events"
dates = "published"     # the city's software says there when an event starts
listing = "everything\""""
SOURCES: Final = {
    "klima": _Source("klimakalender", "ical", "Klimabüro der Stadt Musterstadt", ICAL),
    "verein": _Source("naturfreunde", "ical", "Naturfreunde Musterstadt e.V.", ICAL),
    "rathaus": _Source("stadt-veranstaltungen", "feed", "Stadt Musterstadt", FEED),
    "quartier": _Source("nordstadt", "ical", "Nachbarschaft Nordstadt", ICAL),
}
"""Calendar of the city → its source."""


def first_configuration(port: int, city_port: int) -> str:
    """What stands in the configuration file of a service and a city on these ports."""
    agency = AGENCY.format(port=port, city_port=city_port)
    return agency + "".join(_calendar(each.name, each.path, city_port) for each in CALENDARS)


def _calendar(name: str, path: str, city_port: int) -> str:
    source, address = SOURCES[name], f"http://127.0.0.1:{city_port}/{path}"
    return CALENDAR.format(
        id=source.id,
        connector=source.connector,
        name=source.name,
        city_port=city_port,
        settings=source.settings.format(address=address),
    )
