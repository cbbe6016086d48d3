"""What handlers find in the application, by typed keys. Data only."""

from typing import Final

from aiohttp import web

from aggregator.queries import Database, Pages
from aggregator.queries.bodies import Bodies
from aggregator.settings import Settings
from aggregator.working.clock import Clock
from api.admin.door import Door
from api.admission import Admission
from api.calendar_store import Calendars
from api.freshness import Freshness
from api.hours import Hours
from api.links import Links
from api.open_lists import Lists
from api.openapi.description import Description
from api.portals import Portals
from api.readiness import Ready
from api.serving import Serving
from api.site.lists.choosing import Choosing
from api.site.rendering import Site

ADMISSION: Final = web.AppKey("admission", Admission)
BODIES: Final = web.AppKey("bodies", Bodies)
CALENDARS: Final = web.AppKey("calendars", Calendars)
CHOOSING: Final = web.AppKey("choosing", Choosing)
CLOCK: Final[web.AppKey[Clock]] = web.AppKey("clock")
DATABASE: Final = web.AppKey("database", Database)
DESCRIPTION: Final = web.AppKey("description", Description)
DOOR: Final = web.AppKey("door", Door)
FRESHNESS: Final = web.AppKey("freshness", Freshness)
HOURS: Final = web.AppKey("hours", Hours)
LINKS: Final = web.AppKey("links", Links)
LISTS: Final = web.AppKey("lists", Lists)
PAGES: Final[web.AppKey[Pages]] = web.AppKey("pages")
PORTALS: Final = web.AppKey("portals", Portals)
READY: Final = web.AppKey("ready", Ready)
SERVING: Final = web.AppKey("serving", Serving)
SETTINGS: Final = web.AppKey("settings", Settings)
SITE: Final = web.AppKey("site", Site)
