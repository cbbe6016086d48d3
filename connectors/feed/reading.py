"""A feed's document → raws, findings, and what it is complete for. Maps nothing.

"The latest twenty" prove nothing about what is missing. A feed that names everything, by setting,
is complete only where it has entries and was well-formed to its end.
"""

from collections.abc import Iterator
from io import BytesIO

from connectors.base import Complete, Document, Everything, Raw, Understood
from connectors.cleaning.coordinates import point
from connectors.feed.dating import ends_too_early
from connectors.feed.entries import Data, raws_of
from connectors.feed.identity import key_of_content, key_of_id, key_of_link
from connectors.feed.jsonfeed import is_json, json_raws
from connectors.feed.parsing import parsed
from connectors.feed.settings import KINDS, FeedSettings
from schema import Level, Problem
from schema.normal.names import fold_name


def read(document: Document, settings: FeedSettings) -> Iterator[Understood]:
    """One feed → its raws, what is wrong with it, and its completeness. Raises `Unreadable`."""
    entries, problems, whole = _entries(document)
    if settings.items != "notices":
        for data in entries:
            yield from _understood(data, settings)
    elif entries:
        yield Problem("document.notices", "", f"{len(entries)} counted", Level.INFO)
    yield from problems
    if whole and not entries:
        yield Problem("document.empty", "", "a feed without entries")
    elif whole and settings.listing == "everything" and settings.items != "notices":
        yield Complete(Everything())


def _entries(document: Document) -> tuple[list[Data], tuple[Problem, ...], bool]:
    """The data of a document's entries, its problems, and whether it was seen to its end."""
    with document.open() as file:
        data = file.read()
    if is_json(data[:1_000]):
        found, problems = json_raws(data, document.url)
        return found, problems, True
    feed = parsed(BytesIO(data), document.charset)
    return list(raws_of(feed, document.url)), feed.problems, feed.whole


def _understood(data: Data, settings: FeedSettings) -> Iterator[Understood]:
    """An entry's data → its raw, and what is odd about it."""
    kind = KINDS[settings.items]
    if settings.items != "events" or not settings.organisers_named:
        data.pop("organizer", None)
    key = _key(data, settings)
    data = _lasting(data, settings)
    yield Raw(key=key, kind=kind, data=data, stamp=data.get("updated"))
    if key is None:
        return
    why = point(data.get("lat"), data.get("lon")).why
    if why is not None:
        yield Problem("place.no_coordinates", f"{kind}/{key}/lat", why, Level.WARNING)
    if settings.items == "events" and ends_too_early(data):
        what = "the end is left away"
        yield Problem("event.end_before_start", f"{kind}/{key}/end", what, Level.WARNING)


def _lasting(data: Data, settings: FeedSettings) -> Data:
    """An entry's data without what may change while it stays the same entry: an id stands there
    as its key, which does not change with http and https."""
    if "id" in data:
        data["id"] = key_of_id(data["id"]) if settings.identity == "guid" else None
    return {name: value for name, value in data.items() if value is not None}


def _key(data: Data, settings: FeedSettings) -> str | None:
    """What an entry is known by: id, link, content, from what the setting says on."""
    if settings.identity == "content":
        return _content(data)
    guid = key_of_id(data["id"]) if "id" in data else None
    link = key_of_link(data["link"]) if "link" in data else None
    either = guid or link if settings.identity == "guid" else link or guid
    return either or _content(data)


def _content(data: Data) -> str | None:
    """The key of what an entry says: its title and date; its text where it has no title."""
    title = fold_name(data.get("title", ""))
    start = data.get("start") or data.get("published")
    if title:
        return key_of_content(title, start, data.get("place"))
    return key_of_content(data.get("text"))
