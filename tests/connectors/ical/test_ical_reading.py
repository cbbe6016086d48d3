"""What reading a calendar's document must not do: take long, forget, or take noise for change."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar.parser import Contentline

from connectors import Between, Complete, Everything, Facts, Gone, Raw
from connectors.fingerprints import fingerprint, mapping_hash
from connectors.ical import Ical, IcalSettings
from connectors.ical.lines import property_of
from connectors.ical.recurrence import MOST_DATES
from connectors.ical.series import MOST_CHANGES
from connectors.samples import Held
from schema import Event, Problem, Rejected
from schema.normal.text import forbidden_in
from tests.growth import grows_too_fast, least, seconds

ICAL = Ical()
SETTINGS = IcalSettings(url="https://stadt.example/kalender.ics")

START = "DTSTART;TZID=Europe/Berlin:20260901T180000"


def event(*lines: str, uid: str = "e1", stamp: str = "20260801T100000Z") -> str:
    named = [f"UID:{uid}"] if uid else []
    return "\r\n".join(["BEGIN:VEVENT", *named, f"DTSTAMP:{stamp}", *lines, "END:VEVENT"])


def calendar(*events: str, head: str = "PRODID:x") -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", head, *events, "END:VCALENDAR", ""]).encode()


def read(data: bytes, settings: IcalSettings = SETTINGS) -> list[Any]:
    document = Held(path=None, url="https://stadt.example/", data=data)
    return list(ICAL.read(document, settings))


def raws(data: bytes) -> dict[str, Raw]:
    return {str(item.key): item for item in read(data) if isinstance(item, Raw)}


def events(data: bytes) -> list[Event]:
    found = [e for raw in raws(data).values() for e in ICAL.map(raw, SETTINGS, Facts())]
    return [each for each in found if isinstance(each, Event)]


def marks(data: bytes) -> dict[str, bytes]:
    mapping = mapping_hash(ICAL, SETTINGS, Facts())
    return {key: fingerprint(mapping, ICAL.manifest, raw) for key, raw in raws(data).items()}


def test_address_of_a_calendar_scheme_is_fetched_by_https() -> None:
    settings = IcalSettings(url="webcal://stadt.example/kalender.ics")
    (request,) = ICAL.start(settings, None)
    assert request.url == "https://stadt.example/kalender.ics"


@pytest.mark.parametrize(
    "url", ["ftp://stadt.example/a.ics", "kalender.ics", "https://a:b@x.example/"]
)
def test_address_that_cannot_be_fetched_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="url"):
        IcalSettings(url=url)


def test_what_changes_with_every_answer_makes_no_event_new() -> None:
    one = event(
        "SUMMARY:a", START, "X-MICROSOFT-CDO-APPT-SEQUENCE:1", "ATTENDEE:mailto:a@x.example"
    )
    two = event("SUMMARY:a", START, "X-MICROSOFT-CDO-APPT-SEQUENCE:2", stamp="20260802T100000Z")
    assert marks(calendar(one)) == marks(calendar(two))


def test_order_of_a_document_makes_no_event_new() -> None:
    master = event("SUMMARY:a", START, "RRULE:FREQ=DAILY;COUNT=9")
    first = event("SUMMARY:b", START, "RECURRENCE-ID:20260902T160000Z")
    second = event("SUMMARY:c", START, "RECURRENCE-ID:20260903T160000Z")
    other = event("SUMMARY:d", START, uid="e2")
    one = calendar(master, first, second, other)
    assert marks(one) == marks(calendar(other, second, first, master))


def test_another_title_makes_an_event_new() -> None:
    assert marks(calendar(event("SUMMARY:a", START))) != marks(calendar(event("SUMMARY:b", START)))


def test_zone_that_no_event_names_makes_no_event_new() -> None:
    zone = "BEGIN:VTIMEZONE\r\nTZID:Ungenutzt\r\nEND:VTIMEZONE"
    one = event("SUMMARY:a", START)
    assert marks(calendar(zone, one)) == marks(calendar(one))


def test_persons_are_not_even_kept() -> None:
    lines = ("ATTENDEE;CN=Karla Kanari:mailto:k@x.example", "CONTACT:Karla Kanari", "X-WER:Karla")
    (raw,) = raws(calendar(event("SUMMARY:a", START, *lines))).values()
    assert "Karla" not in str(raw.data)


def test_changed_occurrences_of_a_private_series_are_private() -> None:
    series = event("SUMMARY:Arzt", START, "RRULE:FREQ=WEEKLY", "CLASS:PRIVATE")
    change = event(
        "SUMMARY:Arzt, verlegt", "RECURRENCE-ID:20260908T160000Z", "DTSTART:20260908T170000Z"
    )
    other = event("SUMMARY:Sommerfest", START, uid="2")
    found = read(calendar(change, series, other))
    assert [item.key for item in found if isinstance(item, Raw)] == ["2"]
    assert [item.message for item in found if isinstance(item, Problem)] == ["2 private events"]


@pytest.mark.parametrize("uid", ["1@x", "20260901-7@x"])
def test_event_made_private_is_gone_at_once(uid: str) -> None:
    shown, other = event("SUMMARY:Arzt", START, uid=uid), event("SUMMARY:a", START, uid="2")
    (key,) = raws(calendar(shown, other)).keys() - {"2"}
    hidden = event("SUMMARY:Arzt", START, "CLASS:PRIVATE", uid=uid)
    assert Gone("event", key) in read(calendar(hidden, other))
    assert read(calendar(hidden))[:1] == [Gone("event", key)]
    assert not any(isinstance(each, Gone) for each in read(calendar(shown, other)))


def test_calendar_of_private_events_alone_is_not_empty() -> None:
    found = read(calendar(event("SUMMARY:a", START, "CLASS:PRIVATE")))
    assert Complete(Everything()) in found
    assert not any(isinstance(each, Problem) and each.code == "document.empty" for each in found)


@pytest.mark.parametrize("said", ["PRIVATE", "confidential", "X-INTERN", '"PRIVATE"'])
def test_what_is_not_public_is_left_out(said: str) -> None:
    hidden, shown = (
        event("SUMMARY:a", START, f"CLASS:{said}"),
        event("CLASS:Public", START, uid="2"),
    )
    assert list(raws(calendar(hidden, shown))) == ["2"]


@pytest.mark.parametrize(
    "lines",
    [
        ("UID:20270101T100000-7@x", "DTSTART:00010101T000000Z"),
        ("UID:20270101-7@x", "DTSTART;VALUE=DATE:99991231"),
        ("UID:99999999-7@x", "DTSTART:20270101T000000Z"),
        ("UID:9999999999-7@x", "DTSTART:99991231T235959+0100"),
    ],
)
def test_date_at_the_end_of_the_calendar_keeps_nothing_else_out(lines: tuple[str, ...]) -> None:
    odd = event("SUMMARY:a", *lines, uid="")
    found = raws(calendar(odd, event("SUMMARY:b", START)))
    assert len(found) == 2
    assert "e1" in found


def test_uids_that_no_key_can_hold_are_told_apart() -> None:
    odd = [event("SUMMARY:a", START, uid=uid) for uid in ("Müller@x", "Möller@x", "a\x07b")]
    text = calendar(*odd, event("SUMMARY:a", START, uid="7@x")).decode()
    found = raws(text.encode("latin-1"))
    assert len(found) == 4
    assert "7@x" in found
    assert all(forbidden_in(key) is None for key in found)
    assert {"Müller@x", "Möller@x"} < raws(text.encode()).keys()


def test_zone_that_is_longer_than_any_is_not_carried_by_each_event() -> None:
    rules = ["BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETTO:+0200", "END:STANDARD"]
    zone = "\r\n".join(["BEGIN:VTIMEZONE", "TZID:Lang", *rules * 5_000, "END:VTIMEZONE"])
    (raw,) = raws(calendar(zone, event("SUMMARY:a", "DTSTART;TZID=Lang:20260901T180000"))).values()
    assert raw.data["calendar"] == {}
    assert told(calendar(zone, event("SUMMARY:a", "DTSTART;TZID=Lang:20260901T180000"))) == [
        ("event.unknown_zone", "TZID")
    ]


def test_revision_that_is_no_number_of_this_world_keeps_nothing_else_out() -> None:
    revisions = [event("SUMMARY:a", START, f"SEQUENCE:{'9' * size}") for size in (1, 5_000)]
    (found,) = raws(calendar(*revisions)).values()
    assert "9" * 5_000 in found.data["components"][0]


def test_utf_16_is_read() -> None:
    (found,) = events(calendar(event("SUMMARY:Bäume", START)).decode().encode("utf-16"))
    assert found.title == {"de": "Bäume"}


def test_several_calendars_are_complete_together() -> None:
    data = calendar(event("SUMMARY:a", START)) + calendar(event("SUMMARY:b", START, uid="e2"))
    assert isinstance(read(data)[-1], Complete)
    assert len(raws(data)) == 2


@pytest.mark.parametrize("cut", [b"BEGIN:VCALENDAR\r\nPRODID:x\r\n", b"BEGIN:VCAL", b"B"])
def test_second_calendar_that_is_cut_proves_nothing(cut: bytes) -> None:
    items = read(calendar(event("SUMMARY:a", START)) + cut)
    assert not any(isinstance(item, Complete) for item in items)
    assert any(isinstance(item, Problem) and item.code == "document.cut" for item in items)


def test_events_outside_of_a_calendar_are_read_and_prove_nothing() -> None:
    items = read(event("SUMMARY:a", START).encode())
    assert [item.key for item in items if isinstance(item, Raw)] == ["e1"]
    assert not any(isinstance(item, Complete) for item in items)


def test_series_of_a_cut_document_stay_as_they_are() -> None:
    data = calendar(
        event("SUMMARY:a", START, "RRULE:FREQ=DAILY"), event("SUMMARY:b", START, uid="e2")
    )
    assert list(raws(data[:-40])) == []
    assert list(raws(data)) == ["e1", "e2"]


def test_window_reaches_from_the_first_to_the_last_single_event() -> None:
    data = calendar(
        event("SUMMARY:a", START),
        event("SUMMARY:b", "DTSTART;VALUE=DATE:20260930", uid="e2"),
        event("SUMMARY:c", "DTSTART:20200101T100000Z", "RRULE:FREQ=DAILY", uid="e3"),
        head="PRODID:-//Gancio//EN",
    )
    (complete,) = (item for item in read(data) if isinstance(item, Complete))
    assert isinstance(complete.scope, Between)
    assert f"{complete.scope.start}/{complete.scope.end}" == "2026-09-01/2026-10-01"


def test_key_without_date_is_used_only_where_it_is_unique() -> None:
    moved = event("SUMMARY:a", "DTSTART:20260908T160000Z", uid="7-20260908T160000Z@x")
    assert list(raws(calendar(moved))) == ["7@x"]
    other = event("SUMMARY:a", "DTSTART:20260915T160000Z", uid="7-20260915T160000Z@x")
    assert len(raws(calendar(moved, other))) == 2
    assert "7@x" not in raws(calendar(moved, other))


SERIES = (START, "RRULE:FREQ=DAILY")


def changes(size: int, *lines: str) -> list[str]:
    days = (datetime(2026, 9, 1, 18, tzinfo=UTC) + timedelta(days=n) for n in range(size))
    named = ((f"RECURRENCE-ID;TZID=Europe/Berlin:{day:%Y%m%dT%H%M%S}", *lines) for day in days)
    return [event(f"SUMMARY:{n}", *said) for n, said in enumerate(named)]


def test_changes_cost_no_more_than_their_number() -> None:
    def changed(words: int) -> bytes:
        series = event("SUMMARY:a", *SERIES, f"DESCRIPTION:{'<b>x</b>' * words}")
        return calendar(series, *changes(400))

    (found,) = events(changed(2_000))
    assert found.recurrence is not None
    assert len(found.recurrence.overrides or ()) == 400
    long, short = least(events, changed(2_000)), least(events, changed(1))
    assert long < 5 * short  # the series' text read for each would be twenty times


def test_change_of_all_from_the_first_on_leaves_one_series() -> None:
    changed = (
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260901T180000",
        "DTSTART;TZID=Europe/Berlin:20260901T190000",
    )
    later = (
        "RECURRENCE-ID;TZID=Europe/Berlin:20260902T180000",
        "DTSTART;TZID=Europe/Berlin:20260902T200000",
    )
    series = event("SUMMARY:a", START, "RRULE:FREQ=DAILY;COUNT=3")
    (found,) = events(calendar(series, event("SUMMARY:b", *changed), event("SUMMARY:b", *later)))
    assert (found.native_id, found.title) == ("e1", {"de": "b"})
    assert found.recurrence is not None
    (change,) = found.recurrence.overrides or ()
    shown = [found.when.start, change.recurrence_id, change.when and change.when.start]
    assert [f"{each:%d %H}" for each in shown if each] == ["01 19", "02 19", "02 20"]
    assert found.recurrence.rule == "FREQ=DAILY;COUNT=3"


def told(data: bytes) -> list[tuple[str, str]]:
    found = [each for raw in raws(data).values() for each in ICAL.map(raw, SETTINGS, Facts())]
    return [(each.code, each.path) for each in found if isinstance(each, Problem)]


def test_the_latest_of_too_many_changes_are_kept() -> None:
    data = calendar(event("SUMMARY:a", *SERIES), *changes(MOST_CHANGES + 5))
    (found,) = events(data)
    assert found.recurrence is not None
    assert found.recurrence.overrides is not None
    assert len(found.recurrence.overrides) == MOST_CHANGES
    assert found.recurrence.overrides[-1].title == {"de": str(MOST_CHANGES + 4)}
    assert told(data) == [("event.rule_cut", "RECURRENCE-ID")]


@pytest.mark.parametrize("name", ["RRULE", "EXRULE"])
def test_of_too_many_rules_the_first_are_kept(name: str) -> None:
    rules = [f"{name}:FREQ=DAILY;COUNT={2 + n}" for n in range(2_000)]
    data = calendar(event("SUMMARY:a", START, "RRULE:FREQ=WEEKLY;COUNT=9", *rules))
    assert seconds(lambda: events(data)) < 10
    assert len(events(data)) == 1
    assert ("event.rule_cut", name) in told(data)


@pytest.mark.parametrize("name", ["RDATE", "EXDATE"])
def test_of_too_many_dates_the_first_are_kept(name: str) -> None:
    dates = [datetime(2026, 9, 1, 18, tzinfo=UTC) + timedelta(hours=n) for n in range(6_000)]
    said = ",".join(f"{each:%Y%m%dT%H%M%S}" for each in dates)
    data = calendar(event("SUMMARY:a", START, "RRULE:FREQ=DAILY;COUNT=900", f"{name}:{said}"))
    (found,) = events(data)
    assert found.recurrence is not None
    kept = found.recurrence.added if name == "RDATE" else found.recurrence.removed
    assert len(kept or ()) == MOST_DATES
    assert told(data) == [("event.rule_cut", name)]


@pytest.mark.parametrize("name", ["ATTACH", "IMAGE", "CONFERENCE", "X-WP-IMAGES-URL"])
def test_of_too_many_links_the_first_are_kept(name: str) -> None:
    lines = [f"{name}:https://stadt.example/{n}" for n in range(1_000)]
    if name.startswith("X-"):
        lines = [f"{name}:{';'.join(line.partition(':')[2] for line in lines)}"]
    (found,) = events(calendar(event("SUMMARY:a", START, *lines)))
    assert len(found.links or found.images or ()) == 50


@pytest.mark.parametrize(
    ("uid", "shown"),
    [
        ("karla.kanari@privat.example", None),
        ("karla1985@gmx.de", None),
        ("karla1985@Gmail.com", None),
        ("0k3jh4@google.com", "0k3jh4@google.com"),
        ("termin-17", "termin-17"),
    ],
)
def test_uid_that_could_be_a_mailbox_is_not_shown(uid: str, shown: str | None) -> None:
    (found,) = events(calendar(event("SUMMARY:a", START, uid=uid)))
    assert found.source_uid == shown


def test_rule_bomb_is_refused_in_time() -> None:
    (raw,) = raws(calendar(event("SUMMARY:a", START, "RRULE:FREQ=SECONDLY"))).values()
    with pytest.raises(Rejected, match="rule_refused"):
        list(ICAL.map(raw, SETTINGS, Facts()))


def many_parameters(size: int) -> str:
    return "DESCRIPTION" + ";A=1" * size + ":x"


def quoted_printable(size: int) -> str:
    return "DESCRIPTION;ENCODING=QUOTED-PRINTABLE:" + "=C3=A4=\r\n" * size


def unclosed_quotes(size: int) -> str:
    return 'LOCATION;A="' + '";"' * size


def deep_nesting(size: int) -> str:
    return "\r\n".join(["BEGIN:VALARM"] * size)


def nested_places(size: int) -> str:
    return "\r\n".join(["BEGIN:VLOCATION", "NAME:x"] * size)


def nested_places_that_end(size: int) -> str:
    begins, ends = ["BEGIN:VLOCATION"] * size, ["END:VLOCATION"] * size
    return "\r\n".join([*begins, *ends, "LOCATION:Rathaus"])


def wrong_ends_inside(size: int) -> str:
    return "\r\n".join([*["BEGIN:VALARM"] * size, *["END:X"] * size])


def stray_ends(size: int) -> str:
    return "\r\n".join(["END:VTODO"] * size)


def folds(size: int) -> str:
    return "SUMMARY:a" + "\r\n " * size


def excluded_dates(size: int) -> str:
    return "RRULE:FREQ=DAILY;COUNT=5\r\nEXDATE:" + "20260902T180000," * size


def categories(size: int) -> str:
    return "CATEGORIES:" + "a\\," * size


def commas(size: int) -> str:
    return "LOCATION:" + ", " * size


def backslashes(size: int) -> str:
    return "SUMMARY:" + "\\" * size


@pytest.mark.parametrize(
    "make",
    [
        *(many_parameters, quoted_printable, unclosed_quotes, deep_nesting, stray_ends, folds),
        *(nested_places, nested_places_that_end, wrong_ends_inside),
        *(excluded_dates, categories, commas, backslashes),
    ],
)
def test_hostile_lines_cost_no_more_than_their_length(make: Callable[[int], str]) -> None:
    def read(data: bytes) -> None:
        for raw in raws(data).values():
            list(ICAL.map(raw, SETTINGS, Facts()))

    def made(size: int) -> bytes:
        return calendar(event("SUMMARY:a", START, make(size)))

    assert grows_too_fast(read, made, 65_536) is None


@pytest.mark.parametrize(
    "line",
    [
        "SUMMARY:einfach",
        "DTSTART;TZID=Europe/Berlin:20260901T180000",
        'ATTENDEE;CN="Eins; zwei: drei";ROLE=CHAIR:mailto:a@x.example',
        "X-FOO;A=b,c:d:e",
        "X-ANFUEHRUNG;CN=Er sagte ^'ja^':x",
        "DESCRIPTION;LANGUAGE=de:mit; allem, was: geht",
    ],
)
def test_lines_are_read_as_icalendar_reads_them(line: str) -> None:
    found = property_of(line)
    as_read: Any = Contentline
    name, params, value = as_read(line).raw_parts()
    assert found is not None
    assert (found.name, found.value) == (name, value)
    said = {key: ",".join(v) if isinstance(v, list) else v for key, v in params.items()}
    assert found.params == said


def test_quoted_printable_text_is_decoded_over_its_lines() -> None:
    text = "SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:B=C3=A4ume =\r\npflegen"
    (found,) = events(calendar(event(text, START)))
    assert found.title == {"de": "Bäume pflegen"}


@pytest.mark.parametrize("line", ["", "nur Text", ":ohne Name", 'X;A="offen:x', "X" * 200 + ":y"])
def test_what_is_no_line_is_no_property(line: str) -> None:
    assert property_of(line) is None


def many_zones_and_events(size: int) -> bytes:
    zones = [f"BEGIN:VTIMEZONE\r\nTZID:Zone {n}\r\nEND:VTIMEZONE" for n in range(size)]
    listed = [
        event("SUMMARY:a", f"DTSTART;TZID=Zone {n}:20260901T180000", uid=str(n))
        for n in range(size)
    ]
    return calendar(*zones, *listed)


def test_zones_and_events_cost_no_more_than_their_number() -> None:
    found = raws(many_zones_and_events(8))
    assert list(found["7"].data["calendar"]["zones"]) == ["Zone 7"]
    assert grows_too_fast(raws, many_zones_and_events, 2_048) is None


def test_what_lies_too_deep_ends_with_its_event() -> None:
    deep = event("SUMMARY:a", START, *["BEGIN:VALARM", "SUMMARY:Wecker"] * 20)
    (found, other) = events(calendar(deep, event("SUMMARY:b", START, uid="2")))
    assert (found.title, other.title) == ({"de": "a"}, {"de": "b"})
    (ended,) = events(
        calendar(
            event(START, *["BEGIN:VALARM"] * 20, *["SUMMARY:x", "END:VALARM"] * 20, "SUMMARY:a")
        )
    )
    assert ended.title == {"de": "a"}
