"""When an event of a feed takes place, by its feed's setting. Pure; raises `Rejected` where nobody
can say.

`auto` knows three dialects beside fields for events: TYPO3 calendarize and sf_event_mgt write the
event's start where feeds have the day of publication, Gancio writes the date into the title.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

from connectors.cleaning.dates import Moment, instant_of, moment, wall, when
from connectors.cleaning.datesintext import Said, date_in
from connectors.cleaning.html import line, plain
from connectors.feed.settings import FeedSettings
from schema import Days, Problem, Rejected, Timed
from schema.when import is_zone

_BASIC: Final = re.compile(r"\d{8}T\d{4}(?:\d\d)?Z?")
_SF_EVENT: Final = re.compile(r"event-\d{1,12}")
_GANCIO: Final = re.compile(r"\[(\d{1,2}-\d\d-\d\d)\] ([^\n]{1,500}?)(?: @([^@\n]{1,200}))?")
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.][0-5]\d)?(?: Uhr)?")
_IN_TEXT: Final = re.compile(r"(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])")


@dataclass(frozen=True, slots=True)
class Dated:
    """When, and what else follows from how it was said: the title without its date, the place
    that stood in the title, and whether the date of publication is one."""

    when: Timed | Days
    title: str
    place: str | None = None
    published: bool = True


def dated(data: Mapping[str, Any], settings: FeedSettings, zone: str) -> Dated:
    """A raw of an event → when it takes place. Raises `Rejected`."""
    title = line(data.get("title", ""))
    if settings.dates == "published":
        return Dated(_by_publication(data, zone), title, published=False)
    if settings.dates in ("title", "text"):
        return Dated(_by_text(data, title, settings, zone), title)
    if "start" in data:
        return Dated(_by_fields(data, zone), title)
    known = _by_dialect(data, title, zone) if settings.dates == "auto" else None
    if known is None:
        raise _undated("no date of an event stands in the entry's fields")
    return known


def ends_too_early(data: Mapping[str, Any]) -> bool:
    """Whether the fields say that an event ends before it starts."""
    start, end = _moments(data, "start"), _moments(data, "end") or _moments(data, "dtend")
    return bool(start and end and when(start, end, "UTC", inclusive=True) is None)


def _by_fields(data: Mapping[str, Any], zone: str) -> Timed | Days:
    """Fields for events. An end that lies before the start is left away: `read` has reported it."""
    zone = data["tzid"] if is_zone(data.get("tzid", "")) else zone
    start = _moments(data, "start")
    if start is None:
        what = f"the start is no date: {data['start'][:40]}"
        raise Rejected(Problem("event.unreadable_date", "start", what))
    inclusive = "end" in data
    end = _moments(data, "end") or _moments(data, "dtend")
    said = when(start, end, zone, inclusive=inclusive) or when(start, None, zone, inclusive=True)
    if said is None:
        raise _undated("no date of an event stands in the entry's fields")
    return said


def _moments(data: Mapping[str, Any], name: str) -> Moment | None:
    """A date and the time that stands in a field of its own."""
    if name not in data:
        return None
    said = moment(data[name])
    clock = _CLOCK.fullmatch(data.get(f"{name}time", ""))
    if said is None or isinstance(said, datetime) or clock is None:
        return said
    return datetime.combine(said, time(int(clock[1]), int(clock[2])))


def _by_publication(data: Mapping[str, Any], zone: str) -> Timed | Days:
    said = moment(data.get("published", ""))
    found = when(said, None, zone, inclusive=True) if said else None
    if found is None:
        raise _undated("the entry has no date of publication that can be read")
    return found


def _by_text(
    data: Mapping[str, Any], title: str, settings: FeedSettings, zone: str
) -> Timed | Days:
    """The first text with a date: title, summary and, by setting, the whole text."""
    written = instant_of(data.get("published") or data.get("updated") or "")
    day = None
    if written is not None:
        local = wall(written, zone)
        day = local.date() if isinstance(local, datetime) else local
    texts = [title, plain(data.get("summary", ""))]
    if settings.dates == "text" or "summary" not in data:
        texts.append(plain(data.get("text", "")))
    said = [date_in(text, zone, day) for text in texts if text]
    found = next((each.when for each in said if each.when is not None), None)
    if found is None:
        raise _undated(_why(said))
    return found


def _why(said: list[Said]) -> str:
    whys = [each.why for each in said if each.why and each.why != "no date in it"]
    return f"no date in the text can be relied on: {whys[0]}" if whys else "no date in the text"


def _by_dialect(data: Mapping[str, Any], title: str, zone: str) -> Dated | None:
    published = data.get("published", "")
    generator = data.get("generator", "").lower()
    is_typo3 = "typo3" in generator or "sf_event" in generator
    if _BASIC.fullmatch(published) or (is_typo3 and _SF_EVENT.fullmatch(data.get("id", ""))):
        return Dated(_by_publication(data, zone), title, published=False)
    gancio = _GANCIO.fullmatch(title)
    if gancio is None or "/event/" not in data.get("link", ""):
        return None
    day = date_in(gancio[1], zone).when
    if not isinstance(day, Days):
        return None
    clock = _IN_TEXT.search(plain(data.get("text", ""))[:1_000])
    start = datetime.combine(day.start, time(int(clock[1]), int(clock[2]))) if clock else None
    return Dated(Timed(start=start, zone=zone) if start else day, gancio[2], gancio[3])


def _undated(message: str) -> Rejected:
    return Rejected(Problem("event.no_date", "when", message))
