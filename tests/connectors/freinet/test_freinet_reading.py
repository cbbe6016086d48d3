from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors import Raw, Request, Secret, UnlessKnown
from connectors.fingerprints import fingerprint, mapping_hash
from connectors.freinet import FreinetSettings
from connectors.registry import load
from connectors.samples import Sample, entities_of, samples, understood
from schema import Problem, canonical

FREINET = load("freinet")
AGENCY = FreinetSettings(agency=177, key="env:KEY")
SAMPLES = {each.name: each for each in samples(FREINET, Path(__file__).with_name("samples"))}


def raws(name: str) -> list[Raw]:
    return [item for item in understood(FREINET, SAMPLES[name]) if isinstance(item, Raw)]


def requests(name: str) -> list[Request]:
    return [item for item in understood(FREINET, SAMPLES[name]) if isinstance(item, Request)]


def test_a_missing_element_and_an_empty_one_are_different() -> None:
    missing, empty, _ = raws("list_missing_is_not_empty")
    assert "ort" not in missing.data
    assert empty.data["ort"] == ""
    mapping = mapping_hash(FREINET, AGENCY, SAMPLES["list_missing_is_not_empty"].facts)
    marks = {fingerprint(mapping, FREINET.manifest, raw) for raw in (missing, empty)}
    assert len(marks) == 2


def test_one_edit_time_for_many_leaves_each_its_own_fingerprint() -> None:
    many = raws("list_one_time_for_many")[:9]
    mapping = mapping_hash(FREINET, AGENCY, SAMPLES["list_one_time_for_many"].facts)
    assert {raw.stamp for raw in many} == {"1764234409"}
    assert len({fingerprint(mapping, FREINET.manifest, raw) for raw in many}) == 9


def test_persons_and_keys_do_not_even_reach_the_raw() -> None:
    for name in ("list_unknown_fields", "details", "export", "top_offers"):
        held = canonical([raw.data for raw in raws(name)]).decode()
        person = SAMPLES[name].canary[0]
        assert person not in held
        assert "geheim" not in held
        assert not {"vorname", "nachname", "email", "mobil"} & raws(name)[0].data.keys()


def test_internal_statistics_are_volatile() -> None:
    raw = raws("list_counts_lie")[0]
    assert FREINET.manifest.volatile <= raw.data.keys()


def test_a_private_mail_address_of_an_organisation_is_not_kept() -> None:
    role, private, _ = raws("export")
    assert role.data["einrichtung"]["email"] == "info@beispielgarten.example"
    assert "email" not in private.data["einrichtung"]


def test_agency_list_is_asked_for_with_a_reference_to_its_key() -> None:
    (request,) = FREINET.start(AGENCY, None)
    assert request.url.endswith("/query/api/MatchingServiceEndpoint.php")
    assert dict(request.query) == {
        "agencyId": "177",
        "limit": "10000",
        "accessKey": Secret("env:KEY"),
    }


def test_portal_is_read_with_its_own_key_only() -> None:
    sample = SAMPLES["portal_agencies"]
    (first,) = FREINET.start(sample.settings, None)
    (then,) = requests("portal_agencies")
    for request in (first, then):
        assert dict(request.query)["accessKey"] == Secret("env:PORTAL_KEY")
    assert "geheim" not in str(then)


def test_details_are_asked_for_instead_of_a_raw() -> None:
    assert [raw.key for raw in raws("list_that_asks_for_details")] == [None]
    stamped, unstamped = requests("list_that_asks_for_details")
    assert stamped.unless_known == UnlessKnown(kind="offer", native_id="1", stamp="1764234409")
    assert unstamped.unless_known is not None
    assert len(unstamped.unless_known.stamp) == 32


def test_details_that_failed_give_a_partial_raw_that_is_asked_for_again() -> None:
    (raw,) = raws("details_failed")
    assert (raw.partial, raw.stamp) == (True, None)
    (whole,) = raws("details")
    assert (whole.partial, whole.stamp) == (False, "1764234409")


def test_the_visits_counter_is_never_called() -> None:
    asked = [request for name in SAMPLES for request in asked_for(SAMPLES[name])]
    assert len(asked) > 40
    assert not [request.url for request in asked if "visits" in request.url]


def asked_for(sample: Sample) -> list[Request]:
    started = list(FREINET.start(sample.settings, None))
    if "unreadable" in sample.expected:
        return started
    return [*started, *requests(sample.name)]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"agency": 1}, "needs the setting key"),
        ({"key": "env:K"}, "needs the setting agency"),
        ({"mode": "portal_list", "key": "env:K"}, "needs the setting portal"),
        ({"mode": "top_offers"}, "needs the setting address"),
        ({"mode": "full_export", "address": "ftp://x"}, "whole http or https address"),
        ({"agency": 1, "key": "env:K", "limit": 0}, "greater than or equal to 1"),
    ],
)
def test_settings_say_what_is_missing(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        FreinetSettings(**given)


def test_a_mistake_in_the_settings_never_shows_a_value() -> None:
    with pytest.raises(ValidationError) as error:
        FreinetSettings.model_validate({"key": ["geheim-4711"]})
    assert "geheim" not in str(error.value)


def test_a_list_in_another_mode_does_not_speak_of_limits() -> None:
    found = understood(FREINET, SAMPLES["export"])
    assert "document.limit_reached" not in {f.code for f in found if isinstance(f, Problem)}


@pytest.mark.parametrize(
    "odd",
    [
        "<angebot_details>Text</angebot_details>",
        "<angebot_details/>",
        "<einrichtung_details><email><element>x</element></email></einrichtung_details>",
        "<angebotsname><element>a</element></angebotsname>",
        "<bearbeitet><element>1</element></bearbeitet>",
        "<avatarinfo>Text</avatarinfo>",
        "<handlungsfelder>Text</handlungsfelder>",
        "<angebot_details>" * 500 + "</angebot_details>" * 500,
        "<beschreibung>" + "<b>" * 500 + "</b>" * 500 + "</beschreibung>",
    ],
)
def test_an_odd_structure_costs_nobody_else(odd: str) -> None:
    sample = SAMPLES["list_counts_lie"]
    data = sample.document.data.replace(b"</angebot>", f"{odd}</angebot>".encode(), 1)
    read = [item for item in understood(FREINET, sample, data) if isinstance(item, Raw)]
    assert [raw.key for raw in read] == ["910001", "910002"]
    for raw in read:
        assert entities_of(FREINET, sample, raw)[0]
