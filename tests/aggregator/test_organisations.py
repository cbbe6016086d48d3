"""Organisations that stand only inside offers: how they come, become another, end and return."""

import orjson

from aggregator.store.tables import alias, record
from tests.aggregator.making import DAY, Bench, draft, mention
from tests.aggregator.soundness import faults

NAMED = mention("Grünhof e.V.")
WITH_ID = mention("Grünhof e.V.", "5")


def _ids(bench: Bench, state: str = "live") -> list[object]:
    return [row.id for row in bench.entities("organisation", state)]


def _shown(bench: Bench) -> dict[str, object]:
    """Offer's native id → id of the organisation it shows."""
    offers = {row.no: row.ref_entity for row in bench.entities("offer")}
    return {
        r.native_id: offers[r.entity_no] for r in bench.rows(record, kind="offer", withdrawn=None)
    }


def test_offers_of_one_name_share_one_organisation(bench: Bench) -> None:
    bench.sync(draft("1", by=NAMED), draft("2", by=mention("GRÜNHOF  e. V.")))
    (organisation,) = _ids(bench)
    assert set(_shown(bench).values()) == {organisation}


def test_an_id_that_appears_later_takes_the_public_id_over(bench: Bench) -> None:
    bench.sync(draft("1", by=NAMED), draft("2", by=NAMED))
    before = _ids(bench)
    bench.sync(draft("1", by=WITH_ID), draft("2", by=NAMED))
    assert _ids(bench) == before
    (row,) = bench.rows(alias)
    assert (row.old_native_id, row.native_id) == ("name:gruenhof e v", "5")
    assert set(_shown(bench).values()) == set(before)


def test_an_organisation_that_was_taken_over_stays_while_nothing_changes(bench: Bench) -> None:
    bench.sync(draft("1", by=NAMED))
    bench.sync(draft("1", by=WITH_ID))
    plan = bench.sync(draft("1", by=WITH_ID))
    assert plan.is_empty
    assert len(_ids(bench)) == 1


def test_a_later_organisation_of_the_name_gets_an_id_of_its_own(bench: Bench) -> None:
    bench.sync(draft("1", by=NAMED))
    bench.sync(draft("1", by=WITH_ID))
    renamed = mention("Gartenbund", "5")
    bench.sync(draft("1", by=renamed), draft("2", by=NAMED))
    first, second = _ids(bench)
    assert _shown(bench) == {"1": first, "2": second}


def test_a_named_organisation_merges_into_the_one_whose_name_it_bears(bench: Bench) -> None:
    bench.sync(draft("1", by=NAMED), draft("2", by=mention("Gartenbund", "5")))
    bench.sync(draft("1", by=NAMED), draft("2", by=WITH_ID))
    (survivor,) = _ids(bench)
    (row,) = bench.entities("organisation", "merged")
    assert row.merged_into == survivor
    assert set(_shown(bench).values()) == {survivor}


def test_a_merger_is_a_change_of_the_survivor_too(bench: Bench) -> None:
    other = mention("Grünhof e.V.", "6")
    bench.sync(draft("1", by=WITH_ID), draft("2", by=NAMED), draft("3", by=other))
    before = bench.head()
    bench.sync(draft("1", by=WITH_ID), draft("2", by=NAMED), draft("3", by=None))
    (merged,) = bench.entities("organisation", "merged")
    changes = {row.id: row.change for row in bench.entities("organisation")}
    assert changes[merged.merged_into] > before


def test_a_name_that_becomes_ambiguous_again_gets_its_old_organisation_back(bench: Bench) -> None:
    other = mention("Grünhof e.V.", "6")
    both = (draft("1", by=NAMED), draft("2", by=WITH_ID))
    bench.sync(*both, draft("3", by=other))
    before = set(_ids(bench))
    bench.sync(*both, draft("3", by=mention("Anders", "6")))
    assert len(_ids(bench, "merged")) == 1
    bench.sync(*both, draft("3", by=other))
    assert set(_ids(bench)) == before
    assert bench.database.read_now(faults) == []


def test_an_ambiguous_name_is_a_finding_and_an_organisation_of_its_own(bench: Bench) -> None:
    plan = bench.sync(
        draft("1", by=NAMED), draft("2", by=WITH_ID), draft("3", by=mention("Grünhof e.V.", "6"))
    )
    assert [finding.code for finding in plan.findings] == ["reference.ambiguous"]
    assert len(_ids(bench)) == 3


def test_an_organisation_ends_with_its_last_offer_and_returns_with_the_same_id(
    bench: Bench,
) -> None:
    bench.sync(draft("1", by=NAMED), draft("2", by=mention("Gartenbund")))
    before = _ids(bench)
    bench.sync(draft("2", by=mention("Gartenbund")))
    bench.later(DAY)
    bench.sync(draft("2", by=mention("Gartenbund")))
    assert len(_ids(bench)) == 1
    bench.sync(draft("1", by=NAMED), draft("2", by=mention("Gartenbund")))
    assert _ids(bench) == before


def test_an_id_that_returns_to_a_name_used_meanwhile_merges_it(bench: Bench) -> None:
    bench.sync(draft("1", by=WITH_ID))
    (before,) = _ids(bench)
    bench.sync(draft("1", by=mention("Gartenbund")))
    bench.sync(draft("1", by=mention("Gartenbund")), draft("2", by=NAMED))
    bench.sync(draft("1", by=WITH_ID), draft("2", by=NAMED))
    assert _ids(bench) == [before]
    assert bench.database.read_now(faults) == []


def test_a_take_over_with_the_same_facts_changes_no_document(bench: Bench) -> None:
    bench.sync(draft("1", by=NAMED))
    bench.later(DAY)
    bench.sync(draft("1", by=WITH_ID))
    assert bench.database.read_now(faults) == []


def test_who_meant_an_organisation_by_its_former_name_parts_from_it_when_it_is_renamed(
    bench: Bench,
) -> None:
    """Only an alias connects the two records here."""
    bench.sync(draft("1", by=NAMED), draft("2", by=NAMED))
    bench.sync(draft("1", by=WITH_ID), draft("2", by=NAMED))
    bench.sync(draft("2", by=NAMED))
    bench.later(DAY)
    bench.sync(draft("2", by=NAMED))
    (first,) = _ids(bench)
    bench.sync(draft("2", by=NAMED), draft("3", by=mention("Gartenbund", "5")))
    shown = _shown(bench)
    assert shown["3"] == first != shown["2"]


def test_an_organisation_of_its_own_stays_when_the_former_bearer_of_the_name_goes(
    bench: Bench,
) -> None:
    bench.sync(draft("1", by=NAMED))
    bench.sync(draft("1", by=WITH_ID))
    bench.sync(draft("1", by=mention("Gartenbund", "5")), draft("2", by=NAMED))
    before = _shown(bench)["2"]
    bench.sync(draft("2", by=NAMED))
    bench.later(DAY)
    bench.sync(draft("2", by=NAMED))
    assert _shown(bench) == {"2": before}


def test_an_organisation_says_in_which_languages_it_speaks(bench: Bench) -> None:
    bench.sync(draft("1", by=NAMED))
    spoken = [orjson.loads(json)["text_languages"] for json in bench.documents().values()]
    assert spoken == [["de"], ["de"]]
