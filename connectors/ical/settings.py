"""What an administrator says about one calendar, and the request that follows. No I/O."""

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator

from connectors.base import ConnectorSettings, Fetch, Request
from schema.normal.urls import is_web_url

Listing = Literal["everything", "window", "latest"]

_CALENDAR_SCHEME: Final = re.compile(r"(webcals?|https?)://", re.IGNORECASE)
_ACCEPT: Final = "text/calendar, application/ics;q=0.9, */*;q=0.5"


def _address(written: str) -> str:
    """The address to fetch: `webcal://` is how calendars write `https://`."""
    address = written.strip()
    scheme = _CALENDAR_SCHEME.match(address)
    if scheme is not None and scheme[1].lower().startswith("webcal"):
        address = f"https://{address[scheme.end() :]}"
    if not is_web_url(address):
        raise ValueError("an https, http or webcal address is needed, without user or password")
    return address


class IcalSettings(ConnectorSettings):
    """One calendar."""

    url: Annotated[str, Fetch, AfterValidator(_address)]
    """Address of the calendar; `webcal://` is read as `https://`."""
    listing: Listing | None = None
    """What the calendar holds: `everything`, a `window` of time (what lies outside of it is not
    gone), or only the `latest` events (nothing is ever withdrawn). Left out: by its producer."""
    uids: Literal["lasting", "changing"] = "lasting"
    """Whether UIDs stay (`lasting`), or are new in each answer (`changing`): then an event is
    known by its title, start and place."""
    organiser: str | None = None
    """Name of the organisation whose events all of these are."""
    private: Literal["leave_out", "publish"] = "leave_out"
    """What happens to events that the calendar marks as anything but public. One that is left out
    and was published before is withdrawn at once."""


def first_request(settings: IcalSettings) -> Request:
    """The calendar is one document."""
    return Request(url=settings.url, headers=(("Accept", _ACCEPT),))
