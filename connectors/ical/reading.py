"""A calendar's document → one raw for each event, completeness and findings. Parses no property
that it need not: what an event is, `map` says; here only lines are sorted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from connectors.base import Between, Complete, Document, Everything, Gone, Raw, Understood
from connectors.cleaning.encoding import known
from connectors.cleaning.pages import refusal
from connectors.ical.fields import kept, unknown
from connectors.ical.identity import Component, grouped
from connectors.ical.lines import Properties, properties
from connectors.ical.settings import IcalSettings, Listing
from connectors.ical.splitting import HEAD, Block, Calendar, calendars, has_calendar, is_cut, normal
from connectors.ical.zones import zone_of
from schema import Level, Problem

KIND: Final = "event"
WINDOWS: Final = (
    *("gancio", "mobilizon", "the events calendar", "ecpv", "tribe", "cosinnus", "wechange"),
    *("dsg", "smarter gemeinschaftskalender", "gemeinschaftskalender"),
)
"""Parts of PRODID of what publishes only the events of some weeks or months, or so many."""
_OWN_LINES: Final = frozenset({"PRODID", "METHOD", "X-WR-TIMEZONE", "TIMEZONE-ID", "X-WR-CALNAME"})
_TZID: Final = re.compile(rb";[ \t]{0,8}TZID[ \t]{0,8}=[ \t]{0,8}\"?([^\";:]*)", re.IGNORECASE)
_DTSTAMP: Final = b"\nDTSTAMP"
LONGEST_ZONE: Final = 65_536
"""Bytes of a VTIMEZONE that are read; all of history takes a quarter of that."""
_FEWEST: Final = 3
"""From so many events on, one time of change for all is the time of the answer."""


@dataclass(slots=True)
class _Reading:
    """What one document says, as far as it was read."""

    charset: str | None
    components: list[Component] = field(default_factory=list)
    calendars: list[Properties] = field(default_factory=list)
    about: list[dict[str, Any]] = field(default_factory=list)
    zones: list[dict[str, str]] = field(default_factory=list)
    names: set[bytes] = field(default_factory=set)
    whole: bool = True
    cut: bool = False
    unclosed: int = 0
    private: list[Component] = field(default_factory=list)
    others: int = 0


def read(document: Document, settings: IcalSettings) -> Iterator[Understood]:
    """One calendar document → what it says. Raises `Unreadable` for what is no calendar."""
    with document.open() as file:
        data = file.read()
    text = normal(data, document.charset)
    if not has_calendar(text):
        raise refusal(data[:HEAD], "iCalendar", document.charset)
    reading = _Reading(document.charset, whole=not is_cut(text))
    for number, calendar in enumerate(calendars(text)):
        _take(calendar, number, reading, settings)
    _leave_out_private_changes(reading)
    events = grouped(reading.components, settings.uids)
    stamps = _export_stamps(reading.components)
    yield from _made_private(events, reading, settings)
    for key, members in events.items():
        if not (reading.cut and any(each.repeats for each in members)):
            yield _raw(key, members, reading, stamps)
    yield from _findings(reading)
    yield from _completeness(reading, settings)


def _take(calendar: Calendar, number: int, reading: _Reading, settings: IcalSettings) -> None:
    """Sort the components of one calendar."""
    said = properties(_text(_own(calendar.lines), reading.charset))
    reading.calendars.append(said)
    reading.about.append(_about(said))
    reading.zones.append({})
    reading.whole &= calendar.whole
    for block in calendar.blocks:
        if block.name == b"VTIMEZONE":
            _take_zone(block, reading)
        elif block.name == b"VEVENT":
            _take_event(block, number, reading, settings)
        elif block.name in (b"VTODO", b"VJOURNAL"):
            reading.others += 1
    last = calendar.blocks[-1] if calendar.blocks else None
    if not calendar.whole and last is not None and not last.closed:
        reading.cut = True
        if reading.components and reading.components[-1].at == last.at:
            reading.components.pop()
            reading.unclosed -= 1


def _about(said: Properties) -> dict[str, Any]:
    """What of a calendar's own lines bears on its events."""
    zone = said.value("X-WR-TIMEZONE") or said.value("TIMEZONE-ID")
    method = said.value("METHOD").upper()
    return {
        **({"zone": zone} if zone else {}),
        **({"method": method} if method == "CANCEL" else {}),
    }


def _own(lines: bytes) -> bytes:
    """A calendar's own lines without those that nothing reads."""
    names = tuple(name.encode() for name in _OWN_LINES)
    return b"\n".join(line for line in lines.split(b"\n") if line.upper().startswith(names))


def _take_zone(block: Block, reading: _Reading) -> None:
    """A calendar's own zone, unless its name says which it is, or it is longer than any: each of
    its events carries it."""
    if len(block.body) > LONGEST_ZONE:
        return
    text = _text(block.body, reading.charset)
    name = properties(text).value("TZID")
    if name and zone_of(name) is None:
        reading.zones[-1].setdefault(name.strip('"'), text.strip("\n"))


def _take_event(block: Block, number: int, reading: _Reading, settings: IcalSettings) -> None:
    lines, names = kept(block.body)
    reading.names |= names
    if b"CLASS" in names and settings.private == "leave_out" and _is_private(lines):
        reading.private.append(Component(lines, block.at, b"", number))
        return
    if not block.closed:
        reading.unclosed += 1
    at = block.body.find(_DTSTAMP)
    end = block.body.find(b"\n", at + 1)
    stamp = block.body[at : end if end > 0 else None].rpartition(b":")[2] if at >= 0 else b""
    reading.components.append(Component(lines, block.at, stamp.strip(), number))


def _is_private(lines: list[bytes]) -> bool:
    """Whether a component's CLASS is anything but PUBLIC: what nobody knows is meant to be kept
    private (RFC 5545, 3.8.1.3)."""
    return any(
        line.upper().rpartition(b":")[2].strip() not in (b"", b"PUBLIC")
        for line in lines
        if line.startswith(b"CLASS")
    )


def _leave_out_private_changes(reading: _Reading) -> None:
    """A changed occurrence of a private series is private, whether it says so or not."""
    hidden = {each.uid for each in reading.private if each.uid and each.recurrence_id is None}
    if hidden:
        changes = [c for c in reading.components if c.uid in hidden and c.recurrence_id is not None]
        gone = set(map(id, changes))
        reading.components = [each for each in reading.components if id(each) not in gone]
        reading.private += changes


def _made_private(
    events: dict[str, list[Component]], reading: _Reading, settings: IcalSettings
) -> Iterator[Gone]:
    """Events that are listed as private: whatever is published of them must not stay."""
    if reading.private:
        everything = grouped([*reading.components, *reading.private], settings.uids)
        yield from (Gone(KIND, key) for key in everything if key not in events)


def _export_stamps(components: list[Component]) -> bytes | None:
    """The one DTSTAMP of all events, where it is the time of the answer; then a LAST-MODIFIED
    that equals it says nothing."""
    stamps = {each.stamp for each in components}
    if len(components) < _FEWEST or len(stamps) != 1:
        return None
    return stamps.pop() or None


def _raw(key: str, members: list[Component], reading: _Reading, stamp: bytes | None) -> Raw:
    """An event as it is compared with the last time."""
    about = reading.about[members[0].calendar]
    zones = _zones_of(members, reading)
    if zones:
        about = {**about, "zones": zones}
    texts = [_text(b"\n".join(_without(each.lines, stamp)), reading.charset) for each in members]
    return Raw(key=key, kind=KIND, data={"components": texts, "calendar": about})


def _zones_of(members: list[Component], reading: _Reading) -> dict[str, str]:
    """The calendar's own zones that an event names."""
    own = reading.zones[members[0].calendar]
    if not own:
        return {}
    lines = (line for each in members for line in each.lines if b"TZID" in line.upper())
    names = {_text(name, reading.charset) for line in lines for name in _TZID.findall(line)}
    return {name: own[name] for name in sorted(names) if name in own}


def _without(lines: list[bytes], stamp: bytes | None) -> list[bytes]:
    """Lines without the time of change, where that is the time of the answer."""
    if stamp is None or b"LAST-MODIFIED:" + stamp not in lines:
        return lines
    return [line for line in lines if line != b"LAST-MODIFIED:" + stamp]


def _text(lines: bytes, charset: str | None) -> str:
    """A component's text: UTF-8, and where it is not, what HTTP says or Windows wrote."""
    try:
        return lines.decode("utf-8")
    except UnicodeDecodeError:
        pass
    name = known(charset) or "cp1252"
    return lines.decode("cp1252" if name.startswith("utf") else name, "replace")


def _findings(reading: _Reading) -> Iterator[Problem]:
    """What was found that concerns the whole document."""
    without = sum(not each.uid for each in reading.components)
    if without:
        yield Problem("event.no_uid", "UID", f"{without} events", Level.WARNING)
    if reading.unclosed:
        said = f"{reading.unclosed} events without END:VEVENT"
        yield Problem("event.broken_property", "END", said, Level.WARNING)
    if reading.private:
        said = f"{len(reading.private)} private events"
        yield Problem("document.notices", "CLASS", said, Level.INFO)
    if reading.others:
        said = f"{reading.others} tasks and journals"
        yield Problem("document.notices", "VTODO", said, Level.INFO)
    for name in sorted(unknown(reading.names)):
        yield Problem("record.unmapped_field", name, "nothing reads this field", Level.INFO)


def _completeness(reading: _Reading, settings: IcalSettings) -> Iterator[Understood]:
    """What the document proves about what it does not name."""
    if not reading.whole or reading.cut:
        yield Problem("document.cut", "", "END:VCALENDAR is missing")
        return
    if not reading.components and not reading.private:
        yield Problem("document.empty")
        return
    listing = settings.listing or _nature(reading)
    if listing == "everything":
        yield Complete(Everything())
    elif listing == "window":
        window = _window(reading.components)
        if window is not None:
            yield Complete(window)


def _nature(reading: _Reading) -> Listing:
    """What calendars of this producer hold."""
    producers = [each.text("PRODID").lower() for each in reading.calendars]
    return "window" if any(name in each for each in producers for name in WINDOWS) else "everything"


def _window(components: list[Component]) -> Between | None:
    """From the first to the last day on which a listed single event starts."""
    days = [_day(each.start.at) for each in components if not each.repeats and each.start]
    if not days or max(days) == date.max:
        return None
    return Between(min(days), max(days) + timedelta(days=1))


def _day(at: date | datetime) -> date:
    return at.date() if isinstance(at, datetime) else at
