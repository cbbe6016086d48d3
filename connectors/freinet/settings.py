"""Settings of a Freinet source, and the addresses that follow from them. Fetches nothing.

The key travels in the query string, as a reference until the pipeline dials. The visits counter
is never called.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import quote, urljoin

from pydantic import Field, model_validator

from connectors.base import ConnectorSettings, Fetch, Request, Secret, SecretRef, UnlessKnown
from schema.normal.urls import is_web_url

Mode = Literal["agency_list", "portal_list", "full_export", "top_offers"]
Status = Literal["unknown", "open", "paused", "filled"]

AGENCY_LIST: Final = "MatchingServiceEndpoint.php"
AGENCY_OFFER: Final = "OfferServiceEndpoint.php"
PORTAL_AGENCIES: Final = "portal/v1/MandantenMatchingServiceEndpoint.php"
PORTAL_LIST: Final = "portal/v1/MatchingServiceEndpoint.php"
PORTAL_OFFER: Final = "portal/v1/OfferServiceEndpoint.php"
PAGE: Final = "../iframe/detail.php"
MOST_AGENCIES: Final = 1000
OFFER_ID: Final = "angebotsId"
AGENCY: Final = "agentur"


class FreinetSettings(ConnectorSettings):
    """What an administrator of a Freinet source says."""

    mode: Mode = "agency_list"
    """What is read: the list of one agency, the list of a portal's agencies, a full export, or
    the list of top offers."""
    base_url: str = "https://www.freinet-online.de/query/api/"
    """Address under which the endpoints lie. The offers' public pages lie beside it, so changing
    it maps every offer again."""
    agency: int | None = Field(default=None, ge=1)
    """Number of the agency. Needed for `agency_list`."""
    portal: int | None = Field(default=None, ge=1)
    """Number of the portal. Needed for `portal_list`."""
    key: Annotated[str | None, Fetch, SecretRef] = None
    """Access key of the agency or of the portal. Needed for both lists."""
    address: Annotated[str | None, Fetch] = None
    """Whole address of the export or of the top offers. Needed for `full_export`, `top_offers`."""
    limit: Annotated[int, Fetch, Field(ge=1, le=1_000_000)] = 10_000
    """Most offers to ask for. A list of exactly this length is not taken for complete."""
    details: bool = False
    """Whether to ask for each new or changed offer on its own too: fields of work, target groups,
    districts, schedule. One more request for each of them."""
    zero_wanted: Status = "unknown"
    """What it means that an offer looks for 0 people. Half of the offers in a real list say 0 and
    still answer, so by default nothing is concluded."""
    not_contactable: Status | None = None
    """What it means that an offer says it cannot be contacted (`kontaktierbar` 0). Left out:
    nothing. The value -1 is documented nowhere and never means anything."""

    @model_validator(mode="after")
    def _names_what_it_needs(self) -> Self:
        for name in NEEDED[self.mode]:
            if getattr(self, name) is None:
                raise ValueError(f"mode {self.mode} needs the setting {name}")
        for name in ("base_url", "address"):
            if getattr(self, name) is not None and not is_web_url(getattr(self, name)):
                raise ValueError(f"{name} must be a whole http or https address")
        return self


NEEDED: Final[dict[Mode, tuple[str, ...]]] = {
    "agency_list": ("agency", "key"),
    "portal_list": ("portal", "key"),
    "full_export": ("address",),
    "top_offers": ("address",),
}


def first_request(settings: FreinetSettings) -> Request:
    """Where reading starts. A portal's agencies come before its offers."""
    if settings.mode == "agency_list":
        return _request(settings, AGENCY_LIST, {"limit": settings.limit})
    if settings.mode == "portal_list":
        return _request(settings, PORTAL_AGENCIES, {"limit": MOST_AGENCIES}, {"step": "agencies"})
    return Request(url=str(settings.address), query=_key(settings))


def portal_request(settings: FreinetSettings) -> Request:
    """The list over all agencies of a portal, with the portal's own key."""
    return _request(settings, PORTAL_LIST, {"limit": settings.limit}, {"step": "list"})


def offer_request(settings: FreinetSettings, item: dict[str, Any], known: UnlessKnown) -> Request:
    """One offer's own document; `item` is what the list said, and comes back with it."""
    path = PORTAL_OFFER if settings.mode == "portal_list" else AGENCY_OFFER
    query = {"offerId": item[OFFER_ID], **({"agencyId": item[AGENCY]} if AGENCY in item else {})}
    request = _request(settings, path, query, {"step": "offer", "item": item})
    return replace(request, unless_known=known)


def page_of(settings: FreinetSettings, agency: str | None, offer: str) -> str:
    """The public page of an offer."""
    return f"{_page(settings.base_url, agency)}{quote(offer)}"


@lru_cache(maxsize=64)
def _page(base_url: str, agency: str | None) -> str:
    of_agency = f"agid={quote(agency)}&" if agency else ""
    return f"{_beside(base_url, PAGE)}?{of_agency}frametyp=2&styleid=1&detail="


def _request(
    settings: FreinetSettings, path: str, query: dict[str, Any], tag: Any = None
) -> Request:
    portal = settings.mode == "portal_list"
    owner = ("portalId", settings.portal) if portal else ("agencyId", settings.agency)
    named = [(name, str(value)) for name, value in (owner, *query.items())]
    return Request(url=_beside(settings.base_url, path), query=(*named, *_key(settings)), tag=tag)


def _key(settings: FreinetSettings) -> tuple[tuple[str, Secret], ...]:
    return (("accessKey", Secret(settings.key)),) if settings.key else ()


def _beside(base_url: str, path: str) -> str:
    return urljoin(f"{base_url.rstrip('/')}/", path)
