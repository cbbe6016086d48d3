"""Templates → HTML. Everything is escaped; an address that is not http(s) becomes no link."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from aggregator.settings import ServiceSettings
from api.links import Links
from api.site.assets import Asset, load
from api.site.cards import web_address
from api.site.here import NOWHERE, Here
from api.site.words import counted, words_in

ROOMS: Final = Path(__file__).parents[1]
TEMPLATES: Final = (ROOMS / "site" / "templates", ROOMS / "admin" / "templates")
FORMATS: Final = {"de": "%d.%m.%Y, %H:%M", "en": "%d %b %Y, %H:%M"}
MENU: Final = (
    ("start", "/"),
    ("offers", "/offers"),
    ("events", "/events"),
    ("organisations", "/organisations"),
    ("data", "/data"),
)
"""The entries of the main menu, in order, with their paths."""


class Site:
    """The pages' look: templates, static files, and what they all show. Made once."""

    def __init__(self, settings: ServiceSettings, links: Links) -> None:
        self.assets: Mapping[str, Asset] = load()
        self._by_served = {asset.served: asset for asset in self.assets.values()}
        self._links = links
        self._environment = _environment(links)
        zone = ZoneInfo(settings.zone)
        self._environment.globals |= {
            "title": settings.title,
            "zone": settings.zone,
            "menu": MENU,
            "asset": lambda name: links.local(f"/static/{self.assets[name].served}"),
            "moment": lambda when, language: _moment(when.astimezone(zone), language),
        }

    def render(self, template: str, language: str, /, here: Here = NOWHERE, **values: Any) -> str:
        """A template in a language → HTML. `here` is where the reader is."""
        page = self._environment.get_template(template)
        links = self._links
        placed = {
            "here": here,
            "language": language,
            "say": words_in(language),
            "to": lambda path, **query: here.to(links, path, query),
            "again": lambda **query: here.again(links, query),
            "canonical": here.canonical(links),
        }
        return page.render(values, **placed)

    def asset(self, served: str) -> Asset | None:
        """The static file that is served under this name."""
        return self._by_served.get(served)


def _environment(links: Links) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "web": web_address,
        "counted": counted,
    }
    environment.filters |= filters
    environment.globals["local"] = links.local
    return environment


def _moment(when: datetime, language: str) -> Markup:
    said = when.strftime(FORMATS[language])
    return Markup('<time datetime="{}">{}</time>').format(when.isoformat("T", "seconds"), said)
