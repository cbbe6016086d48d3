"""Every event of the real calendars and feeds, written by us and read back."""

from pathlib import Path

import pytest

from schema.formats.ical import components
from tests.real_data.emitting import events, window
from tests.schema.formats.events import EDITION, calendar, published, shown_by_icalendar
from tests.schema.formats.expected import shown


@pytest.mark.timeout(600)
def test_every_real_event_is_read_back_by_icalendar_as_it_is(real_data: Path) -> None:
    found, wrong = events(real_data), []
    for each in found:
        after, before = window(each.event)
        for component in components(published(each.event), EDITION):
            read = shown_by_icalendar(calendar([component]), after, before)
            if read != shown(each.event, component.language, after, before):
                wrong.append(each.where)
    assert wrong == []
    assert len(found) > 2_000
