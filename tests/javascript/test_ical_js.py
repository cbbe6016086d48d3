from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from schema.entities import Event
from schema.formats.calendar import CLOSING, opening
from schema.formats.ical import components
from tests.javascript.conftest import Ask, Read
from tests.schema.formats.events import EDITION, calendar, published
from tests.schema.formats.expected import shown
from tests.schema.formats.shapes import events
from tests.schema.formats.test_ical_read_back import AFTER, BEFORE
from tests.schema.formats.test_vtimezones import ZONES, fortnightly

pytestmark = pytest.mark.javascript


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(event=events())
def test_an_event_of_any_shape_is_read_back_as_it_is(shown_by_ical_js: Read, event: Event) -> None:
    for component in components(published(event), EDITION):
        read = shown_by_ical_js(calendar([component]), AFTER, BEFORE)
        assert read == shown(event, component.language, AFTER, BEFORE)


def walls(zone: ZoneInfo) -> dict[str, float]:
    """Wall times that the zone has once → their instants."""
    found = {}
    for moment in fortnightly():
        local = moment.astimezone(zone)
        if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
            found[local.replace(tzinfo=None).isoformat()] = moment.timestamp()
    return found


@pytest.mark.parametrize("start", range(0, len(ZONES), 100))
def test_every_zone_is_described_as_it_is(ask: Ask, start: int) -> None:
    wrong = []
    for zone in ZONES[start : start + 100]:
        expected = walls(ZoneInfo(zone))
        if ask(opening([zone]) + CLOSING, walls=[*expected]) != [*expected.values()]:
            wrong.append(zone)
    assert wrong == []


def test_a_wrong_description_would_be_noticed(ask: Ask) -> None:
    moment = datetime(2026, 7, 1, tzinfo=UTC)
    wall = moment.astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None)
    (said,) = ask(opening(["Europe/Lisbon"]) + CLOSING, walls=[wall.isoformat()])
    assert said - moment.timestamp() == timedelta(hours=1).total_seconds()
