"""`finish` is applied to every entity: a careless connector cannot publish a person."""

from datetime import datetime
from typing import Any

import pytest

from connectors.base import Facts, Personal
from connectors.mapping import finish
from connectors.privacy import PERSONAL_FIELDS
from schema import (
    Category,
    Contact,
    Event,
    Image,
    Link,
    Offer,
    Organisation,
    Override,
    Place,
    Recurrence,
    Ref,
    Respond,
    Timed,
)

MAIL = "karla.kanari@privat.example"
PHONE = "0151 98765432"
PERSON = "Karla Kanari"


def offer(**fields: Any) -> Offer:
    return Offer(**{"native_id": "1", "title": {"de": "Titel"}, **fields})


def finished(entity: Offer, **facts: Any) -> Offer:
    done = finish(entity, Facts(**facts))[0]
    assert isinstance(done, Offer)
    return done


def words(*pairs: tuple[str, str]) -> tuple[Category, ...]:
    return tuple(Category(scheme="topics", term=term, by=by) for term, by in pairs)  # type: ignore[arg-type]


def test_words_of_the_source_become_categories() -> None:
    terms = {"Natur, Tiere & Umwelt": ("urban_green_biodiversity",), "Energie": ("topics:energy",)}
    entity = offer(tags=("ENERGIE", "Sport"), activities=("natur tiere umwelt",))
    done = finished(entity, terms=terms)
    assert done.categories == words(("energy", "source"), ("urban_green_biodiversity", "source"))
    assert done.tags == ("ENERGIE", "Sport")


def test_a_category_said_twice_stays_once_and_keeps_who_said_it_first() -> None:
    said = words(("energy", "source"))
    done = finished(offer(categories=said), categories=("energy", "health"))
    assert done.categories == (*said, *words(("health", "rule")))


def test_without_terms_and_words_there_are_no_categories() -> None:
    assert finished(offer()).categories is None
    assert finished(offer(tags=("Sport",)), terms={"Energie": ("energy",)}).categories is None


@pytest.mark.parametrize(
    ("own", "default", "kept"),
    [
        (None, None, None),
        (None, (), ()),
        (None, ("justice",), ("justice",)),
        ((), ("justice",), ()),
        (("adaptation",), ("justice",), ("adaptation",)),
    ],
)
def test_climate_defaults_to_what_the_source_is_said_to_be(
    own: Any, default: Any, kept: Any
) -> None:
    assert finished(offer(climate=own), climate=default).climate == kept


def test_the_page_template_wins_over_the_connector_and_is_how_one_answers() -> None:
    entity = offer(native_id="7 ä", url="https://connector.example/")
    done = finished(entity, page_url="https://stadt.example/{id}?x=1")
    assert done.url == "https://stadt.example/7%20%C3%A4?x=1"
    assert done.respond == Respond(url=done.url)


def test_one_answers_where_the_connector_says() -> None:
    respond = Respond(url="https://formular.example/", email="info@verein.example")
    assert finished(offer(url="https://a.example/", respond=respond)).respond == respond


def test_a_private_mailbox_is_no_way_to_answer() -> None:
    page = "https://a.example/"
    done = finished(offer(url=page, respond=Respond(email=MAIL)))
    assert done.respond == Respond(url=page)
    assert finished(offer(respond=Respond(email=MAIL))).respond is None


def test_a_contact_without_a_role_is_a_persons() -> None:
    contact = Contact(name=PERSON, person=PERSON, email=MAIL, phone=PHONE)
    assert finished(offer(contact=contact)).contact is None


def test_a_role_mailbox_passes_without_a_role() -> None:
    done = finished(offer(contact=Contact(person=PERSON, email="info@verein.example")))
    assert done.contact == Contact(email="info@verein.example")


def test_a_contact_of_an_organisation_passes_without_its_person() -> None:
    contact = Contact(
        role="organisation", name="Büro", email="nabu@x.example", phone="0345 1234567"
    )
    done = finished(offer(contact=contact.model_copy(update={"person": PERSON})))
    assert done.contact == contact


@pytest.mark.parametrize("name", PERSONAL_FIELDS)
def test_the_policy_lets_through_what_it_names(name: str) -> None:
    contact = Contact(person=PERSON, email=MAIL, phone=PHONE)
    done = finished(offer(contact=contact), personal=Personal(fields=(name,)))
    field = name.removeprefix("contact.")
    assert done.contact == Contact(**{field: getattr(contact, field)})


TEXT = f"Fragen: {MAIL}, {PHONE}"
MASKED = "Fragen: […], […]"


@pytest.mark.parametrize(
    "name",
    ["title", "summary", "description", "schedule", "requirements", "benefits", "accessibility"],
)
def test_every_text_is_searched(name: str) -> None:
    done, found = finish(offer(**{name: {"de": TEXT, "en": "Fine"}}), Facts())
    assert getattr(done, name) == {"de": MASKED, "en": "Fine"}
    assert [(each.code, each.path) for each in found] == [("text.masked_contact", name)]
    assert MAIL not in str(found)


@pytest.mark.parametrize("name", ["tags", "skills", "target_groups", "activities"])
def test_every_word_is_searched(name: str) -> None:
    assert getattr(finished(offer(**{name: ("Sport", TEXT)})), name) == ("Sport", MASKED)


def test_places_links_pictures_and_reasons_are_searched() -> None:
    done = finished(
        offer(
            place=Place(name=TEXT, street=TEXT, locality=TEXT, district=TEXT),
            links=(Link(url="https://a.example/", title={"de": TEXT}),),
            images=(Image(url="https://a.example/b.png", credit=TEXT, alt={"de": TEXT}),),
            organisation=Ref(native_id="2", name=TEXT, said={"title": {"de": TEXT}}),
            status_reason=TEXT,
        )
    )
    assert MAIL not in repr(done)
    assert PHONE not in repr(done)
    assert repr(done).count(MASKED) == 10


def test_a_rule_of_repetition_and_a_uid_are_no_numbers_and_mailboxes() -> None:
    when = Timed(start=datetime.fromisoformat("2026-12-04T10:00"), zone="Europe/Berlin")
    series = Recurrence(rule="FREQ=WEEKLY;UNTIL=20270101T085959Z")
    event = Event(
        native_id="1",
        title={"de": "Treff"},
        when=when,
        recurrence=series,
        source_uid="0k3jh4@google.com",
    )
    done, found = finish(event, Facts())
    assert (done, found) == (event, ())


def test_what_is_said_of_the_organisation_is_searched_too() -> None:
    said: dict[str, object] = {
        "title": {"de": "Verein"},
        "description_html": {"de": f"<p>{TEXT}</p><script>x</script>"},
        "contact": {"person": PERSON, "email": MAIL},
    }
    done = finished(offer(organisation=Ref(name="Verein", said=said)))
    assert done.organisation is not None
    assert done.organisation.said == {
        "title": {"de": "Verein"},
        "description": {"de": MASKED},
        "description_html": {"de": f"<p>{MASKED}</p>"},
    }


def test_an_organisations_own_number_stays_where_its_offer_repeats_it() -> None:
    said: dict[str, object] = {
        "title": {"de": "Verein"},
        "contact": {"role": "organisation", "phone": "0345/2002810"},
    }
    entity = offer(
        organisation=Ref(name="Verein", said=said),
        description={"de": f"Büro: +49 345 2002810, privat {PHONE}"},
    )
    assert finished(entity).description == {"de": "Büro: +49 345 2002810, privat […]"}


def test_the_policy_can_keep_contacts_in_texts() -> None:
    entity = offer(description={"de": TEXT}, contact=Contact(person=PERSON))
    done, found = finish(entity, Facts(personal=Personal(free_text="keep")))
    assert done.description == {"de": TEXT}
    assert done.contact is None
    assert not found


def test_html_is_made_safe_and_read_as_text() -> None:
    html = '<p onclick="x">Wir <b>gießen</b></p><script>x</script><p>mit</p>'
    done = finished(offer(description_html={"de": html}))
    assert done.description_html == {"de": "<p>Wir <b>gießen</b></p><p>mit</p>"}
    assert done.description == {"de": "Wir gießen\n\nmit"}


def test_html_without_markup_is_only_a_text() -> None:
    done = finished(offer(description_html={"de": "<span>a &amp; b</span>"}))
    assert (done.description_html, done.description) == (None, {"de": "a & b"})


def test_a_text_of_its_own_stays_beside_html() -> None:
    texts = {"de": "Eigener Text", "en": "Own"}
    done = finished(offer(description={**texts}, description_html={"de": "<p>Aus HTML</p>"}))
    assert done.description == texts


def test_finishing_twice_changes_nothing() -> None:
    entity = offer(
        description_html={"de": f"<p>{TEXT}</p>"}, tags=("Energie",), url="https://a.example/"
    )
    facts = Facts(terms={"Energie": ("energy",)}, categories=("health",))
    once, _ = finish(entity, facts)
    assert finish(once, facts) == (once, ())


def test_organisations_are_finished_like_offers() -> None:
    entity = Organisation(native_id="1", title={"de": TEXT}, opening_hours={"de": TEXT})
    done, _ = finish(entity, Facts(zone="Europe/Amsterdam"))
    assert isinstance(done, Organisation)
    assert (done.title, done.opening_hours) == ({"de": MASKED}, {"de": MASKED})


REVEALING = [
    "https://a.example/?an=karla%40privat.example",
    "https://wa.me/4915198765432",
    "https://a.example/ical/club/private-0123456789abcdef0123456789abcdef/basic.ics",
]


@pytest.mark.parametrize("address", REVEALING)
def test_addresses_that_reveal_a_person_are_left_out(address: str) -> None:
    good = Link(url="https://a.example/?an=info@verein.example")
    done = finished(
        offer(
            url=address,
            respond=Respond(url=address),
            links=(Link(url=address), good),
            contact=Contact(role="role", name="Büro", url=address),
        )
    )
    assert (done.url, done.respond, done.links) == (None, None, (good,))
    assert done.contact == Contact(role="role", name="Büro")


@pytest.mark.parametrize("address", REVEALING)
def test_pictures_and_changed_occurrences_reveal_nobody_either(address: str) -> None:
    good = Image(url="https://a.example/b.png")
    assert finished(offer(images=(Image(url=address), good))).images == (good,)
    when = Timed(start=datetime.fromisoformat("2026-12-04T10:00"), zone="Europe/Berlin")
    moved = when.model_copy(update={"start": datetime.fromisoformat("2026-12-11T11:00")})
    change = Override(recurrence_id=datetime.fromisoformat("2026-12-11T10:00"), when=moved)
    told = change.model_copy(update={"url": address})
    series = Recurrence(rule="FREQ=WEEKLY", overrides=(told,))
    event = Event(native_id="1", title={"de": "Treff"}, when=when, recurrence=series)
    done, _ = finish(event, Facts())
    assert isinstance(done, Event)
    assert done.recurrence == Recurrence(rule="FREQ=WEEKLY", overrides=(change,))
