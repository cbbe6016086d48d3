"""Events of all shapes, for properties that hold of every one."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from schema.entities import Event
from schema.vocabulary import LANGUAGES
from tests.schema.formats.events import event

ZONES: Final = ("Europe/Berlin", "Europe/Lisbon", "Europe/Vilnius", "America/New_York", "UTC")
RULES: Final = (
    "FREQ=DAILY;COUNT=12",
    "FREQ=DAILY;INTERVAL=3;UNTIL={until}",
    "FREQ=WEEKLY;COUNT=8",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
    "FREQ=WEEKLY;BYDAY=TU;UNTIL={until}",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYDAY=2WE;COUNT=5",
    "FREQ=MONTHLY;BYMONTHDAY=15;COUNT=6",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=YEARLY;BYMONTH=5;BYDAY=1SU",
    "FREQ=YEARLY;COUNT=2",
)
STATUSES: Final = ("scheduled", "cancelled", "postponed", "rescheduled", "moved_online")
FIRST: Final = date(2026, 1, 1)

words = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=120
)
titles = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=40)
"""What passes the checks of a title."""
day = st.integers(0, 500).map(lambda n: FIRST + timedelta(days=n))
clock = st.sampled_from([(4, 30), (9, 0), (12, 15), (19, 0), (23, 45)])


@st.composite
def timed(draw: st.DrawFn, zone: str | None = None) -> dict[str, Any]:
    """Hours outside those that clocks skip or repeat."""
    on, (hour, minute) = draw(day), draw(clock)
    start = datetime.combine(on, time(hour, minute))
    length = draw(st.sampled_from([None, 30, 90, 24 * 60, 3 * 24 * 60 + 15]))
    end = start + timedelta(minutes=length) if length else None
    said = {"start": start.isoformat(), "zone": zone or draw(st.sampled_from(ZONES))}
    return said | ({"end": end.isoformat()} if end else {})


@st.composite
def days(draw: st.DrawFn) -> dict[str, Any]:
    """Whole days."""
    start, length = draw(day), draw(st.sampled_from([None, 1, 2, 5]))
    end = (start + timedelta(days=length)).isoformat() if length else None
    said = {"start": start.isoformat(), "all_day": True, "zone": draw(st.sampled_from(ZONES))}
    return said | ({"end": end} if end else {})


def named(when: dict[str, Any], away: int) -> str:
    """The start of an occurrence that many days after the event's own."""
    start = datetime.fromisoformat(when["start"]) + timedelta(days=away)
    return start.date().isoformat() if when.get("all_day") else start.isoformat()


def aways(most: int) -> st.SearchStrategy[list[int]]:
    """Some distances in days, of which weekly and daily rules meet several."""
    return st.lists(st.sampled_from([0, 1, 3, 7, 14, 21, 22, 28, 35]), max_size=most, unique=True)


@st.composite
def overrides(draw: st.DrawFn, when: dict[str, Any]) -> list[dict[str, Any]]:
    """Occurrences that are off, moved, or called otherwise."""
    found = []
    for away in draw(aways(2)):
        said: dict[str, Any] = {"recurrence_id": named(when, away)}
        said |= draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "when": days() if when.get("all_day") else timed(),
                    "status": st.sampled_from(STATUSES),
                    "title": titles.map(lambda text: {"de": text}),
                },
            )
        )
        found.append(said)
    return found


@st.composite
def recurrences(draw: st.DrawFn, when: dict[str, Any]) -> dict[str, Any]:
    """Rule, additions, exclusions and overrides, each of them or none."""
    rule = draw(st.sampled_from(RULES))
    if "{until}" in rule:
        until = named(when, 60)[:10].replace("-", "")
        rule = rule.format(until=until if when.get("all_day") else f"{until}T230000Z")
    added = draw(aways(2))
    kind = days() if when.get("all_day") else timed(when["zone"])
    usual = [{**when, "start": named(when, away), "end": None} for away in added]
    other = draw(st.lists(kind, max_size=2))
    said = {
        "rule": draw(st.sampled_from([rule, rule, rule, None])),
        "added": [*usual, *other] or None,
        "removed": [named(when, away) for away in draw(aways(3))] or None,
        "overrides": draw(overrides(when)) or None,
    }
    return {name: value for name, value in said.items() if value is not None}


@st.composite
def events(draw: st.DrawFn) -> Event:
    """An event of any shape: hours or days, once or again and again, in one to three languages."""
    when = draw(timed() | days())
    languages = draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=3, unique=True))
    said: dict[str, Any] = {
        "when": when,
        "title": {language: draw(titles) for language in languages},
        "status": draw(st.sampled_from(STATUSES)),
    }
    if draw(st.booleans()):
        said["recurrence"] = draw(recurrences(when))
    if draw(st.booleans()):
        said["description"] = {languages[0]: draw(words)}
    if draw(st.booleans()):
        said["place"] = {"name": draw(titles), "lat": 51.5, "lon": -0.25}
    return event(**said)
