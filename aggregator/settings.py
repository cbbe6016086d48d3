"""Every setting, in one place: process settings and sources. Read once, passed down, frozen.

Nothing here opens a file or a connection; `configuration.py` reads `allmende.toml`. The text under
a setting is its description in the published JSON Schema.
"""

import re
from ipaddress import ip_network
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from connectors.base import Facts, Personal
from schema.edition import Origin
from schema.vocabulary import Climate, Licence, Share

MINUTE: Final = 60.0
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
UNITS: Final = {"s": 1.0, "m": MINUTE, "h": HOUR, "d": DAY}
DURATION: Final = r"^[0-9]+(\.[0-9]+)?[smhd]$"

REFERENCE: Final = r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$"
"""Where a secret is kept: an environment variable or a file."""

MAILBOX: Final = r"[^\s@<>?&,;:]+@[^\s@<>?&,;:]+\.[^\s@<>?&,;:]+"
"""What a mail address of ours looks like."""
LEGAL: Final = ("imprint", "privacy", "accessibility")
"""The pages that every page links to."""

SHORT_NAME: Final = r"^[a-z0-9][a-z0-9-]{0,62}$"
"""What the id of a source or of a portal looks like."""

FLOOR: Final = HOUR
"""Seconds between two visits of a source that nobody gave us a key for."""
FLOOR_WITH_KEY: Final = 15 * MINUTE
"""Seconds between two visits of a source whose operator gave us a key."""
FLOOR_LOOPBACK: Final = 1.0
"""Seconds between two visits of this very machine, where that is allowed."""


def seconds(value: object) -> object:
    """Text such as "30m" → seconds; numbers stay. Raises `ValueError` for any other text."""
    if not isinstance(value, str):
        return value
    if not re.match(DURATION, value):
        raise ValueError('write a number and a unit: "20s", "30m", "1h" or "2d"')
    return float(value[:-1]) * UNITS[value[-1]]


def known_zone(value: str) -> str:
    """A zone of the IANA database, unchanged. Raises `ValueError` for any other name."""
    try:
        return ZoneInfo(value).key
    except (OSError, LookupError, ValueError):  # unknown, a folder's name, no name at all
        raise ValueError("no zone of the IANA database") from None


def web_address(value: str) -> str:
    """An http(s) address without user or password, unchanged. Raises `ValueError` otherwise."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("write a whole address, starting with http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("leave user and password out of the address")
    return value


def is_web_address(value: str) -> bool:
    """Whether a text is meant as an address rather than as a file."""
    return "://" in value


def page_or_file(value: str) -> str:
    """A web address, or the path of a file, unchanged. Raises `ValueError` for neither."""
    return web_address(value) if is_web_address(value) else value


def mailbox_or_page(value: str) -> str:
    """A mail address or a web address, unchanged. Raises `ValueError` for neither."""
    if not is_web_address(value) and not re.fullmatch(MAILBOX, value):
        raise ValueError("write a mail address, or a page starting with https://")
    return page_or_file(value)


def base_address(value: str) -> str:
    """As `web_address`, ending with a slash, so that every link starts with it."""
    parts = urlsplit(web_address(value))
    if parts.query or parts.fragment:
        raise ValueError("leave out everything from ? or # on")
    return value if value.endswith("/") else f"{value}/"


def proxy_address(value: str) -> str:
    """The address of an HTTP proxy, unchanged. Raises `ValueError` otherwise."""
    parts = urlsplit(web_address(value))
    if parts.scheme != "http" or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("write http://host:port and nothing else")
    return value


def listed(value: object) -> object:
    """Text with commas → its parts, as an environment variable has them; a list stays."""
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.split(",") if part.strip()]


def network(value: str) -> str:
    """An address or a network in CIDR form, unchanged. Raises `ValueError` otherwise."""
    try:
        ip_network(value, strict=False)
    except ValueError:
        raise ValueError("write an address or a network such as 10.0.0.0/8") from None
    return value


def page_template(value: str) -> str:
    """An address in which `{id}` stands for the record's id. Raises `ValueError` otherwise."""
    if "{id}" not in value or set("{}") & set(value.replace("{id}", "")):
        raise ValueError("write {id} where the record's id belongs, and no other braces")
    web_address(value.replace("{id}", "1"))
    return value


Duration = Annotated[
    float,
    BeforeValidator(seconds),
    Field(gt=0, allow_inf_nan=False),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": DURATION},
                {"type": "number", "exclusiveMinimum": 0},
            ]
        }
    ),
]
"""Seconds in the model; "30m", or a number of seconds, in the file."""
_DURATION_OR_ZERO: Final = {
    "anyOf": [{"type": "string", "pattern": DURATION}, {"type": "number", "minimum": 0}]
}
Zone = Annotated[str, AfterValidator(known_zone)]
Network = Annotated[str, AfterValidator(network)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
WebAddress = Annotated[str, AfterValidator(web_address)]


class Section(BaseModel):
    """Base of every table of the file: frozen, unknown names refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True
    )


class ServiceSettings(Section):
    """Where the service lives and keeps its data."""

    public_url: Annotated[str, AfterValidator(base_address)] = "http://127.0.0.1:8080/"
    """Address under which people reach the service, with its path; every link starts with it."""
    database: str = "sqlite:///data/allmende.db"
    """`sqlite:///file` or `postgresql://…`. An address with a password is a secret: write
    `env:NAME` or `file:/path` instead."""
    data: str = "data"
    """Folder for the documents as they were fetched."""
    host: str = "127.0.0.1"
    """Address to listen on; `0.0.0.0` listens on all."""
    port: int = Field(default=8080, ge=0, le=65535)
    """Port to listen on."""
    zone: Zone = "Europe/Berlin"
    """Time zone of the city: days are counted in it."""
    title: str = Field(default="Allmende", min_length=1)
    """Name of the service on its pages."""


class FetchSettings(Section):
    """How sources are asked."""

    contact: str = ""
    """Mail address or page by which a source's operator reaches you; sent with every request."""
    allow_loopback: bool = False
    """Whether sources on this very machine may be asked. For trying things out."""
    parallel: int = Field(default=8, ge=1, le=64)
    """Sources asked at the same time."""
    per_host: int = Field(default=2, ge=1, le=8)
    """Requests at the same time to one host."""
    proxy: Annotated[str, AfterValidator(proxy_address)] | None = None
    """Proxy that every request goes through, as `http://host:port`. The environment's is never
    used."""
    proxy_login: Annotated[str, Field(pattern=REFERENCE)] | None = None
    """User and password for the proxy, as `env:NAME` or `file:/path` that holds `user:password`."""
    ca_file: str | None = None
    """PEM file of certificate authorities to trust besides the system's own."""


PageOrFile = Annotated[str, Field(min_length=1), AfterValidator(page_or_file)]


class SiteSettings(Section):
    """What stands around every page: the logo, and who is responsible."""

    logo: Annotated[str, Field(min_length=1)] | None = None
    """File with the logo, SVG or PNG; served by the service itself."""
    logo_alt: str | None = None
    """What the logo says, where it says more than the title beside it."""
    imprint: PageOrFile | None = None
    """Who runs the service: a web address, or a file in Markdown (`.md`) or plain text (`.txt`)."""
    privacy: PageOrFile | None = None
    """What happens with data of readers; as `imprint`. Without it, a page of the service's own says
    what the software does."""
    accessibility: PageOrFile | None = None
    """The declaration on accessibility; as `imprint`. Without it, a page of the service's own says
    what is known."""
    feedback: Annotated[str, AfterValidator(mailbox_or_page)] | None = None
    """Where readers report barriers: a mail address or a page."""
    language: Language = "de"
    """Language of these files."""


class HttpSettings(Section):
    """How the service answers, and what it lets one client take."""

    trusted_proxies: Annotated[tuple[Network, ...], BeforeValidator(listed)] = ()
    """Addresses or networks of the proxies in front of the service, as `127.0.0.1` or
    `10.0.0.0/8`: whom they name as the client is believed."""
    requests_per_minute: int = Field(default=0, ge=0)
    """Requests a client may send in the long run; 0: as many as it likes. Behind a proxy, name it
    in `trusted_proxies` first, else all clients count as one."""
    burst: int = Field(default=120, ge=1)
    """Requests a client may send at once, where `requests_per_minute` is set."""
    connections: int = Field(default=1000, ge=1)
    """Connections that are open at the same time."""
    connections_per_client: int = Field(default=100, ge=1)
    """Of these, so many of one client; trusted proxies may have all."""
    header_time: Duration = 10.0
    """Time a client has from connecting to the end of its first request's head."""
    idle_time: Duration = 75.0
    """Time that a connection may stay open without a request."""
    send_time: Duration = 30.0
    """Time after which a client that takes nothing of its answer is cut off."""
    memory: int = Field(default=128, ge=0)
    """Mebibytes of answers that are kept in memory; 0: none."""
    recheck: Annotated[
        float, BeforeValidator(seconds), Field(ge=0, le=MINUTE), WithJsonSchema(_DURATION_OR_ZERO)
    ] = 0.05
    """Time for which PostgreSQL is not asked again whether anything changed. SQLite tells at
    once."""


class AdminSettings(Section):
    """Who may look after the sources in a browser, under `/admin`."""

    password: Annotated[str, Field(pattern=REFERENCE)] | None = None
    """Password of the pages under `/admin`, as `env:NAME` or `file:/path`. With one they all need
    a login, and what a run held back can be decided there."""
    name: str = Field(default="admin", min_length=1, max_length=200)
    """Who decides there: kept with every decision."""
    public: bool = False
    """Whether everybody may read these pages while there is no password. Where only this machine
    reaches the service they may be read anyway."""


class PersonalSettings(Section):
    """Which person-level data may be published. By default: none."""

    fields: tuple[str, ...] = ()
    """Person-level fields that may be published; the connector's page names them."""
    free_text: Literal["mask", "keep"] = "mask"
    """What happens to private mail addresses and phone numbers in free text."""


class GuardSettings(Section):
    """How much of a source may vanish or change at one visit before a person is asked."""

    removals: float = Field(default=0.2, ge=0, le=1, allow_inf_nan=False)
    """Share of the published entries that may vanish; three always may."""
    changes: float = Field(default=0.5, ge=0, le=1, allow_inf_nan=False)
    """Share of the published entries that may alter title or start; 19 always may."""


class LimitSettings(Section):
    """What one document and one visit may cost. A source can only lower what its connector
    allows."""

    max_bytes: int | None = Field(default=None, gt=0)
    """Bytes of one document, decoded."""
    max_seconds: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    """Seconds to fetch one document, and as many to read it."""
    max_pages: int | None = Field(default=None, gt=0)
    """Pages of a list."""


class SourceSettings(Section):
    """One source: what to ask, how often, and what may be said about its entries."""

    id: Annotated[str, Field(pattern=SHORT_NAME)]
    """Short name of the source, for ever the same: small letters, digits and hyphens."""
    connector: str
    """Which connector reads the source."""
    name: str = ""
    """Name of the source on pages; without it, its id."""
    every: Duration = HOUR
    """Time between two visits: "30m", "1h"."""
    enabled: bool = True
    """Whether the source is visited at all."""
    language: Language = "de"
    """Language of the source's texts."""
    zone: Zone = "Europe/Berlin"
    """Time zone of the source's times."""
    url: WebAddress | None = None
    """The source's own public page."""
    page_url: Annotated[str, AfterValidator(page_template)] | None = None
    """Address of one entry's public page; `{id}` stands for its id at the source."""
    licence: Licence = "unknown"
    """Licence of the source's entries."""
    attribution: str | None = None
    """Whom to name as the origin of the entries."""
    share: Share = "portal"
    """Who may have the entries: this portal, partner cities too, or everyone."""
    climate: tuple[Climate, ...] | None = None
    """What the entries do for the climate unless they say so themselves. Empty: nothing. Left
    out: not assessed."""
    categories: tuple[str, ...] = ()
    """Categories of every entry, as `term` or `scheme:term`."""
    terms: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """The source's words and the categories they stand for."""
    personal: PersonalSettings = PersonalSettings()
    """Which person-level data may be published."""
    guard: GuardSettings = GuardSettings()
    """How much may vanish or change at one visit."""
    limits: LimitSettings = LimitSettings()
    """What one document and one visit may cost."""
    settings: dict[str, Any] = Field(default_factory=dict)
    """The connector's own settings."""

    def facts(self) -> Facts:
        """What mapping sees of this source."""
        return Facts(
            language=self.language,
            zone=self.zone,
            terms=self.terms,
            climate=self.climate,
            categories=self.categories,
            page_url=self.page_url,
            personal=Personal(fields=self.personal.fields, free_text=self.personal.free_text),
        )

    def origin(self) -> Origin:
        """What the public sees of this source."""
        return Origin(
            id=self.id,
            name=self.name or self.id,
            url=self.url,
            licence=self.licence,
            attribution=self.attribution,
            share=self.share,
        )


class PortalSettings(Section):
    """One portal: a filter under a name, for whoever asks for the same entries again and again."""

    id: Annotated[str, Field(pattern=SHORT_NAME)]
    """Short name of the portal, as in `portal=energie-halle`: small letters, digits and hyphens."""
    title: Annotated[str, Field(min_length=1)] | None = None
    """Name of the portal on pages and in calendars; without it, its id."""
    filter: Annotated[str, Field(min_length=1)]
    """What it shows, written as in an address: `category=energy,mobility&near=06108&radius=10`."""


class Settings(Section):
    """Everything: `[service]`, `[http]`, `[site]`, `[fetch]`, `[admin]`; each `[[source]]` in
    `sources`, each `[[portal]]` in `portals`."""

    service: ServiceSettings = ServiceSettings()
    site: SiteSettings = SiteSettings()
    fetch: FetchSettings = FetchSettings()
    http: HttpSettings = HttpSettings()
    admin: AdminSettings = AdminSettings()
    sources: tuple[SourceSettings, ...] = ()
    portals: tuple[PortalSettings, ...] = ()
