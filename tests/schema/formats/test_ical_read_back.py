from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings

from schema.entities import Event
from schema.formats.ical import components
from tests.schema.formats.events import EDITION, calendar, published, shown_by_icalendar
from tests.schema.formats.expected import shown
from tests.schema.formats.shapes import events

AFTER, BEFORE = datetime(2025, 12, 1, tzinfo=UTC), datetime(2028, 7, 1, tzinfo=UTC)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(events())
def test_an_event_of_any_shape_is_read_back_as_it_is(event: Event) -> None:
    for component in components(published(event), EDITION):
        read = shown_by_icalendar(calendar([component]), AFTER, BEFORE)
        assert read == shown(event, component.language, AFTER, BEFORE)
