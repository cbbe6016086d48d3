"""A live entity's document → everything its own page says about it, in plain words. Pure.

What the source left open is left out. Texts of the entry carry their language, words of ours are in
the page's. Decides about no layout.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import quote

from markupsafe import Markup

from api.site.cards import (
    CALLED_OFF,
    UNSAID,
    USUAL,
    Said,
    mail_link,
    respond_of,
    said_in,
    web_address,
)
from api.site.dates import dated
from api.site.prose import paragraphs, safe_html
from api.site.provenance import Licence, Telling, licence_of
from api.site.words import chosen, label, words_in
from schema import schemes
from schema.entities import KINDS

CHOSEN: Final = ("commitment", "remote", "type", "initiative_type", "open_for_cooperation", "form")
LISTED: Final = ("skills", "activities", "target_groups")
TOLD: Final = ("schedule", "requirements", "benefits", "opening_hours", "accessibility")
"""Fields of one value of a vocabulary, of several short texts, of a longer text."""
GOOD: Final = frozenset({"open", "scheduled", "running", "seeking_partners", "agreed"})


@dataclass(frozen=True, slots=True)
class Prose:
    """A longer text, safe to show, with the language it is in."""

    language: str
    html: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing to know: its name in the page's language, and either values, or a longer text."""

    name: str
    values: tuple[Said, ...] = ()
    prose: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An organisation, by name and page of ours."""

    name: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A link that is safe to follow, what it is called, and what kind of thing it leads to."""

    href: str
    title: Said | None
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture elsewhere; never loaded, only linked."""

    href: str
    alt: Said | None
    credit: str | None
    licence: Licence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A category: its label, and the path of the list narrowed down to it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a page about an entry shows; what is absent is None or empty."""

    kind: str
    id: str
    title: Said
    lead: Said | None
    text: Prose | None
    state: str | None
    status: str | None
    good: bool
    called_off: bool
    withheld: bool
    organisation: Reference | None
    respond: str | None
    page: str | None
    place: tuple[str, ...]
    online: bool
    facts: tuple[Fact, ...]
    topics: tuple[Topic, ...]
    climate: tuple[str, ...]
    tags: tuple[Said, ...]
    contact: tuple[Way, ...]
    links: tuple[Way, ...]
    pictures: tuple[Picture, ...]


def sheet_of(said: Mapping[str, Any], told: Telling) -> Sheet:
    """A document of any kind → its sheet."""
    language, status = told.language, said.get("status")
    lead, text = said_in(said.get("summary"), language), _text(said, language)
    return Sheet(
        kind=said["kind"],
        id=said["id"],
        title=said_in(said["title"], language) or Said(language, said["id"]),
        lead=None if _repeats(lead, text) else lead,
        text=text,
        state=status,
        status=None if status in {*UNSAID, USUAL} else label(f"status.{status}", language),
        good=status in GOOD,
        called_off=status in CALLED_OFF,
        withheld=said.get("freshness") == "withheld",
        organisation=_organisation(said),
        respond=respond_of(said.get("respond", {})),
        page=web_address(said.get("url")),
        place=_place(said.get("place", {})),
        online=said.get("attendance") == "online",
        facts=tuple(_facts(said, told)),
        topics=tuple(_topics(said, language)),
        climate=tuple(label(f"climate.{each}", language) for each in said.get("climate", ())),
        tags=tuple(_loose(said, "tags", language)),
        contact=tuple(_contact(said.get("contact", {}), language)),
        links=tuple(_links(said, language)),
        pictures=tuple(_pictures(said, language)),
    )


def _text(said: Mapping[str, Any], language: str) -> Prose | None:
    """The description: with its markup where there is any in the language that is shown."""
    plain, marked = said.get("description"), said.get("description_html")
    found = chosen({**(plain or {}), **(marked or {})}, language)
    if found is None:
        return None
    tongue, text = found
    safe = safe_html(text, below=2) if tongue in (marked or {}) else paragraphs(text)
    return Prose(tongue, safe)


def _repeats(lead: Said | None, text: Prose | None) -> bool:
    """Whether a text begins with what stands before it, perhaps cut."""
    if lead is None or text is None:
        return False
    start = " ".join(lead.text.rstrip(" .…").split())
    return text.html.striptags().startswith(start)


def _organisation(said: Mapping[str, Any]) -> Reference | None:
    named = said.get(KINDS[said["kind"]].reference or "")
    if named is None:
        return None
    return Reference(name=named["name"], path=f"/organisations/{named['id']}")


def _place(place: Mapping[str, Any]) -> tuple[str, ...]:
    town = " ".join(filter(None, (place.get("postal_code"), place.get("locality"))))
    lines = (place.get("name"), place.get("street"), town, place.get("district"))
    return tuple(dict.fromkeys(filter(None, lines)))


def _facts(said: Mapping[str, Any], told: Telling) -> Iterator[Fact]:
    words, language = words_in(told.language), told.language
    for name in ("commitment", "remote"):
        yield from _chosen_fact(said, name, language)
    yield from _prose_fact(said, "schedule", language)
    for name, value in _numbers(said, told):
        yield Fact(name=words[f"fact.{name}"], values=(Said(language, value),))
    for name in CHOSEN[2:]:
        yield from _chosen_fact(said, name, language)
    for name in LISTED:
        values = tuple(_loose(said, name, language))
        if values:
            yield Fact(name=words[f"fact.{name}"], values=values)
    for name in TOLD[1:]:
        yield from _prose_fact(said, name, language)


def _chosen_fact(said: Mapping[str, Any], name: str, language: str) -> Iterator[Fact]:
    value = said.get(name)
    if value in UNSAID:
        return
    text = label(f"{name}.{str(value).lower()}", language)
    yield Fact(name=words_in(language)[f"fact.{name}"], values=(Said(language, text),))


def _prose_fact(said: Mapping[str, Any], name: str, language: str) -> Iterator[Fact]:
    text = said_in(said.get(name), language)
    if text:
        prose = Prose(text.language, paragraphs(text.text))
        yield Fact(name=words_in(language)[f"fact.{name}"], prose=prose)


def _numbers(said: Mapping[str, Any], told: Telling) -> Iterator[tuple[str, str]]:
    words = words_in(told.language)
    if said.get("hours"):
        yield "hours", words["hours_a_week"].format(_number(said["hours"], told.language))
    if said.get("wanted"):
        n = said["wanted"]
        yield "wanted", words["people.one" if n == 1 else "people.many"].format(n)
    for name in ("valid_from", "valid_through"):
        if name in said:
            yield name, dated(date.fromisoformat(said[name]), told.today, told.language)


def _number(value: float, language: str) -> str:
    text = f"{value:g}"
    return text.replace(".", ",") if language == "de" else text


def _loose(said: Mapping[str, Any], name: str, language: str) -> Iterator[Said]:
    """Short texts of a source, whose language nobody says: that of the title, if it has one."""
    titles = said["title"]
    tongue = next(iter(titles)) if len(titles) == 1 else language
    return (Said(tongue, text) for text in said.get(name, ()))


def _topics(said: Mapping[str, Any], language: str) -> Iterator[Topic]:
    for each in said.get("categories", ()):
        value = f"{each['scheme']}:{each['term']}"
        term = schemes.find(value)
        if term is not None:
            yield Topic(label=schemes.label(term, language), value=value)


def _contact(contact: Mapping[str, str], language: str) -> Iterator[Way]:
    """Ways to reach somebody; a name alone is none."""
    name = contact.get("name")
    title = Said(language, name) if name else None
    if email := contact.get("email"):
        yield Way(href=mail_link(email), title=Said(language, email))
    if phone := contact.get("phone"):
        yield Way(href=f"tel:{quote(phone, safe='+')}", title=Said(language, phone))
    if page := web_address(contact.get("url")):
        yield Way(href=page, title=title or Said(language, page))


def _links(said: Mapping[str, Any], language: str) -> Iterator[Way]:
    for each in said.get("links", ()):
        if href := web_address(each["url"]):
            kind = words_in(language).get(f"link.{each.get('type')}")
            yield Way(href=href, title=said_in(each.get("title"), language), kind=kind)


def _pictures(said: Mapping[str, Any], language: str) -> Iterator[Picture]:
    for each in said.get("images", ()):
        if href := web_address(each["url"]):
            licence = each.get("licence")
            yield Picture(
                href=href,
                alt=said_in(each.get("alt"), language),
                credit=each.get("credit"),
                licence=licence_of(licence, language) if licence else None,
            )
