"""Settings of a feed: where it is, what its entries are, where their dates stand."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from connectors.base import ConnectorSettings, Fetch
from schema.normal.urls import is_web_url

Items = Literal["events", "offers", "projects", "notices"]
Dates = Literal["auto", "fields", "published", "title", "text"]
Identity = Literal["guid", "link", "content"]
Listing = Literal["latest", "everything"]

KINDS: Final = {"events": "event", "offers": "offer", "projects": "project"}
"""What entries may be, by setting → the kind they are published as."""


class FeedSettings(ConnectorSettings):
    """What an administrator of a feed says."""

    url: Annotated[str, Fetch]
    """Whole address of the feed: RSS 0.9x, 1.0 or 2.0, Atom, or JSON Feed."""
    items: Items
    """What the feed's entries are. `notices` are news: counted, and not published."""
    dates: Dates = "auto"
    """Where an event's date stands: in fields for events, in the entry's date of publication, in
    its title or summary, or anywhere in its text. `auto` takes fields, and the rules of known
    software."""
    identity: Identity = "guid"
    """What an entry is known by: its id, its link, or what it says. The next one is taken where
    an entry lacks it. `link` and `content` are for feeds whose ids do not last."""
    listing: Listing = "latest"
    """Whether the feed names everything the source has. `latest` never removes anything."""
    organiser: str | None = Field(default=None, min_length=1, max_length=200)
    """Name of the organisation behind all entries, where it is always the same one."""
    organisers_named: bool = False
    """Whether the feed's field for organisers holds names of organisations. Left out, it is not
    read: it could be a person."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not is_web_url(self.url):
            raise ValueError("url must be a whole http or https address")
        return self
