"""One field of an entry, ours beside what another reader of feeds gives. Pure.

Texts are compared by what they say, since ours are plain or a safe part of HTML; addresses without
regard to a last slash; times as instants, to the second.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from benchmarks.scoreboard.entries import Entry, days_of, sayings, time_of, words
from benchmarks.scoreboard.verdicts import Unmet

Answer = Callable[[Entry, Any], bool]


def same_text(entry: Entry, expected: Any) -> bool:
    """Whether one of the texts says this, all of them together do, or nothing is to be said."""
    said = expected.get("value") if isinstance(expected, dict) else expected
    wanted = sayings(str(said or ""))
    found = [sayings(each) for each in (*entry.texts, " ".join(entry.texts), entry.html)]
    return any(wanted & each for each in found) or (not any(wanted) and not entry.texts)


def same_title(entry: Entry, expected: Any) -> bool:
    """Whether the title says this."""
    wanted = sayings(str(expected or ""))
    return any(wanted & sayings(t) for t in entry.titles) or not (any(wanted) or entry.titles)


def has_address(entry: Entry, expected: Any) -> bool:
    """Whether an address, or each of several, is among the entry's."""
    wanted = expected if isinstance(expected, list) else [expected]
    ours = {tidy(url) for url in entry.urls | entry.ids}
    return all(_is_among(tidy(_address(each)), ours) for each in wanted)


def _is_among(address: str, ours: set[str]) -> bool:
    """Whether an address is one of ours; a relative one is whole with us."""
    relative = address.startswith("/") and not address.startswith("//")
    return address in ours or (relative and any(url.endswith(address) for url in ours))


def _address(said: Any) -> str:
    return str(said.get("href") or said.get("url") or "") if isinstance(said, dict) else str(said)


def tidy(url: str) -> str:
    """An address without what makes no difference: how it is fetched, and a last slash."""
    scheme, colon, rest = url.strip().partition("://")
    host, slash, path = rest.partition("/")
    scheme = "https" if scheme.lower() == "http" else scheme.lower()
    return f"{scheme}{colon}{host.lower()}{slash}{path}".rstrip("/")


def has_enclosures(entry: Entry, expected: Any) -> bool:
    """Whether each enclosed picture is among the entry's; other media are not kept."""
    wanted = expected if isinstance(expected, list) else [expected]
    pictures = [each for each in wanted if not isinstance(each, dict) or _is_picture(each)]
    return has_address(entry, pictures)


def _is_picture(said: dict[str, Any]) -> bool:
    return str(said.get("type", "image/")).startswith("image/")


def has_id(entry: Entry, expected: Any) -> bool:
    """Whether the entry is known by this id, as it stands."""
    wanted = expected.get("value") if isinstance(expected, dict) else expected
    return str(wanted).strip() in entry.ids or has_address(entry, str(wanted))


def is_published(entry: Entry, expected: Any) -> bool:
    """Whether it is from this time; an entry with one time says both by it."""
    return _is_time(expected, (entry.created, None if entry.created else entry.modified))


def is_updated(entry: Entry, expected: Any) -> bool:
    """Whether it was changed at this time; an entry with one time says both by it."""
    return _is_time(expected, (entry.modified, None if entry.modified else entry.created))


def is_any_time(entry: Entry, expected: Any) -> bool:
    """Whether it carries this time at all."""
    return _is_time(expected, (entry.created, entry.modified, entry.starts))


def expires_on(entry: Entry, expected: Any) -> bool:
    """Whether it holds until the day of this time: ours has no hour."""
    wanted = time_of(expected)
    return bool(entry.expires) if wanted is None else bool(days_of(wanted) & entry.expires)


def _is_time(expected: Any, ours: tuple[datetime | None, ...]) -> bool:
    wanted = time_of(expected)
    if wanted is None:
        return not any(ours)
    return any(each and abs((each - wanted).total_seconds()) < 1 for each in ours)


def has_tags(entry: Entry, expected: Any) -> bool:
    """Whether each of these words (or terms) stands among the tags."""
    wanted = expected if isinstance(expected, list) else [expected]
    ours = {words(each).lower() for each in entry.tags}
    return all(ours & {words(each).lower() for each in _names(said)} for said in wanted)


def _names(said: Any) -> list[str]:
    if isinstance(said, dict):
        return [str(said[name]) for name in ("label", "term", "value") if said.get(name)]
    return [str(said)]


def is_at(entry: Entry, expected: Any) -> bool:
    """Whether it lies at (longitude, latitude), or at a point at all."""
    if entry.place is None or expected == "Point":
        return entry.place is not None
    if len(expected) != 2:
        return False
    lat, lon = entry.place
    return bool(abs(lon - expected[0]) < 1e-6 and abs(lat - expected[1]) < 1e-6)


def _near(ours: float | None, expected: Any) -> bool:
    return ours is not None and abs(ours - float(expected)) < 1e-6


ANSWERS: Final[dict[str, Answer]] = {
    "title": same_title,
    **dict.fromkeys(("summary", "description", "content", "content:encoded"), same_text),
    **dict.fromkeys(("link", "links", "image", "url"), has_address),
    **dict.fromkeys(("enclosure", "enclosures"), has_enclosures),
    **dict.fromkeys(("id", "guid"), has_id),
    **dict.fromkeys(("published", "publishedParsed", "published_parsed"), is_published),
    **dict.fromkeys(("pubDate", "pubDateParsed", "isoDate"), is_published),
    **dict.fromkeys(("created", "created_parsed", "issued", "issued_parsed"), is_any_time),
    **dict.fromkeys(("updated", "updatedParsed", "updated_parsed"), is_updated),
    **dict.fromkeys(("modified", "modified_parsed", "date", "date_parsed"), is_any_time),
    **dict.fromkeys(("expired", "expired_parsed"), expires_on),
    **dict.fromkeys(("tags", "categories", "category"), has_tags),
    **dict.fromkeys(("media_thumbnail", "media_content"), has_address),
    "where": is_at,
    "geo_lat": lambda entry, expected: _near(entry.place and entry.place[0], expected),
    "geo_long": lambda entry, expected: _near(entry.place and entry.place[1], expected),
}
"""The fields that entries of ours answer."""


def compare(entry: Entry, field: str, expected: Any) -> Unmet | None:
    """One field. A field nobody answers is unmet, not passed over."""
    answer = ANSWERS.get(field)
    if answer is None:
        return Unmet(f"field_not_kept:{field}", str(expected)[:200])
    if answer(entry, expected):
        return None
    return Unmet(f"wrong_{field.partition('_')[0]}", f"{expected!r} is not in {entry}"[:900])
