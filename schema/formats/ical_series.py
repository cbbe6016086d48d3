"""Which dates do an event's VEVENTs state? Pure; reads no clock.

A series is written in the one shape that calendars agree on. Several of them leave a DTSTART out
that the rule does not give, others count it; some show a date twice that both RRULE and RDATE
give, and forget DTSTART where there are RDATEs only. So DTSTART is always the rule's own first
start, an RDATE never repeats what the rule gives, without a rule RDATE names DTSTART too, and an
added date that is longer or shorter is an occurrence of its own (never VALUE=PERIOD). A rule that
is read differently here and there is told as dates, where it comes to an end.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final

from pydantic import TypeAdapter

from schema.entities import Override, Recurrence
from schema.formats.ical_times import at, names_zone, timed
from schema.formats.plain_rules import is_plain, said_whole
from schema.rule_starts import last_start, starts_of
from schema.rules import Rule, read_rule, write_rule
from schema.when import Days, Start, Timed, When, wall_of

MOST_TOLD: Final = 400
"""Dates that are told in place of a rule."""
_WHEN: Final[TypeAdapter[Timed | Days]] = TypeAdapter(When)


@dataclass(frozen=True, slots=True)
class Dated:
    """The date lines of one VEVENT, the zones they name, and what it says otherwise than the
    event does (fields of its JSON body)."""

    lines: tuple[str, ...]
    zones: tuple[str, ...]
    said: Mapping[str, Any] = field(default_factory=dict)


def dates_of(body: Mapping[str, Any]) -> tuple[Dated, ...]:
    """An event's JSON body → its VEVENTs' dates, the master first; none where nothing is left."""
    when = body["when"]
    if "recurrence" in body:
        return tuple(_Series(body).dates())
    start, zone = when["start"], when["zone"]
    end = _end_of(when)
    dated = [timed("DTSTART", start, zone)]
    if end is not None:
        dated.append(timed("DTEND", end, zone))
    return (Dated(tuple(dated), (zone,) if names_zone(start, zone) else ()),)


def _end_of(when: Mapping[str, Any]) -> str | None:
    """When it ends, as text: for whole days always said, as not every client knows the default;
    for an hour without length left out."""
    if when.get("all_day"):
        return when.get("end") or _text_after(when["start"])
    end: str | None = when.get("end")
    return end if end != when["start"] else None


def _text_after(day: str) -> str | None:
    after = _after(date.fromisoformat(day))
    return after.isoformat() if after else None


def _after(day: date) -> date | None:
    return day + timedelta(days=1) if day < date.max else None


def _span(when: Timed | Days) -> tuple[str, ...]:
    """DTSTART and, where there is one, DTEND."""
    start = at("DTSTART", when.start, when.zone)
    end = when.end
    if isinstance(when, Days):
        end = when.end or _after(when.start)
    elif end == when.start:
        end = None
    return (start, at("DTEND", end, when.zone)) if end is not None else (start,)


class _Series:
    """An event that repeats, taken apart."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.when = _WHEN.validate_python(body["when"])
        said = Recurrence.model_validate(body["recurrence"])
        rule = _Ruled(said.rule, self.when) if said.rule else None
        self.told = rule.told if rule else None
        self.rule = rule if self.told is None else None
        self.added = {self._id(each.start, each): each for each in said.added or ()}
        self.overrides = {self._id(each.recurrence_id): each for each in said.overrides or ()}
        self.removed = frozenset(said.removed or ())
        self.body = body

    def _id(self, start: Start, added: Timed | Days | None = None) -> Start:
        """What names an occurrence: a wall time in the event's zone, or a day. A day means the
        one at the series' hour."""
        if isinstance(added, Timed) and added.zone != self.when.zone:
            start = wall_of(added.starts, self.when.zone)
        if isinstance(self.when, Days):
            return start.date() if isinstance(start, datetime) else start
        if isinstance(start, datetime):
            return start
        return datetime.combine(start, self.when.start.time())

    def dates(self) -> Iterator[Dated]:
        """The master, then what differs from it; nothing when no occurrence is left."""
        extra = sorted(self._extra())
        first = self.rule.first if self.rule else None
        if first is None and not extra:
            return
        master = _moved(self.when, extra[0] if first is None else first)
        differing = tuple(self._differing())
        repeats: list[str] = []
        if self.rule and first is not None:
            repeats.append(f"RRULE:{self.rule.text}")
        if repeats or differing or len(extra) > 1:
            repeats += [at("RDATE", each, self.when.zone) for each in extra]
        repeats += [at("EXDATE", each, self.when.zone) for each in self._left_out()]
        yield Dated((*_span(master), *repeats), _zones(master))
        yield from differing

    def _extra(self) -> set[Start]:
        """Occurrences that the rule does not give."""
        stated = {self._id(self.when.start), *self.added, *(self.told or ())}
        kept = {each for each in stated if not self._is_removed(each)} | self.overrides.keys()
        return {each for each in kept if not (self.rule and self.rule.gives(each))}

    def _left_out(self) -> list[Start]:
        """Occurrences that the rule gives, and that do not take place."""
        if self.rule is None:
            return []
        found: set[Start] = set()
        for each in self.removed:
            if isinstance(each, datetime) or isinstance(self.when, Days):
                found.add(self._id(each))
            else:
                found |= self.rule.on(each)
        kept = (each for each in found if each not in self.overrides and self.rule.gives(each))
        return sorted(kept)

    def _is_removed(self, start: Start) -> bool:
        if isinstance(start, datetime) and start.date() in self.removed:
            return True
        return start in self.removed or any(self._id(each) == start for each in self.removed)

    def _differing(self) -> Iterator[Dated]:
        """What takes place otherwise than the series says: overrides, and added dates of another
        length or kind."""
        for start in sorted(self.added.keys() | self.overrides.keys()):
            usual = _moved(self.when, start)
            override = self.overrides.get(start)
            when = (override.when if override else None) or self._as_added(start) or usual
            if override is None and (self._is_removed(start) or _span(when) == _span(usual)):
                continue
            named = at("RECURRENCE-ID", start, self.when.zone)
            zones = _zones(when) + _zones(usual)
            yield Dated((named, *_span(when)), zones, self._said(override, usual, when))

    def _as_added(self, start: Start) -> Timed | Days | None:
        """An added date as it says itself; as long as the series, where it does not say."""
        added = self.added.get(start)
        if added is None or added.end is not None or type(added) is not type(self.when):
            return added
        return _moved(self.when, added.start, added.zone)

    def _said(
        self, override: Override | None, usual: Timed | Days, when: Timed | Days
    ) -> Mapping[str, Any]:
        """An override's own fields; the date it was moved from counts as its previous start."""
        if override is None:
            return {}
        own = override.model_dump(mode="json", exclude_none=True, exclude={"recurrence_id", "when"})
        if override.status is not None:
            moved = {"start": usual.start.isoformat()} if usual.start != when.start else None
            own["previous_start"] = moved
            own["when"] = {"start": when.start.isoformat()}
        return own


class _Ruled:
    """A rule as it counts from the event's start. `first`: its own first start, None: never."""

    def __init__(self, said: str, when: Timed | Days) -> None:
        self.all_day = isinstance(when, Days)
        self._start = _wall(when.start)
        rule = read_rule(said, when.zone, all_day=self.all_day)
        self._rule: Rule = said_whole(rule, self._start)
        self.text = write_rule(self._rule, when.zone, all_day=self.all_day)
        self._last = last_start(self._rule, self._start)
        self.first = next(self._from(self._start), None)

    def _from(self, wall: datetime) -> Iterator[Start]:
        for found in starts_of(self._rule, self._start, wall):
            if self._last is not None and found > self._last:
                return
            yield found.date() if self.all_day else found

    @property
    def told(self) -> tuple[Start, ...] | None:
        """Every start of a rule that clients do not agree on; None where they do, where it has no
        end, or where there are too many."""
        if self._last is None or is_plain(self._rule):
            return None
        starts = tuple(islice(self._from(self._start), MOST_TOLD + 1))
        return starts if len(starts) <= MOST_TOLD else None

    def gives(self, start: Start) -> bool:
        """Whether it gives this start."""
        return next(self._from(_wall(start)), None) == start

    def on(self, day: date) -> set[Start]:
        """The starts it gives on a day."""
        found = set()
        for start in self._from(_wall(day)):
            if _wall(start).date() != day:
                break
            found.add(start)
        return found


def _wall(start: Start) -> datetime:
    return start if isinstance(start, datetime) else datetime.combine(start, time.min)


def _moved(when: Timed | Days, start: Start, zone: str | None = None) -> Timed | Days:
    """What takes place as long as `when`, by the wall clock, from another start on."""
    length = when.end - when.start if when.end is not None else None
    end = start + length if length is not None else None
    return type(when).model_construct(start=start, end=end, zone=zone or when.zone)


def _zones(when: Timed | Days) -> tuple[str, ...]:
    return (when.zone,) if names_zone(when.start.isoformat(), when.zone) else ()
