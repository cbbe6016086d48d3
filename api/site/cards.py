"""A live entity's document → what a card on a page shows of it. Pure; decides about no layout."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlsplit

from aggregator.queries.entities import Entry
from api.site.words import chosen, label
from schema.entities import COLLECTIONS

TEASER: Final = 240
UNSAID: Final = (None, "unknown")
"""Values that tell a reader nothing."""
USUAL: Final = "scheduled"
"""The status of an event of which there is nothing special to say."""
CALLED_OFF: Final = frozenset({"cancelled", "postponed"})
"""Statuses of what does not take place as it stands here."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text with the language it is in."""

    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is shown of an entry. Addresses are safe to put into a link; what is absent is None."""

    path: str
    title: Said
    teaser: Said | None
    organisation: str | None
    place: str | None
    status: str | None
    respond: str | None


def card_of(entry: Entry, language: str) -> Card:
    """An offer → its card, texts in `language` where they exist in it."""
    return carded(entry.document, language)


def carded(said: Mapping[str, Any], language: str) -> Card:
    """A document of any kind → its card."""
    text = said_in(said.get("summary") or said.get("description"), language)
    status = said.get("status")
    return Card(
        path=f"/{COLLECTIONS[said['kind']]}/{said['id']}",
        title=said_in(said["title"], language) or Said(language, said["id"]),
        teaser=Said(text.language, beginning(text.text)) if text else None,
        organisation=said.get("organisation", {}).get("name"),
        place=_place(said.get("place", {})),
        status=label(f"status.{status}", language) if status not in UNSAID else None,
        respond=respond_of(said.get("respond", {})),
    )


def web_address(address: str | None) -> str | None:
    """An address that may stand in a link, or None: only http and https may."""
    if address is None:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in {"http", "https"} and parts.netloc else None


def beginning(text: str, most: int = TEASER) -> str:
    """A text → its beginning of at most so many characters, cut between words if it can."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    words = text[:most].rpartition(" ")[0].rstrip(".,;:–- ")
    return f"{words} …" if words else f"{text[:most]}…"


def said_in(texts: Mapping[str, str] | None, language: str) -> Said | None:
    """A map from language to text → the text to show, in `language` where it has it."""
    found = chosen(texts, language)
    return Said(*found) if found else None


def _place(place: Mapping[str, Any]) -> str | None:
    name = place.get("locality") or place.get("name")
    parts = (place.get("postal_code"), name, place.get("district"))
    return ", ".join(filter(None, (" ".join(filter(None, parts[:2])), parts[2]))) or None


def mail_link(email: str) -> str:
    """A mail address → a link to write to it, to which nothing can be added."""
    return f"mailto:{quote(email, safe='@')}"


def respond_of(respond: Mapping[str, str]) -> str | None:
    """The one way to answer, as a link: a page, else a mailbox."""
    email = respond.get("email")
    return web_address(respond.get("url")) or (mail_link(email) if email else None)
