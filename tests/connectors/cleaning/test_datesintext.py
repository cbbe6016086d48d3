from datetime import date

import pytest

from connectors.cleaning.datesintext import BEFORE, date_in
from schema import Days

BERLIN = "Europe/Berlin"
WRITTEN = date(2026, 2, 20)


def said(text: str, written: date | None = WRITTEN) -> str:
    found = date_in(text, BERLIN, written)
    if found.when is None:
        return f"- {found.why}"
    end = found.when.end
    if isinstance(found.when, Days):
        return f"{found.when.start}" + (f" before {end}" if end else "")
    return f"{found.when.start:%Y-%m-%d %H:%M}" + (f" to {end:%Y-%m-%d %H:%M}" if end else "")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("5.3.26 um 18 Uhr", "2026-03-05 18:00"),
        (
            "Dienstag, 3. März 2026 | 19.00 - 21.00 Uhr",
            "2026-03-03 19:00 to 2026-03-03 21:00",
        ),
        ("29.03.2026, 18:30 Uhr", "2026-03-29 18:30"),
        ("Repair-Café ab 18 Uhr am 5.3.2026", "2026-03-05 18:00"),
        ("Konzert, 20 Uhr, 5. März 2026", "2026-03-05 20:00"),
        ("10. Klimamesse am 5.3.2026", "2026-03-05"),
        ("Fest am 5. 3. 2026", "2026-03-05"),
        ("Jänner-Treff 7. Jänner 2026", "2026-01-07"),
        ("Sa., 5.9.2026, 14–17 Uhr", "2026-09-05 14:00 to 2026-09-05 17:00"),
        ("5.3.2026 von 9 bis 11:30 Uhr", "2026-03-05 09:00 to 2026-03-05 11:30"),
        ("01.09.2026 18:00-20:00", "2026-09-01 18:00 to 2026-09-01 20:00"),
        ("Party 5.3.2026, 22–2 Uhr", "2026-03-05 22:00 to 2026-03-06 02:00"),
        ("2026-09-01 18:00 Treffen", "2026-09-01 18:00"),
        ("2026-09-01T18:00", "2026-09-01 18:00"),
        ("Vortrag 5. März 2026 19.30 Uhr im Haus 3", "2026-03-05 19:30"),
        ("1. Mai 2026, 11.00 Uhr, Tel. 03423 44.55.66", "2026-05-01 11:00"),
        ("5.3.2026 Eintritt 5,50 Euro", "2026-03-05"),
        ("5.3.2026 und noch einmal: 5. März 2026", "2026-03-05"),
    ],
)
def test_one_day_is_found(text: str, meant: str) -> None:
    assert said(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("12.–14. Juni 2026", "2026-06-12 before 2026-06-15"),
        ("vom 12. bis 14. Juni 2026", "2026-06-12 before 2026-06-15"),
        ("12.-14.06.2026", "2026-06-12 before 2026-06-15"),
        ("12. und 13. Juni 2026", "2026-06-12 before 2026-06-14"),
        ("3.3. bis 5.3.2026", "2026-03-03 before 2026-03-06"),
        ("1.5.2026 - 3.5.2026", "2026-05-01 before 2026-05-04"),
        ("28. Februar – 2. März 2026", "2026-02-28 before 2026-03-03"),
        ("28.12. – 2.1.2027", "2026-12-28 before 2027-01-03"),
        ("12.–14. Juni 2026, täglich 10 bis 18 Uhr", "2026-06-12 before 2026-06-15"),
        (
            "Fr 12.6.2026 18 Uhr bis So 14.6.2026 16 Uhr",
            "2026-06-12 18:00 to 2026-06-14 16:00",
        ),
        ("12 - 14 June 2026", "2026-06-12 before 2026-06-15"),
    ],
)
def test_several_days_on_end_are_one_span(text: str, meant: str) -> None:
    assert said(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Saturday, 5 September 2026, 6 pm", "2026-09-05 18:00"),
        ("March 5, 2026 at 6:30 PM", "2026-03-05 18:30"),
        ("September 1st, 2026", "2026-09-01"),
        (
            "zaterdag 5 september 2026 van 10.00 tot 12.00 uur",
            "2026-09-05 10:00 to 2026-09-05 12:00",
        ),
        ("5-9-2026 Opruimdag", "2026-09-05"),
        ("5 de setembro de 2026 às 18h", "2026-09-05 18:00"),
        ("25/09/2026 18h30", "2026-09-25 18:30"),
        ("2026 m. kovo 5 d. 18 val.", "2026-03-05 18:00"),
        ("[5-09-26] Fahrraddemo @Markt", "2026-09-05"),
    ],
)
def test_dates_of_the_other_languages_are_found(text: str, meant: str) -> None:
    assert said(text) == meant


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Klimatreff", "no date in it"),
        ("Mai 2026", "no date in it"),
        ("Preis 5.50 Euro, Version 1.2.3.4", "no date in it"),
        ("Mittwoch, 3. März 2026", "Mittwoch and the date do not fit"),
        ("5/6/2026", "day and month could change places"),
        ("Workshop am 5.3.2026, Ausweichtermin 6.3.2026", "several dates"),
        ("12. und 14. Juni 2026", "several dates"),
        ("5.3.2026, Einlass 18 Uhr, Beginn 19 Uhr", "several times"),
        ("31.2.2026", "a day that does not exist"),
        ("29.2.2027", "a day that does not exist"),
        ("14.–12. Juni 2026", "a span that ends before it starts"),
        ("Anmeldung bis 1.3.2026", "only until when, not from when"),
        ("Bewerbung spätestens Freitag, 6.3.2026", "only until when, not from when"),
        ("1.1.1066", "a year that nobody plans for"),
    ],
)
def test_where_nobody_can_say_the_reason_is_said(text: str, why: str) -> None:
    assert said(text) == f"- {why}"


@pytest.mark.parametrize(
    ("text", "written", "meant"),
    [
        ("Treffen am 5.3.", date(2026, 2, 20), "2026-03-05"),
        ("Treffen am 5. März, 18 Uhr", date(2026, 12, 20), "2027-03-05 18:00"),
        ("Bericht vom 5.3.", date(2026, 3, 5 + 20), "2026-03-05"),
        ("Treffen am 29.2.", date(2027, 11, 1), "2028-02-29"),
        ("Treffen am 29.2.", date(2026, 11, 1), "- a day that does not exist"),
        ("Treffen am 5.3.", None, "- a date without a year"),
        ("12.–14. Juni", date(2026, 2, 20), "2026-06-12 before 2026-06-15"),
    ],
)
def test_a_year_follows_from_the_day_of_writing_alone(
    text: str, written: date | None, meant: str
) -> None:
    assert said(text, written) == meant


def test_a_date_without_a_year_may_lie_a_month_before_its_text() -> None:
    written = date(2026, 4, 5)
    assert (written - date(2026, 3, 5)).days == BEFORE
    assert said("am 5.3.", written) == "2026-03-05"
    assert said("am 4.3.", written) == "2027-03-04"


def test_where_the_date_stands_is_said_too() -> None:
    text = "Vortrag am 5.3.2026 im Rathaus"
    found = date_in(text, BERLIN)
    assert found.at is not None
    assert text[slice(*found.at)] == "5.3.2026"
