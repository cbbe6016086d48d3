"""Portals: filters under a name. Reads what `[[portal]]` says, and says what is wrong with it.

A filter is written once for lists of all kinds. What a kind does not know is passed over for that
kind: neither `commitment` nor `status=open` says anything of events. Asks no database: what a
value means to the instance is settled in `filtering`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

from aggregator.configuring.explain import suggest
from aggregator.configuring.portals import Fault, Surroundings
from aggregator.settings import PortalSettings
from api.facet_params import pieces_of
from api.filter_params import NOW, PORTAL
from api.links import encoded
from api.list_params import FILTERS
from api.params import Explained, Parameter, Query
from api.spans import ends_of
from schema import Level
from schema.entities import KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """One portal. `said`: its whole filter in one spelling; `of_kind`: what of it each kind
    knows."""

    id: str
    title: str
    said: str
    of_kind: Mapping[str, Query]


@dataclass(frozen=True, slots=True)
class Portals:
    """All portals of an instance, in the order of the file."""

    by_id: Mapping[str, Portal] = field(default_factory=dict)

    @property
    def names(self) -> dict[tuple[str, str], str]:
        """What the values of `portal` name."""
        return {(PORTAL.name, each.id): each.title for each in self.by_id.values()}


def _known() -> dict[str, tuple[Parameter, ...]]:
    """Parameter → its forms, one for each group of kinds that share it."""
    found: dict[str, tuple[Parameter, ...]] = {}
    for kind in KINDS:
        for each in FILTERS[kind]:
            if each is not PORTAL and each not in found.get(each.name, ()):
                found[each.name] = (*found.get(each.name, ()), each)
    return found


KNOWN: Final[Mapping[str, tuple[Parameter, ...]]] = _known()


def portals_of(settings: Iterable[PortalSettings]) -> Portals:
    """What the configuration says → the portals. Raises `ValueError` for a filter that
    `faults_in` finds errors in."""
    return Portals({each.id: _portal_of(each) for each in settings})


def _portal_of(settings: PortalSettings) -> Portal:
    given = _pairs(settings.filter)
    if any(map(_is_error, _wrong(given))):
        raise ValueError(f"the filter of the portal {settings.id} cannot be read")
    texts = dict(given)
    return Portal(
        id=settings.id,
        title=settings.title or settings.id,
        said=encoded(texts),
        of_kind={kind: _query_of(FILTERS[kind], texts) for kind in KINDS},
    )


def faults_in(settings: PortalSettings, around: Surroundings) -> Iterator[Fault]:
    """What is wrong with a portal's filter, for whoever checks a configuration. Repeats no value
    of it."""
    given = _pairs(settings.filter)
    wrong = tuple(_wrong(given))
    yield from wrong
    if not wrong:
        texts = dict(given)
        yield from _empty_window(texts, around.service.zone)
        yield from _no_sources(texts, {source.id for source in around.sources})


def _is_error(fault: Fault) -> bool:
    return fault.level is Level.ERROR


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(name, value.strip()) for name, value in parse_qsl(text, keep_blank_values=True)]


def _wrong(given: list[tuple[str, str]]) -> Iterator[Fault]:
    """Faults that need nothing but the filter to be seen."""
    names = [name for name, _ in given]
    if not names:
        yield Fault(code="settings.invalid", message="the filter says nothing", suggestion=HOW)
    for name, text in given:
        if name not in KNOWN:
            yield _unknown(name)
        elif names.count(name) == 1:
            yield from _unreadable(name, text)
    for name in sorted({each for each in names if names.count(each) > 1}):
        message = f'the filter says "{name}" more than once'
        yield Fault(code="settings.invalid", message=message, suggestion="write values with commas")
    if "radius" in names and "near" not in names:
        message = 'the filter has a "radius" but no "near"'
        yield Fault(code="settings.invalid", message=message, suggestion="say around which place")


HOW: Final = "write it as in an address: category=energy&city=Halle"


def _unknown(name: str) -> Fault:
    return Fault(
        code="settings.unknown",
        message=f'there is no filter "{name}"',
        suggestion=suggest(name, tuple(KNOWN)),
    )


def _unreadable(name: str, text: str) -> Iterator[Fault]:
    """The fault of a value that is of no kind's form, or has a part that is of none."""
    forms = KNOWN[name]
    if any(_reads(form, text) for form in forms):
        return
    parts = pieces_of(text) if len(forms) > 1 else [text]
    if all(any(_reads(form, _escaped(part)) for form in forms) for part in parts):
        return
    said = " Or: ".join(dict.fromkeys(_accepted(form, text) for form in forms))
    message = f'the filter\'s "{name}" has a wrong value'
    yield Fault(code="settings.invalid", message=message, suggestion=said)


def _accepted(form: Parameter, text: str) -> str:
    """What would be accepted instead of a text, without it."""
    try:
        form.parse(text)
    except Explained as error:
        return form.form if text in str(error) else str(error)
    except (ValueError, OverflowError):
        pass
    return form.form


def _reads(form: Parameter, text: str) -> bool:
    try:
        form.parse(text)
    except (ValueError, OverflowError):
        return False
    return True


def _escaped(part: str) -> str:
    return part.replace(",", "\\,")


def _query_of(parameters: Iterable[Parameter], texts: Mapping[str, str]) -> Query:
    """What of a filter some parameters know: of several values, those that they read."""
    found: dict[str, tuple[str, Any]] = {}
    for each in parameters:
        text = _readable(each, texts[each.name]) if each.name in texts else None
        if text is not None:
            found[each.name] = (text, each.parse(text))
    return Query(
        values={name: value for name, (_, value) in found.items()},
        texts={name: text for name, (text, _) in found.items()},
    )


def _readable(form: Parameter, text: str) -> str | None:
    """The part of a text that a parameter reads."""
    if _reads(form, text):
        return text
    parts = [_escaped(part) for part in pieces_of(text)]
    return ",".join(part for part in parts if _reads(form, part)) or None


def _empty_window(texts: Mapping[str, str], zone: str) -> Iterator[Fault]:
    """The fault of a window that holds nothing, whenever it is asked for."""
    start, end = (
        KNOWN[name][0].parse(texts[name]) if name in texts else None for name in ("from", "to")
    )
    if NOW in {start, end}:
        return
    window = ends_of(start, end, zone)
    if window is not None and window.before <= window.after:
        message = 'the filter\'s "to" is not later than its "from"'
        yield Fault(code="settings.invalid", message=message, suggestion="exchange the two")


def _no_sources(texts: Mapping[str, str], known: set[str]) -> Iterator[Fault]:
    """A warning about sources that the file does not name: their entries may still be there."""
    asked = KNOWN["source"][0].parse(texts["source"]) if "source" in texts else ()
    if not set(asked) <= known:
        yield Fault(
            code="settings.invalid",
            message='the filter\'s "source" names one that this file has not',
            suggestion=f"its sources are: {', '.join(sorted(known)) or 'none'}",
            level=Level.WARNING,
        )
