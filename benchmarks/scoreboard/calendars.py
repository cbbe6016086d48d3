"""Is a calendar understood as others understand it? Comparisons of its events' fields."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from icalendar import Calendar, Component

from benchmarks.scoreboard.cases import Case, Comparison, because, title_of
from benchmarks.scoreboard.moments import Moment, ends_at, is_at, moment
from benchmarks.scoreboard.occurrences import same_title
from benchmarks.scoreboard.reading import Reading
from benchmarks.scoreboard.verdicts import Unmet
from schema.entities import Event, Override
from schema.when import Days, Timed

SALVAGED: Final = "not crash; report or salvage"


def blocks(reading: Reading) -> int:
    """How many VEVENTs are accounted for: events, overrides within them, merged and refused."""
    events = [r.entity for r in reading.records if isinstance(r.entity, Event)]
    overrides = sum(len(_overrides(event)) for event in events)
    return len(events) + overrides + len(reading.refusals) + reading.count("record.duplicate")


def _overrides(event: Event) -> tuple[Override, ...]:
    recurrence = event.recurrence
    return (recurrence.overrides or ()) if recurrence else ()


def vevent_blocks(case: Case) -> Unmet | None:
    """`value`: how many VEVENTs the file holds. Each becomes an event, a part of one, or a
    refusal with a reason; older versions of the same one (SEQUENCE) are left out."""
    found, identities = blocks(case.reading), _identities(case)
    if found == case.value or (len(identities) == case.value and len(set(identities)) == found):
        return None
    return because(case.reading, "wrong_count", f"{found} for {case.value}")


def _identities(case: Case) -> list[tuple[str, ...]]:
    """What tells each VEVENT of the file from others: UID and RECURRENCE-ID; without a UID start,
    summary and place."""
    found, block = list[tuple[str, ...]](), list[str]()
    for line in unfolded(case.reading.path.read_bytes()):
        if line.upper().startswith("BEGIN:VEVENT"):
            block = []
        block.append(line)
        if line.upper().startswith("END:VEVENT"):
            found.append(_identity(block))
    return found


def _identity(block: list[str]) -> tuple[str, ...]:
    said = {line.partition(":")[0].partition(";")[0].upper(): line for line in block}
    uid = said.get("UID", "").partition(":")[2].strip()
    changed = said.get("RECURRENCE-ID", "").rpartition(":")[2].strip()
    content = (" ".join(said.get(name, "").split()) for name in ("DTSTART", "SUMMARY", "LOCATION"))
    return (uid, changed) if uid else tuple(content)


def unfolded(data: bytes) -> list[str]:
    """A calendar's bytes → its content lines (RFC 5545, 3.1)."""
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\n ", "").replace("\n\t", "").split("\n")


def accepts(case: Case) -> Unmet | None:
    """`value`: whether the file is a calendar that must be read."""
    if case.value is not True:
        return None
    if case.reading.failure is not None:
        return because(case.reading, "refused")
    wanted = len(set(_identities(case)))
    found = blocks(case.reading)
    return because(case.reading, "wrong_count", f"{found} for {wanted}") if found < wanted else None


def content_lines_parse(case: Case) -> Unmet | None:
    """`value`: whether the content lines are well formed. What is not must be refused, or read
    as far as it is readable; what is must be read."""
    return accepts(case) if case.value is True else salvaged(case)


def salvaged(case: Case) -> Unmet | None:
    """A broken calendar is refused with a reason, or gives what can be read of it. That nothing
    crashes or hangs is counted anyway."""
    reading = case.reading
    if reading.crashes or reading.hangs:
        return because(reading, "crash")
    if reading.failure or reading.records or reading.refusals or reading.findings:
        return None
    return Unmet("nothing_said", "neither read nor refused")


def events_equal(case: Case, expected: Iterable[Mapping[str, Any]]) -> Unmet | None:
    """Compare with events of UID, start, end, summary, description, status, recurrence id."""
    left: list[tuple[Event, Override | None]] = [(event, None) for event in case.events]
    left += [(event, o) for event in case.events for o in _overrides(event)]
    for each in expected:
        wrong = [(part, _difference(each, *part)) for part in left]
        right = next((part for part, unlike in wrong if unlike is None), None)
        if right is None:
            near = [unlike for part, unlike in wrong if part[0].source_uid == each.get("uid")]
            nearest = next((unlike for unlike in near if unlike), None)
            return nearest or because(case.reading, "missing_event", str(each))
        left.remove(right)
    if left:
        return Unmet("extra_event", str(left[0][0].source_uid))
    return None


def _difference(said: Mapping[str, Any], event: Event, part: Override | None) -> Unmet | None:
    when = _when(event, part)
    title = next(iter(((part.title if part else None) or event.title).values()), "")
    uid = said.get("uid")
    if uid and event.source_uid and uid != event.source_uid:
        return Unmet("wrong_uid", f"{uid} is {event.source_uid}")
    if said.get("dtstart") is not None and not is_at(_moment(said["dtstart"]), when):
        return Unmet("wrong_start", f"{said['dtstart']} is {when}")
    if said.get("dtend") is not None and not _ends(_moment(said["dtend"]), when):
        return Unmet("wrong_end", f"{said['dtend']} is {when}")
    if not same_title(said.get("summary"), title):
        return Unmet("wrong_title", f"{said.get('summary')!r} is {title!r}")
    return _difference_in_text(said, event, part)


def _when(event: Event, part: Override | None) -> Timed | Days:
    """When an event takes place, or one occurrence of it that differs."""
    if part is None or part.when is not None:
        return (part and part.when) or event.when
    start, own = part.recurrence_id, event.when
    if isinstance(own, Days):
        day = start.date() if isinstance(start, datetime) else start
        return Days(start=day, end=own.end and day + (own.end - own.start), zone=own.zone)
    at = start if isinstance(start, datetime) else datetime.combine(start, own.start.time())
    return Timed(start=at, end=own.end and at + (own.end - own.start), zone=own.zone)


def _ends(expected: Moment, when: Any) -> bool:
    """A negative or empty length is none: the start is all that is known."""
    return ends_at(expected, when) or when.end is None


def _difference_in_text(
    said: Mapping[str, Any], event: Event, part: Override | None
) -> Unmet | None:
    status = (part.status if part else None) or event.status
    if said.get("status") and (said["status"] == "CANCELLED") != (status == "cancelled"):
        return Unmet("wrong_status", f"{said['status']} is {status}")
    text = said.get("description")
    ours = (part.description if part else None) or event.description
    if text and text.strip() and squeezed(text) != squeezed(" ".join((ours or {}).values())):
        return Unmet("wrong_description", f"{text!r} is {ours!r}")
    return None


def squeezed(text: str) -> str:
    """A text without white space, to compare words only."""
    return "".join(text.split())


def _moment(said: Any) -> Moment:
    return said if not isinstance(said, str) else moment(said)


def parsed_calendar(case: Case) -> Unmet | None:
    """`value`: {"calendars": [{"events": [...]}]}."""
    expected = [e for c in case.value["calendars"] for e in c.get("events", ())]
    return events_equal(case, expected)


def parse_result(case: Case) -> Unmet | None:
    """`value`: the calendar as its upstream writes it again."""
    text = "\r\n".join(line.strip() for line in case.value.strip().splitlines())
    calendars = Calendar.from_ical(text, multiple=True)
    return events_equal(case, [said(e) for c in calendars for e in c.walk("VEVENT")])


def said(component: Component) -> dict[str, Any]:
    """A VEVENT as the independent library reads it."""
    start, end = component.get("DTSTART"), component.get("DTEND")
    return {
        "uid": text_of(component, "UID"),
        "dtstart": start.dt if start is not None else None,
        "dtend": end.dt if end is not None else None,
        "summary": text_of(component, "SUMMARY"),
        "description": text_of(component, "DESCRIPTION"),
        "status": text_of(component, "STATUS"),
    }


def text_of(component: Component, name: str) -> str | None:
    """A property's text; None where it is absent."""
    value = component.get(name)
    return None if value is None else str(value)


def status_by_uid(case: Case) -> Unmet | None:
    """`value`: UID → STATUS or None."""
    for uid, status in case.value.items():
        ours = [event for event in case.events if event.source_uid == uid]
        if not ours:
            return because(case.reading, "missing_event", uid)
        if any((status == "CANCELLED") != (event.status == "cancelled") for event in ours):
            return Unmet("wrong_status", f"{status} is {ours[0].status}")
    return None


def categories_per_event(case: Case) -> Unmet | None:
    """`value`: the categories of each event, in order: our tags, or ready-made categories."""
    ours = [list(event.tags or ()) for event in case.events]
    if sorted(ours) == sorted(list(each) for each in case.value):
        return None
    return because(case.reading, "wrong_categories", f"{case.value} is {ours}")


def override(case: Case) -> Unmet | None:
    """`value`: UID, recurrence_id_utc and summary of a changed occurrence."""
    at = datetime.fromisoformat(case.value["recurrence_id_utc"])
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    for event in case.events:
        for part in _overrides(event):
            when = event.when.model_copy(update={"start": part.recurrence_id, "end": None})
            if event.source_uid == case.value["uid"] and is_at(at, when):
                title = next(iter((part.title or event.title).values()))
                return (
                    None
                    if same_title(case.value["summary"], title)
                    else Unmet("wrong_title", title)
                )
    return because(case.reading, "missing_override", str(case.value))


def override_highest_sequence_wins(case: Case) -> Unmet | None:
    """`value`: day or start of an occurrence → its title."""
    parts = [(event, part) for event in case.events for part in _overrides(event)]
    for start, title in case.value.items():
        at = [
            next(iter((part.title or event.title).values()))
            for event, part in parts
            if _names(moment(start.rstrip("Z")), event, part)
        ]
        if title not in at:
            return because(case.reading, "wrong_override", f"{start} is {at}")
    return None


def _names(start: Moment, event: Event, part: Override) -> bool:
    original = part.recurrence_id
    if isinstance(start, datetime) and isinstance(original, datetime):
        own = event.when.model_copy(update={"start": original, "end": None})
        return original == start or is_at(start.replace(tzinfo=None), own, "UTC")
    return str(original)[:10] == str(start)[:10]


def master_kept_when_override_first(case: Case) -> Unmet | None:
    """`value`: UID, the series' summary and that of its override."""
    for event in case.events:
        if event.source_uid == case.value["uid"] and event.recurrence:
            titles = [next(iter((o.title or event.title).values())) for o in _overrides(event)]
            if same_title(case.value["summary"], next(iter(event.title.values()))):
                if case.value["override_summary"] in titles:
                    return None
                return Unmet("missing_override", str(titles))
    return because(case.reading, "missing_event", case.value["uid"])


def start_end_by_uid(case: Case) -> Unmet | None:
    """`value`: UID → [start, end]."""
    return _at(case, {event.source_uid or "": event for event in case.events})


def start_end_by_summary(case: Case) -> Unmet | None:
    """`value`: summary → start, or [start, end]."""
    records = [r for r in case.reading.records if isinstance(r.entity, Event)]
    return _at(case, {title_of(r): r.entity for r in records if isinstance(r.entity, Event)})


def _at(case: Case, events: Mapping[str, Event]) -> Unmet | None:
    for name, said in case.value.items():
        event = events.get(name)
        if event is None:
            return because(case.reading, "missing_event", name)
        start, end = (said, None) if isinstance(said, str) else said
        if not is_at(moment(start), event.when):
            return Unmet("wrong_start", f"{start} is {event.when}")
        if end is not None and not ends_at(moment(end), event.when):
            return Unmet("wrong_end", f"{end} is {event.when}")
    return None


COMPARISONS: Final[dict[str, Comparison]] = {
    "vevent_blocks": vevent_blocks,
    "vevent_count": vevent_blocks,
    "accepts": accepts,
    "content_lines_parse": content_lines_parse,
    "strict_parser_rejects": salvaged,
    "parsed_calendar": parsed_calendar,
    "parse_result": parse_result,
    "status_by_uid": status_by_uid,
    "categories_per_event": categories_per_event,
    "override": override,
    "override_highest_sequence_wins": override_highest_sequence_wins,
    "master_kept_when_override_first": master_kept_when_override_first,
    "start_end_utc_by_uid": start_end_by_uid,
    "start_end_utc_by_summary": start_end_by_summary,
    "start_end_date_by_summary": start_end_by_summary,
    "start_end_date_by_uid": start_end_by_uid,
    "start_utc_by_summary": start_end_by_summary,
    "start_utc_by_uid": start_end_by_uid,
}
