from datetime import timedelta
from typing import Any

import pytest

from schema.edition import Edition
from schema.entities import Event
from schema.formats.ical import components
from schema.vocabulary import LANGUAGES
from tests.schema.formats.events import (
    CREATED,
    EDITION,
    EVENING,
    ID,
    calendar,
    event,
    published,
    rendered,
    unfolded,
    values,
)

DAYS = {"start": "2026-05-01", "end": "2026-05-04", "all_day": True, "zone": "Europe/Berlin"}
ADDRESS = f"https://stadt.example/klima/v1/events/{ID}"


def one(name: str, event_: Event, **fields: Any) -> str:
    """The only value of a property."""
    (only,) = values(rendered(event_, **fields).ics, name)
    return only


def description(event_: Event, **fields: Any) -> list[str]:
    """The text's lines as a person reads them."""
    said = one("DESCRIPTION", event_, **fields).partition(":")[2]
    return said.replace("\\n", "\n").replace("\\", "").split("\n")


def test_its_uid_is_its_id_at_this_host() -> None:
    assert one("UID", event()) == f"{ID}@stadt.example"


def test_a_port_or_a_path_of_the_instance_does_not_change_the_uid() -> None:
    edition = Edition(public_url="https://stadt.example:8443/", instance=EDITION.instance)
    (component,) = components(published(event()), edition)
    assert values(component.ics, "UID") == [f"{ID}@stadt.example"]


def test_its_stamps_are_those_of_the_entry() -> None:
    ics = rendered(event(), timedelta(days=2, seconds=5)).ics
    stamps = [values(ics, name) for name in ("CREATED", "DTSTAMP", "LAST-MODIFIED")]
    assert stamps == [["20260101T080000Z"], ["20260103T080005Z"], ["20260103T080005Z"]]


def test_sequence_is_zero_at_first_and_grows_with_each_change() -> None:
    ages = [timedelta(), timedelta(seconds=1), timedelta(minutes=30), timedelta(days=4_000)]
    found = [int(values(rendered(event(), age).ics, "SEQUENCE")[0]) for age in ages]
    assert found[0] == 0
    assert found == sorted(set(found))
    assert found[-1] < 2**31


def test_making_it_anew_gives_the_same_bytes() -> None:
    assert rendered(event(), timedelta(hours=1)) == rendered(event(), timedelta(hours=1))


def test_a_time_has_its_zone_and_the_calendar_describes_it() -> None:
    component = rendered(event())
    assert component.zones == ("Europe/Berlin",)
    assert values(component.ics, "DTSTART") == [";TZID=Europe/Berlin:20260414T190000"]
    assert values(component.ics, "DTEND") == [";TZID=Europe/Berlin:20260414T213000"]
    assert calendar([component]).count(b"TZID:Europe/Berlin\r\n") == 1


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "GMT"])
def test_a_time_in_utc_needs_no_zone(zone: str) -> None:
    component = rendered(event(when={**EVENING, "zone": zone}))
    assert component.zones == ()
    assert values(component.ics, "DTSTART") == ["20260414T190000Z"]


def test_days_are_dates_and_their_end_is_said() -> None:
    assert one("DTSTART", event(when=DAYS)) == ";VALUE=DATE:20260501"
    assert one("DTEND", event(when=DAYS)) == ";VALUE=DATE:20260504"
    assert one("DTEND", event(when={**DAYS, "end": None})) == ";VALUE=DATE:20260502"
    assert rendered(event(when=DAYS)).zones == ()


def test_the_last_day_of_the_calendar_has_no_day_after_it() -> None:
    last = {**DAYS, "start": "9999-12-31", "end": None}
    assert values(rendered(event(when=last)).ics, "DTEND") == []


@pytest.mark.parametrize("end", [None, EVENING["start"]])
def test_an_hour_without_length_has_no_end(end: str | None) -> None:
    assert values(rendered(event(when={**EVENING, "end": end})).ics, "DTEND") == []


PREFIXES = {
    "cancelled": ("Abgesagt: ", "Cancelled: ", "Afgelast: ", "Cancelado: ", "Atšaukta: "),
    "postponed": ("Verschoben: ", "Postponed: ", "Uitgesteld: ", "Adiado: ", "Atidėta: "),
    "moved_online": (
        *("Jetzt online: ", "Now online: ", "Nu online: ", "Agora online: "),
        "Dabar internetu: ",
    ),
    "scheduled": ("",) * 5,
    "rescheduled": ("",) * 5,
}
STATUSES = {"cancelled": "CANCELLED", "postponed": "TENTATIVE"}


@pytest.mark.parametrize("status", PREFIXES)
def test_what_is_off_says_so_in_its_title_in_five_languages(status: str) -> None:
    titles = dict.fromkeys(LANGUAGES, "Bäume")
    found = components(published(event(title=titles, status=status)), EDITION)
    said = {component.language: values(component.ics, "SUMMARY") for component in found}
    expected = zip(LANGUAGES, PREFIXES[status], strict=True)
    assert said == {tag: [f";LANGUAGE={tag}:{prefix}Bäume"] for tag, prefix in expected}
    states = {tuple(values(component.ics, "STATUS")) for component in found}
    assert states == {(STATUSES.get(status, "CONFIRMED"),)}


def test_a_title_that_says_it_itself_is_left_alone() -> None:
    named = event(title={"de": "ABGESAGT"}, status="cancelled")
    assert one("SUMMARY", named) == ";LANGUAGE=de:ABGESAGT"


def test_a_language_of_no_label_speaks_english() -> None:
    assert one("SUMMARY", event(title={"fr": "Arbres"}, status="cancelled")) == (
        ";LANGUAGE=fr:Cancelled: Arbres"
    )
    assert one("SUMMARY", event(title={"de-AT": "Bäume"}, status="cancelled")) == (
        ";LANGUAGE=de-AT:Abgesagt: Bäume"
    )


def test_the_old_date_of_what_was_moved_is_in_the_text() -> None:
    old = {"start": "2026-04-07T19:00:00", "zone": "Europe/Berlin"}
    moved = description(event(status="rescheduled", previous_start=old))
    assert moved[0] == "Ursprünglich geplant: 07.04.2026, 19:00 Uhr"
    english = description(event(title={"en": "Trees"}, status="rescheduled", previous_start=old))
    assert english[0] == "Originally planned: 7 Apr 2026, 19:00"


def test_what_was_put_off_says_that_no_date_is_known() -> None:
    assert description(event(status="postponed"))[:2] == [
        "Ursprünglich geplant: 14.04.2026, 19:00 Uhr",
        "Ein neuer Termin steht noch nicht fest.",
    ]


def test_the_text_ends_with_source_licence_and_the_entrys_address() -> None:
    assert description(event())[-3:] == [
        "Quelle: Stadtkalender (https://kalender.example/)",
        "Lizenz: Creative Commons Attribution 4.0 (CC BY 4.0); zu nennen: Stadt Musterstadt",
        f"Eintrag: {ADDRESS}",
    ]


def test_the_organisation_is_named_in_the_text_and_nobody_is_invited() -> None:
    assert "Veranstaltet von: Grüne Lunge e. V." in description(event())
    names = {line.partition(":")[0].partition(";")[0] for line in unfolded(rendered(event()).ics)}
    assert not names & {"ORGANIZER", "ATTENDEE", "CONTACT", "BEGIN:VALARM"}


def test_how_to_answer_is_in_the_text() -> None:
    said = description(
        event(
            respond={"url": "https://a.example/anmelden", "email": "info@a.example"},
            contact={"name": "Büro", "phone": "+49 345 1234567", "person": "Petra Muster"},
        )
    )
    assert "Anmeldung: https://a.example/anmelden · info@a.example" in said
    assert "Kontakt: Büro · +49 345 1234567" in said
    assert "Petra" not in " ".join(said)


def test_what_is_withheld_hides_its_contact() -> None:
    named = event(contact={"name": "Büro", "phone": "+49 345 1234567"})
    assert not [line for line in description(named, withheld=True) if "Büro" in line]


def test_a_text_of_another_language_is_better_than_none() -> None:
    said = event(title={"en": "Trees"}, description={"nl": "Bomen", "de": "Bäume"})
    assert description(said)[0] == "Bäume"
    assert description(event(summary={"de": "Kurz"}))[0] == "Kurz"


def test_the_place_is_a_text_and_a_point() -> None:
    place = {"name": "Park", "street": "Weg 1", "postal_code": "06108", "locality": "Halle"}
    named = event(place={**place, "lat": 51.482778, "lon": 11.97})
    assert one("LOCATION", named) == "Park\\, Weg 1\\, 06108 Halle"
    assert one("GEO", named) == "51.482778;11.970000"


def test_a_place_known_by_its_town_only_is_no_point() -> None:
    town = {"locality": "Halle", "lat": 51.48, "lon": 11.97, "precision": "locality"}
    assert values(rendered(event(place=town)).ics, "GEO") == []


def test_categories_are_labels_in_the_language_and_tags() -> None:
    said = event(
        title={"en": "Trees"},
        categories=({"scheme": "topics", "term": "mobility", "by": "source"},),
        tags=("Rad, Fuß", "Mobility"),
    )
    assert one("CATEGORIES", said) == "Mobility,Rad\\, Fuß"


def test_its_page_is_the_sources_else_where_to_answer_else_ours() -> None:
    page, answer = "https://a.example/1", {"url": "https://a.example/anmelden"}
    assert one("URL", event(url=page, respond=answer)) == page
    assert one("URL", event(respond=answer)) == answer["url"]
    assert one("URL", event()) == ADDRESS


def test_there_is_a_component_for_each_language_of_the_title() -> None:
    titles = {"pt": "Árvores", "de": "Bäume"}
    found = components(published(event(title=titles, description={"de": "Text"})), EDITION)
    assert [component.language for component in found] == ["de", "pt"]
    assert "Origem" not in found[1].ics.decode()
    assert values(found[1].ics, "SUMMARY") == [";LANGUAGE=pt:Árvores"]


FULL = event(
    description={"de": "Wir gießen, graben; und \\ lachen.\n\nAlle sind willkommen. " * 5},
    place={"name": "Park", "lat": 51.48, "lon": 11.97},
    tags=("baum",),
    recurrence={
        "rule": "FREQ=WEEKLY;COUNT=9",
        "added": ({**EVENING, "start": "2026-04-15T10:00:00", "end": "2026-04-15T16:00:00"},),
        "removed": ("2026-04-21T19:00:00",),
        "overrides": ({"recurrence_id": "2026-04-28T19:00:00", "status": "cancelled"},),
    },
)


def test_the_shape_is_one_that_every_client_takes() -> None:
    """What Google, Apple, Outlook and Thunderbird are known to stumble over."""
    ics = calendar([rendered(FULL)])
    lines = unfolded(ics)
    assert all(len(line) <= 75 for line in ics.split(b"\r\n"))
    assert b"\n" not in ics.replace(b"\r\n", b"")
    assert not [line for line in lines if line.endswith(":")], "a property without a value"
    assert [line for line in lines if line.startswith("METHOD")] == ["METHOD:PUBLISH"]
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for name in ("PRODID", "CALSCALE", "VERSION", "METHOD"):
        assert len(values(ics, name)) == 1
    assert not [line for line in lines if "PERIOD" in line or "VALARM" in line]


def test_no_time_floats_and_every_zone_is_described() -> None:
    lines = unfolded(calendar([rendered(FULL)]))
    events = lines[lines.index("BEGIN:VEVENT") :]
    timed = [line for line in events if line.startswith(("DT", "RDATE", "EXDATE", "RECURRENCE"))]
    floating = [line for line in timed if ";TZID=" not in line and not line.endswith("Z")]
    assert not floating
    named = {line.partition(";TZID=")[2].partition(":")[0] for line in timed} - {""}
    assert named == {line.partition(":")[2] for line in lines if line.startswith("TZID:")}


def test_each_property_that_may_stand_once_stands_once() -> None:
    for entry in rendered(FULL).ics.decode().split("BEGIN:VEVENT")[1:]:
        names = [line.partition(":")[0].partition(";")[0] for line in entry.split("\r\n")]
        once = [name for name in names if name not in {"", "EXDATE", "RDATE"} and name.isupper()]
        assert sorted(once) == sorted(set(once))


def test_exceptions_are_of_the_masters_kind_and_zone() -> None:
    ics = rendered(FULL).ics
    assert values(ics, "EXDATE") == [";TZID=Europe/Berlin:20260421T190000"]
    assert values(ics, "RECURRENCE-ID") == [
        ";TZID=Europe/Berlin:20260415T100000",
        ";TZID=Europe/Berlin:20260428T190000",
    ]
    assert values(ics, "RRULE") == ["FREQ=WEEKLY;COUNT=9"]
    assert CREATED.tzinfo is not None


def test_a_cancelled_occurrence_says_so_while_its_series_goes_on() -> None:
    summaries = values(rendered(FULL).ics, "SUMMARY")
    assert summaries == [f";LANGUAGE=de:{said}Bäume gießen" for said in ("", "", "Abgesagt: ")]
    assert values(rendered(FULL).ics, "STATUS") == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_a_moved_occurrence_says_from_when() -> None:
    override = {
        "recurrence_id": "2026-04-28T19:00:00",
        "status": "rescheduled",
        "when": {**EVENING, "start": "2026-04-29T18:00:00", "end": None},
    }
    series = event(recurrence={"rule": "FREQ=WEEKLY;COUNT=9", "overrides": (override,)})
    said = values(rendered(series).ics, "DESCRIPTION")[1]
    assert said.startswith(";LANGUAGE=de:Ursprünglich geplant: 28.04.2026\\, 19:00 Uhr")


def test_until_is_an_instant_for_hours_and_a_date_for_days() -> None:
    hours = event(recurrence={"rule": "FREQ=DAILY;UNTIL=20260420T170000Z"})
    days = event(when=DAYS, recurrence={"rule": "FREQ=WEEKLY;UNTIL=20260620"})
    assert one("RRULE", hours).endswith("UNTIL=20260420T170000Z")
    assert one("RRULE", days).endswith("UNTIL=20260620")


def test_a_series_without_any_date_left_is_not_written() -> None:
    nothing = event(recurrence={"removed": ("2026-04-14T19:00:00",)})
    assert components(published(nothing), EDITION) == ()
