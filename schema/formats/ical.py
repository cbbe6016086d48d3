"""Event → its VEVENTs (RFC 5545, 3.6.1), one component a language it has. Pure; reads no clock.

A series is a master and one VEVENT for each occurrence that differs. Everything is derived from
what is stored, so making it anew gives the same bytes: DTSTAMP is LAST-MODIFIED, and SEQUENCE is
the whole seconds between the entry's first publication and its last change (0 at first, and
growing with each change, without a counter that a rebuild would lose).

ORGANIZER is not written: it needs a mail address, and the organisation stands in the text. Nothing
is written that rings (VALARM), invites (ATTENDEE), or floats (a time without a zone).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from schema import schemes
from schema.edition import Edition
from schema.formats.ical_lines import lines, said_in, text, uri
from schema.formats.ical_series import dates_of
from schema.formats.ical_times import stamp
from schema.formats.ical_words import day_and_time, licence, words
from schema.formats.json import Published

FALLBACKS: Final = ("de", "en")
"""A text that an entry lacks in its language is shown in the first of these it has, else in any."""
STATUS: Final = {"cancelled": "CANCELLED", "postponed": "TENTATIVE"}
"""Everything else is CONFIRMED."""
NO_POINT: Final = frozenset({"postal_code", "locality", "district", "country"})
"""Places known no better than this have no GEO: a pin would send people to a wrong door."""

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """An event in one language: whole lines with their ends. `zones` are those it names, sorted;
    the calendar around it must describe them."""

    language: str
    ics: bytes
    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """What every VEVENT of an event has in common in one language."""

    language: str
    identity: tuple[str, ...]
    target: str | None
    closing: str
    address: str


def components(published: Published, edition: Edition) -> tuple[Component, ...]:
    """A published event → one component for each language of its title; none for a series of
    which every date is left out."""
    body = orjson.loads(published.body)
    if published.withheld:
        body.pop("contact", None)
    dates = dates_of(body)
    if not dates:
        return ()
    identity = _identity(published, edition)
    address = edition.url_of(published.kind, published.id)
    zones = tuple(sorted({zone for dated in dates for zone in dated.zones}))
    found = []
    for language in body["title"]:
        frame = _Frame(
            language,
            identity,
            published.target.name if published.target else None,
            _closing(published, address, language),
            address,
        )
        entries = (_vevent(frame, dated.lines, {**body, **dated.said}) for dated in dates)
        ics = b"".join([lines(entry) for entry in entries])
        found.append(Component(language=language, ics=ics, zones=zones))
    return tuple(found)


def _identity(published: Published, edition: Edition) -> tuple[str, ...]:
    modified = stamp(published.modified)
    age = published.modified - published.created
    return (
        f"UID:{published.id}@{_host(edition.public_url)}",
        f"DTSTAMP:{modified}",
        f"CREATED:{stamp(published.created)}",
        f"LAST-MODIFIED:{modified}",
        f"SEQUENCE:{max(age.days * 86_400 + age.seconds, 0)}",
    )


@lru_cache(maxsize=8)
def _host(public_url: str) -> str:
    return urlsplit(public_url).hostname or "localhost"


def _vevent(frame: _Frame, dated: Sequence[str], said: Fields) -> Iterator[str]:
    """The lines of one VEVENT."""
    yield "BEGIN:VEVENT"
    yield from frame.identity
    yield from dated
    language, title = _chosen(said["title"], frame.language)
    yield f"SUMMARY{said_in(language)}:{text(_titled(title, said['status'], frame.language))}"
    yield f"DESCRIPTION{said_in(frame.language)}:{text(_described(frame, said))}"
    place = said.get("place")
    if place:
        yield from _where(place)
    categories = _categories(said, frame.language)
    if categories:
        yield f"CATEGORIES:{categories}"
    yield f"URL:{_url(said) or frame.address}"
    yield f"STATUS:{STATUS.get(said['status'], 'CONFIRMED')}"
    yield "CLASS:PUBLIC"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _chosen(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """Language → text, not empty → the language and the text to show."""
    for wanted in (language, *FALLBACKS):
        if wanted in texts:
            return wanted, texts[wanted]
    first = min(texts)
    return first, texts[first]


def _titled(title: str, status: str, language: str) -> str:
    """The title as a phone shows it: what is off says so first."""
    prefix = words(language).get(status, "")
    if not prefix or title.lower().startswith(prefix.rstrip(": ").lower()):
        return title
    return prefix + title


def _described(frame: _Frame, said: Fields) -> str:
    """Everything that has no property of its own, and where it comes from."""
    texts = said.get("description") or said.get("summary")
    paragraphs = (
        "\n".join(_moved(said, frame.language)),
        _chosen(texts, frame.language)[1].strip() if texts else "",
        "\n".join(_people(frame, said)),
        frame.closing,
    )
    return "\n\n".join([paragraph for paragraph in paragraphs if paragraph])


def _moved(said: Fields, language: str) -> Iterator[str]:
    """The date on which it was to take place, for what was put off or has another date now."""
    status, previous = said["status"], said.get("previous_start")
    if status not in {"postponed", "rescheduled"}:
        return
    old = previous or (said["when"] if status == "postponed" else None)
    if old:
        yield f"{words(language)['was_planned']}: {day_and_time(old['start'], language)}"
    if not previous and status == "postponed":
        yield words(language)["new_date_open"]


def _people(frame: _Frame, said: Fields) -> Iterator[str]:
    """Who organises it, and how to reach them."""
    name = words(frame.language)
    if frame.target:
        yield f"{name['organiser']}: {frame.target}"
    answer = said.get("respond") or {}
    ways = [answer[way] for way in ("url", "email") if way in answer]
    if ways:
        yield f"{name['respond']}: {' · '.join(ways)}"
    contact = said.get("contact") or {}
    ways = [contact[way] for way in ("name", "phone", "email", "url") if way in contact]
    if ways:
        yield f"{name['contact']}: {' · '.join(ways)}"


def _closing(published: Published, address: str, language: str) -> str:
    """Sources, licence and the entry's own address."""
    name = words(language)
    said = []
    for origin in (provenance.origin for provenance in published.sources):
        where = f" ({origin.url})" if origin.url else ""
        credit = f"; {name['attribution']}: {origin.attribution}" if origin.attribution else ""
        said.append(f"{name['source']}: {origin.name}{where}")
        said.append(f"{name['licence']}: {licence(origin.licence, language)}{credit}")
    said.append(f"{name['entry']}: {address}")
    return "\n".join(said)


def _where(place: Fields) -> Iterator[str]:
    town = " ".join(filter(None, (place.get("postal_code"), place.get("locality"))))
    parts = dict.fromkeys(filter(None, (place.get("name"), place.get("street"), town)))
    if parts:
        yield f"LOCATION:{text(', '.join(parts))}"
    if "lat" in place and "lon" in place and place.get("precision") not in NO_POINT:
        yield f"GEO:{place['lat']:.6f};{place['lon']:.6f}"


def _categories(said: Fields, language: str) -> str:
    labels = [_label(each["scheme"], each["term"], language) for each in said.get("categories", ())]
    return ",".join([text(label) for label in dict.fromkeys([*labels, *said.get("tags", ())])])


@lru_cache(maxsize=1024)
def _label(scheme: str, term: str, language: str) -> str:
    found = schemes.find(f"{scheme}:{term}")
    return schemes.label(found, language) if found else term


def _url(said: Fields) -> str | None:
    """The page at the source, else where people answer."""
    return uri(said.get("url")) or uri((said.get("respond") or {}).get("url"))
