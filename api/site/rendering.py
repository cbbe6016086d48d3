"""Templates → HTML. Everything is escaped; an address that is not http(s) becomes no link."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from aggregator.settings import Settings, SiteSettings, is_web_address
from api.links import Links
from api.site.assets import Asset, asset_of, load
from api.site.cards import mail_link, web_address
from api.site.here import NOWHERE, Here
from api.site.legal import legal_pages
from api.site.words import counted, label, words_in

ROOMS: Final = Path(__file__).parents[1]
TEMPLATES: Final = (ROOMS / "site" / "templates", ROOMS / "admin" / "templates")
FORMATS: Final = {"de": "%d.%m.%Y, %H:%M", "en": "%d %b %Y, %H:%M"}
LOGO: Final = "logo"
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

    def __init__(self, settings: Settings, links: Links) -> None:
        service, site = settings.service, settings.site
        self.assets: Mapping[str, Asset] = {**load(), **_logo(site)}
        self.legal = legal_pages(site)
        self._by_served = {asset.served: asset for asset in self.assets.values()}
        self._links = links
        self._environment = _environment(links)
        zone = ZoneInfo(service.zone)
        self._environment.globals |= {
            "title": service.title,
            "zone": service.zone,
            "logo": self.assets.get(LOGO),
            "logo_alt": site.logo_alt or "",
            "feedback": _feedback(site.feedback),
            "menu": MENU,
            "asset": lambda name: _static(links, self.assets[name]),
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
            "legal": self.legal_links(here),
            "canonical": here.canonical(links),
            "canonical_in": lambda each: here.canonical(links, each),
        }
        return page.render(values, **placed)

    def legal_links(self, here: Here = NOWHERE) -> Mapping[str, str]:
        """Where imprint, privacy and accessibility lie, seen from a page."""
        return {
            name: page.address or here.to(self._links, f"/{name}", {})
            for name, page in self.legal.items()
        }

    def asset(self, served: str) -> Asset | None:
        """The static file that is served under this name."""
        return self._by_served.get(served)


def _static(links: Links, asset: Asset) -> str:
    return links.local(f"/static/{asset.served}")


def _logo(site: SiteSettings) -> Mapping[str, Asset]:
    """The logo, where there is one, under its own name. Raises `OSError` where it is gone."""
    if site.logo is None:
        return {}
    path = Path(site.logo)
    return {LOGO: asset_of(f"{LOGO}{path.suffix.lower()}", path.read_bytes())}


def _feedback(setting: str | None) -> Mapping[str, str] | None:
    """Where readers report barriers, as a link."""
    if setting is None:
        return None
    return {"href": setting if is_web_address(setting) else mail_link(setting), "text": setting}


def _environment(links: Links) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "web": web_address,
        "counted": counted,
        "named": label,
    }
    environment.filters |= filters
    environment.globals["local"] = links.local
    return environment


def _moment(when: datetime, language: str) -> Markup:
    said = when.strftime(FORMATS[language])
    return Markup('<time datetime="{}">{}</time>').format(when.isoformat("T", "seconds"), said)
