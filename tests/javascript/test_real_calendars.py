"""Every event of the real calendars and feeds, written by us and read back by ical.js.

What differs there is named by the reason, never by the event: each reason is ical.js's own, and
none of them is left out silently.
"""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from schema.entities import Event
from schema.formats.ical import components
from schema.formats.plain_rules import is_plain
from schema.recurring import expand
from schema.rules import read_rule
from schema.when import Timed
from tests.javascript.conftest import Read
from tests.real_data.emitting import events, window
from tests.schema.formats.events import EDITION, calendar, published
from tests.schema.formats.expected import shown

pytestmark = pytest.mark.javascript

KNOWN = {
    "an endless rule of a kind that it reads in its own way": 11,
    "an hour that is skipped, which it moves back instead of forward": 2,
    "a time before 1970, of which zones tell nothing": 1,
    "a time in 1970 before the first change of its zone": 1,
}
"""Reasons, and how many events of the shared folder differ for them at most."""


def reason(event: Event, after: datetime, before: datetime) -> str:
    """Why ical.js reads an event otherwise than it is; "" where there is no reason."""
    endless, skipped, early, first = KNOWN
    if event.when.starts.year < 1970:
        return early
    if event.when.starts.year == 1970:
        return first
    met = expand(event.when, event.recurrence, after, before).occurrences
    if any(isinstance(o.when, Timed) and o.when.start != o.recurrence_id for o in met):
        return skipped
    rule = event.recurrence.rule if event.recurrence else None
    if rule and not is_plain(read_rule(rule, event.when.zone, all_day=event.when.all_day)):
        return endless
    return ""


@pytest.mark.timeout(600)
def test_every_real_event_is_read_back_as_it_is(real_data: Path, shown_by_ical_js: Read) -> None:
    wrong: dict[str, list[str]] = {}
    for each in events(real_data):
        after, before = window(each.event)
        for component in components(published(each.event), EDITION):
            read = shown_by_ical_js(calendar([component]), after, before)
            if read != shown(each.event, component.language, after, before):
                wrong.setdefault(reason(each.event, after, before), []).append(each.where)
    assert wrong.pop("", []) == []
    counts = Counter({why: len(where) for why, where in wrong.items()})
    assert not counts - Counter(KNOWN), wrong
