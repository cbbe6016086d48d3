"""Who is meant: pure rules of references, without a database."""

from random import Random

import orjson
from hypothesis import given
from hypothesis import strategies as st

from aggregator.harvest import Mention
from aggregator.references import Mentioning, Resolution, derive, resolve
from tests.aggregator.histories import mentions
from tests.aggregator.making import mention


def _mentionings(*said: tuple[Mention, str] | Mention) -> list[Mentioning]:
    pairs = [one if isinstance(one, tuple) else (one, "1") for one in said]
    return [
        Mentioning(key=("offer", str(number)), mention=given, stamp=stamp)
        for number, (given, stamp) in enumerate(pairs)
    ]


def _resolve(*said: Mention, **stored: bool) -> Resolution:
    return resolve(_mentionings(*said), stored, {})


def _meant(resolution: Resolution) -> list[str]:
    return list(resolution.targets.values())


def test_an_id_decides_whatever_the_name() -> None:
    found = _resolve(mention("A", "1"), mention("B", "1"), mention("A", "2"))
    assert _meant(found) == ["1", "1", "2"]


def test_a_name_alone_means_the_one_organisation_of_that_name() -> None:
    assert _meant(_resolve(mention("Grünhof e.V.", "1"), mention("GRUENHOF EV"))) == [
        "1",
        "name:gruenhof ev",
    ]
    assert _meant(_resolve(mention("Grünhof e.V.", "1"), mention("GRÜNHOF e V"))) == ["1", "1"]


def test_a_name_nobody_has_an_id_for_is_an_organisation_of_its_own() -> None:
    found = _resolve(mention("A"), mention("B", "1"))
    assert _meant(found) == ["name:a", "1"]
    assert set(found.organisations) == {"name:a", "1"}


def test_a_name_of_several_ids_is_its_own_with_a_finding() -> None:
    found = _resolve(mention("A"), mention("A", "1"), mention("A", "2"))
    assert _meant(found) == ["name:a", "1", "2"]
    assert [finding.code for finding in found.findings] == ["reference.ambiguous"]


def test_an_ids_name_is_the_one_its_records_give_most_often() -> None:
    found = _resolve(
        mention("A", "1"), mention("B", "1"), mention("B", "1"), mention("A"), mention("B")
    )
    assert _meant(found)[3:] == ["name:a", "1"]


def test_a_new_id_takes_over_a_known_one_is_merged_into() -> None:
    stored = {"name:a": True}
    assert resolve(_mentionings(mention("A", "1")), stored, {}).taken_over == {"1": "name:a"}
    stored |= {"1": False}
    assert resolve(_mentionings(mention("A", "1")), stored, {}).merged == {"name:a": "1"}


def test_an_ended_organisation_is_neither_taken_over_nor_merged() -> None:
    found = resolve(_mentionings(mention("A", "1")), {"name:a": False}, {})
    assert (found.taken_over, found.merged) == ({}, {})


def test_a_former_name_keeps_its_organisation_until_its_id_has_another_name() -> None:
    aliases = {"name:a": "1"}
    assert _meant(resolve(_mentionings(mention("A")), {}, aliases)) == ["1"]
    renamed = _mentionings(mention("A"), mention("B", "1"))
    assert _meant(resolve(renamed, {}, aliases)) == ["name:a", "1"]


def _derived(*said: tuple[Mention, str]) -> dict[str, object]:
    body: dict[str, object] = orjson.loads(derive(_mentionings(*said)))
    return body


def test_fields_are_what_most_records_say() -> None:
    old, new = mention("A", url="https://alt.example/"), mention("A", url="https://neu.example/")
    said = _derived((old, "9"), (new, "1"), (new, "2"), (mention("A"), "3"))
    assert said["url"] == "https://neu.example/"


def test_a_tie_goes_to_the_newest_stamp_then_to_the_text() -> None:
    one, two = mention("A", url="https://eins.example/"), mention("A", url="https://zwei.example/")
    assert _derived((one, "2"), (two, "1"))["url"] == "https://eins.example/"
    assert _derived((one, "1"), (two, "1"))["url"] == "https://zwei.example/"


def test_what_only_one_record_says_is_said() -> None:
    said = _derived(
        (mention("A"), "1"), (mention("A", url="https://a.example/"), "1"), (mention("A"), "1")
    )
    assert said["url"] == "https://a.example/"


def test_a_record_that_says_nothing_about_it_still_names_it() -> None:
    nameless = Mention(native_id=None, name="A", fold="a")
    assert _derived((nameless, "1")) == {"title": {"und": "A"}}


@given(st.lists(mentions, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_records_decides_nothing(said: list[Mention], luck: Random) -> None:
    mentionings = _mentionings(*said)
    before = resolve(mentionings, {}, {})
    luck.shuffle(mentionings)
    after = resolve(mentionings, {}, {})
    assert (after.targets, after.organisations) == (before.targets, before.organisations)
    assert set(after.findings) == set(before.findings)


@given(st.lists(mentions, max_size=8))
def test_every_record_means_exactly_one_organisation_that_exists(said: list[Mention]) -> None:
    found = resolve(_mentionings(*said), {}, {})
    assert len(found.targets) == len(said)
    assert set(found.targets.values()) == set(found.organisations)
