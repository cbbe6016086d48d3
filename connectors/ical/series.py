"""All components of one UID → its events: the series with its changed occurrences. Pure.

A change of one occurrence (RECURRENCE-ID) belongs to its series. A change of that one and all
that follow (RANGE=THISANDFUTURE) ends the series before it and begins another, with a key of its
own. A change whose series is not listed is an event of its own, as calendars show it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Final

from connectors.cleaning.mailhosts import MAIL_HOSTS
from connectors.ical.events import Fields, fields_of
from connectors.ical.identity import LONGEST_UID
from connectors.ical.lines import Properties, properties
from connectors.ical.recurrence import recurrence_of, start_of
from connectors.ical.settings import IcalSettings
from connectors.ical.splits import continued, ended
from connectors.ical.timing import Clock, when_of
from connectors.ical.values import written
from schema import Event, Override, Recurrence, Rejected
from schema.normal.text import forbidden_in
from schema.when import Days, Start, Timed, wall_of

MOST_CHANGES: Final = 2_000
"""Changed occurrences of one series that are kept: the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What holds for one record: its key, what is said of its calendar, settings, language."""

    key: str
    method: str
    settings: IcalSettings
    language: str
    clock: Clock


@dataclass(slots=True, kw_only=True)
class Part:
    """A series, or the part of one up to a split. `said` is what it says beside its times, `name`
    what its key has behind the UID, `moved` how far its starts lie from those that the whole
    series would have."""

    component: Properties
    said: Fields
    when: Timed | Days
    recurrence: Recurrence | None
    name: str | None = None
    moved: timedelta = timedelta()
    overrides: dict[Start, Override] = field(default_factory=dict)


def events_of(texts: list[str], context: Context) -> Iterator[Event]:
    """All components of one UID → its events. Raises `Rejected`."""
    components = [properties(text) for text in texts]
    masters = [each for each in components if not each.value("RECURRENCE-ID")]
    changes = [each for each in components if each.value("RECURRENCE-ID")]
    if not masters:
        for change in changes:
            yield _alone(change, context)
        return
    when = when_of(masters[0], context.clock)
    recurrence = recurrence_of(masters[0], when, context.clock)
    yield from _series(_part(masters[0], when, recurrence, context), changes, context)


def _part(
    component: Properties,
    when: Timed | Days,
    recurrence: Recurrence | None,
    context: Context,
) -> Part:
    return Part(
        component=component, said=_fields(component, context), when=when, recurrence=recurrence
    )


def _series(first: Part, changes: list[Properties], context: Context) -> Iterator[Event]:
    """A series, the parts that it is split into, and the changes in each."""
    named = _in_order(changes, first, context)
    splits = [(at, change) for at, change in named if _goes_on(change)]
    parts = [first]
    for at, change in splits:
        part = _split(parts[-1], at, change, context)
        if part is not None and _is_all_of(parts[-1], at):
            part.name = parts.pop().name
        if part is not None:
            parts.append(part)
    for start, change in named:
        if not _goes_on(change) or first.recurrence is None:
            yield from _changed(parts, start, change, context)
    for part in parts:
        yield _event(part, context)


def _in_order(
    changes: list[Properties], first: Part, context: Context
) -> list[tuple[Start, Properties]]:
    """Changes with the occurrences that they are about, by these; the latest of too many."""
    named = [
        (start, change)
        for change in changes
        if (start := _named(change, first, context)) is not None
    ]
    named.sort(key=lambda each: _sortable(each[0]))
    if len(named) > MOST_CHANGES:
        context.clock.note("event.rule_cut", "RECURRENCE-ID", f"the latest {MOST_CHANGES} are kept")
    return named[-MOST_CHANGES:]


def _goes_on(change: Properties) -> bool:
    found = change.first("RECURRENCE-ID")
    return found is not None and found.params.get("RANGE", "").upper() == "THISANDFUTURE"


def _named(change: Properties, part: Part, context: Context) -> Start | None:
    """The occurrence that a change is about, in the zone of the series."""
    found = change.first("RECURRENCE-ID")
    assert found is not None
    try:
        return _as_start(start_of(found, found.value, part.when, context.clock), part.when)
    except (ValueError, OverflowError):
        context.clock.note("event.broken_property", "RECURRENCE-ID", "not readable")
        return None


def _as_start(named: Start, when: Timed | Days) -> Start:
    """A day that names an occurrence with hours → that occurrence's start."""
    if isinstance(when, Timed) and not isinstance(named, datetime):
        return datetime.combine(named, when.start.time())
    return named


def _sortable(start: Start) -> datetime:
    return start if isinstance(start, datetime) else datetime.combine(start, time.min)


def _split(before: Part, at: Start, change: Properties, context: Context) -> Part | None:
    """The part that begins with a change of all that follows; `before` ends there. None where
    that one is no series, or its new beginning cannot be read."""
    if before.recurrence is None:
        return None
    try:
        when = _in_zone(when_of(change, context.clock), before.when)
    except Rejected as rejected:
        context.clock.note(rejected.problem.code, "RECURRENCE-ID", "the change is left out")
        return None
    own = recurrence_of(change, when, context.clock)
    there = _in_part(at, before)
    following = own or continued(before.when, before.recurrence, there, when, context.clock)
    before.recurrence = ended(before.when, before.recurrence, there)
    moved = _sortable(when.start) - _sortable(at)
    part = _part(change, when, following, context)
    part.name, part.moved = name_of(at), moved
    return part


def _is_all_of(part: Part, at: Start) -> bool:
    """Whether a part begins with an occurrence: a change from that one on leaves nothing of it."""
    begins = _sortable(_in_part(at, part)) <= _sortable(part.when.start)
    return begins and not (part.recurrence and part.recurrence.added)


def _in_zone(when: Timed | Days, series: Timed | Days) -> Timed | Days:
    """A time in the zone of the series it goes on: there its starts are counted."""
    if isinstance(when, Days) or isinstance(series, Days) or when.zone == series.zone:
        return when
    end = None if when.end is None else wall_of(when.ends, series.zone)
    return Timed(start=wall_of(when.starts, series.zone), end=end, zone=series.zone)


def _in_part(start: Start, part: Part) -> Start:
    """What an occurrence of the whole series is called in the part that it lies in."""
    if isinstance(part.when, Days):
        return (_sortable(start) + part.moved).date()
    return _sortable(_as_start(start, part.when)) + part.moved


def name_of(start: Start) -> str:
    """A start as it stands in keys: as RECURRENCE-ID writes it."""
    return f"{start:%Y%m%dT%H%M%S}" if isinstance(start, datetime) else f"{start:%Y%m%d}"


def _changed(
    parts: list[Part], start: Start, change: Properties, context: Context
) -> Iterator[Event]:
    """One changed occurrence: it goes to the part of the series that it lies in; of an event
    that does not repeat it is another event, unless it is about the event itself."""
    part = parts[0]
    for later in parts[1:]:
        if later.name is not None and name_of(start) >= later.name:
            part = later
    if parts[0].recurrence is None and start != parts[0].when.start:
        yield _alone(change, context)
        return
    override = _override(part, _in_part(start, part), change, context)
    if override is not None:
        part.overrides[override.recurrence_id] = override


def _override(part: Part, start: Start, change: Properties, context: Context) -> Override | None:
    """What differs in one occurrence; None where its own times cannot be read."""
    said = _fields(change, context)
    when = None
    if change.value("DTSTART"):
        try:
            when = when_of(change, context.clock)
        except Rejected as rejected:
            context.clock.note(rejected.problem.code, "RECURRENCE-ID", "the change is left out")
            return None
    differing: dict[str, Any] = {
        name: said[name]
        for name in ("title", "description", "place", "url")
        if said[name] and said[name] != part.said[name]
    }
    status = said["status"] if said["status"] != part.said["status"] else None
    as_usual = when is not None and when == _usual(part, start)
    return Override(
        recurrence_id=start, when=None if as_usual else when, status=status, **differing
    )


def _usual(part: Part, start: Start) -> Timed | Days | None:
    """The occurrence as the series has it."""
    plain = part.when
    if isinstance(plain, Days):
        if isinstance(start, datetime):
            return None
        end = None if plain.end is None else start + (plain.end - plain.start)
        return Days(start=start, end=end, zone=plain.zone)
    if not isinstance(start, datetime):
        return None
    end_at = None if plain.end is None else start + (plain.end - plain.start)
    return Timed(start=start, end=end_at, zone=plain.zone)


def _fields(component: Properties, context: Context) -> Fields:
    return fields_of(component, context.language, context.settings, context.clock, context.method)


def _event(part: Part, context: Context) -> Event:
    recurrence = part.recurrence
    if part.overrides:
        changed = tuple(part.overrides[start] for start in sorted(part.overrides, key=_sortable))
        recurrence = (recurrence or Recurrence()).model_copy(update={"overrides": changed})
    return Event(
        native_id=context.key if part.name is None else f"{context.key}/{part.name}",
        when=part.when,
        recurrence=recurrence,
        source_uid=_shown_uid(part.component),
        **part.said,
    )


def _shown_uid(component: Properties) -> str | None:
    """The UID, unless it could be somebody's mail address: what producers make holds digits, and
    no name of a host where people have their mailboxes."""
    uid = " ".join(component.text("UID").split())
    name, at, host = uid.partition("@")
    if forbidden_in(uid) or len(uid) > LONGEST_UID:
        return None
    if at and (not any(map(str.isdigit, name)) or host.lower() in MAIL_HOSTS):
        return None
    return uid or None


def _alone(change: Properties, context: Context) -> Event:
    """A changed occurrence without its series: an event of its own."""
    found = change.first("RECURRENCE-ID")
    assert found is not None
    when = when_of(change, context.clock)
    try:
        name = name_of(written(found.value).at)
    except (ValueError, OverflowError):
        name = name_of(when.start)
    part = _part(change, when, None, context)
    part.name = name
    return _event(part, context)
