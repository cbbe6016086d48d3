"""The same event under another id is the same record: same entity, nothing new, nothing missing."""

from dataclasses import replace
from typing import Any

import pytest

from aggregator.decisions import Decision
from aggregator.plan import Plan
from aggregator.runs import Outcome
from aggregator.store.tables import alias, quarantine, record, run, withheld
from tests.aggregator.making import DAY, Bench, event, mention, refusal
from tests.aggregator.soundness import faults


def ids(bench: Bench) -> dict[str, str]:
    """Native id of each live record → the public id of its entity."""
    shown = {row.no: str(row.id) for row in bench.entities("event")}
    return {row.native_id: shown[row.entity_no] for row in bench.rows(record, withdrawn=None)}


def runs(bench: Bench) -> list[int]:
    return [row.id for row in bench.rows(run)]


def counted(plan: Plan) -> dict[str, int]:
    counts = plan.counts.as_dict()
    assert plan.counts.add_up()
    return {name: counts[name] for name in ("new", "changed", "same", "missing") if counts[name]}


def codes(plan: Plan) -> list[tuple[str, str]]:
    return [(finding.code, finding.level.value) for finding in plan.findings]


def test_the_same_content_under_a_new_id_changes_nothing(bench: Bench) -> None:
    bench.sync(event("a"), event("b", "Lesung"), event("c", "Markt"), event("d", "Fest"))
    before, documents, head = ids(bench), bench.documents(), bench.head()
    plan = bench.sync(event("A"), event("b", "Lesung"), event("c", "Markt"), event("d", "Fest"))
    assert (counted(plan), codes(plan)) == ({"same": 4}, [("event.new_uid", "info")])
    assert ids(bench) == {**{k: v for k, v in before.items() if k != "a"}, "A": before["a"]}
    assert (bench.documents(), bench.head(), bench.rows(alias)) == (documents, head, [])
    again = bench.sync(event("A"), event("b", "Lesung"), event("c", "Markt"), event("d", "Fest"))
    assert (again.is_empty, codes(again)) == (True, [])


def test_other_words_under_a_new_id_are_an_ordinary_change(bench: Bench) -> None:
    bench.sync(event("a"))
    before, head = ids(bench), bench.head()
    plan = bench.sync(event("A", description={"de": "Mit Musik"}))
    assert (counted(plan), bench.head()) == ({"changed": 1}, head + 1)
    assert ids(bench) == {"A": before["a"]}
    assert bench.database.read_now(faults) == []


def test_a_calendar_whose_ids_never_last_is_told_so(bench: Bench) -> None:
    bench.sync(*(event(f"{n}-1", f"Termin {n}") for n in range(10)))
    plan = bench.sync(*(event(f"{n}-{2 if n < 3 else 1}", f"Termin {n}") for n in range(10)))
    assert codes(plan) == [("event.new_uid", "warning")]
    [finding] = plan.findings
    assert finding.message == "3 of 10 are known under other ids"
    plan = bench.sync(*(event(f"{n}-3", f"Termin {n}") for n in range(10)))
    assert (counted(plan), plan.outcome) == ({"same": 10}, Outcome.APPLIED)
    assert len(bench.entities("event")) == 10


def test_an_event_whose_former_id_is_listed_too_is_another_one(bench: Bench) -> None:
    bench.sync(event("a"))
    plan = bench.sync(event("a"), event("b"))
    assert (counted(plan), codes(plan)) == ({"new": 1, "same": 1}, [])
    assert len(bench.entities("event")) == 2


def test_another_title_start_or_place_is_another_event(bench: Bench) -> None:
    bench.sync(event("a"))
    for key, more in {"b": {"title": "Feld"}, "c": {"at": "2026-12-06"}}.items():
        assert counted(bench.plan(bench.listing(event(key, **more)))) == {"new": 1, "missing": 1}
    elsewhere = event("d", place={"name": "Rathaus"})
    assert counted(bench.plan(bench.listing(elsewhere))) == {"new": 1, "missing": 1}


def test_as_many_alike_as_before_are_those_of_before(bench: Bench) -> None:
    bench.sync(event("a", tags=("1",)), event("b", tags=("2",)))
    before = ids(bench)
    plan = bench.sync(event("C", tags=("2",)), event("D", tags=("1",)))
    assert counted(plan) == {"same": 2}
    assert ids(bench) == {"C": before["b"], "D": before["a"]}


def test_where_nobody_can_tell_who_is_who_the_new_is_new(bench: Bench) -> None:
    bench.sync(event("a"), event("b"))
    plan = bench.sync(event("c"))
    assert (counted(plan), codes(plan)) == ({"new": 1, "missing": 2}, [])


def test_a_withdrawn_event_under_a_new_id_is_new(bench: Bench) -> None:
    bench.sync(event("a"), event("b", "Lesung"))
    before = ids(bench)
    bench.sync(event("b", "Lesung"), gone=(("event", "a"),))
    plan = bench.sync(event("A"), event("b", "Lesung"))
    assert counted(plan) == {"new": 1, "same": 1}
    assert ids(bench)["A"] != before["a"]


def test_an_event_that_was_missing_returns_under_its_new_id(bench: Bench) -> None:
    bench.sync(event("a"), event("b", "Lesung"))
    before = ids(bench)
    bench.sync(event("b", "Lesung"))
    plan = bench.sync(event("A"), event("b", "Lesung"))
    assert (counted(plan), plan.counts.returned) == ({"same": 2}, 1)
    assert ids(bench)["A"] == before["a"]
    assert not [row for row in bench.rows(record) if row.missing_since]


def test_what_the_source_says_is_deleted_ends_though_its_like_comes(bench: Bench) -> None:
    bench.sync(event("a"))
    plan = bench.sync(event("A"), gone=(("event", "a"),))
    assert (counted(plan), plan.counts.withdrawn) == ({"new": 1}, 1)


@pytest.mark.parametrize("broken", [{"complete": None}, {"cut": True}], ids=["latest", "cut"])
def test_it_is_recognised_in_listings_that_are_not_whole(bench: Bench, broken: Any) -> None:
    bench.sync(event("a"), event("b", "Lesung"))
    before = ids(bench)
    taken = bench.listing(event("A"), complete=None)
    if broken.get("cut"):
        taken.failed = refusal("x", code="document.cut").problems[0]
    assert counted(bench.run(taken)) == {"same": 1}
    assert ids(bench) == {"A": before["a"], "b": before["b"]}


def test_a_former_id_that_comes_back_for_something_else_gets_an_id_of_its_own(
    bench: Bench,
) -> None:
    bench.sync(event("a"))
    first = ids(bench)["a"]
    bench.sync(event("A"))
    bench.sync(event("A"), event("a", "Lesung"))
    now = ids(bench)
    assert now["A"] == first
    assert now["a"] != first
    bench.sync(event("A"), event("x", "Lesung"))
    bench.sync(event("A"), event("x", "Lesung"), event("a", "Markt"))
    assert len(set(ids(bench).values())) == 3
    assert bench.database.read_now(faults) == []


def test_what_was_held_back_of_it_is_settled(bench: Bench) -> None:
    listed = [event(str(n), f"Termin {n}") for n in range(10)]
    bench.sync(*listed)
    assert bench.sync(*listed[:2]).outcome is Outcome.HELD
    bench.decide(Decision.REJECTED)
    renamed = [event(f"neu-{n}", f"Termin {n}") for n in range(10)]
    plan = bench.sync(*renamed)
    assert (counted(plan), bench.rows(withheld)) == ({"same": 10}, [])
    assert not [row for row in bench.rows(record) if row.withheld]
    assert not [one for one in bench.public() if "freshness" in one]
    assert bench.database.read_now(faults) == []


@pytest.mark.parametrize("more", [{}, {"complete": None}], ids=["whole", "latest"])
def test_its_quarantine_row_goes(bench: Bench, more: dict[str, Any]) -> None:
    bench.sync(event("a"), event("b", "Lesung"))
    bad = replace(refusal("a"), kind="event")
    bench.sync(bad, event("b", "Lesung"))
    assert len(bench.rows(quarantine)) == 1
    plan = bench.sync(event("A"), event("b", "Lesung"), **more)
    assert (counted(plan), bench.rows(quarantine)) == ({"same": 2}, [])


def test_a_run_that_recognised_can_be_taken_back(bench: Bench) -> None:
    bench.sync(event("a"), event("b", "Lesung"))
    public, before = bench.public(), ids(bench)
    bench.sync(event("A", description={"de": "Mit Musik"}), event("B", "Lesung"))
    bench.roll_back(runs(bench)[1])
    assert bench.public() == public
    assert ids(bench) == {"A": before["a"], "B": before["b"]}
    assert bench.database.read_now(faults) == []
    plan = bench.sync(event("A", description={"de": "Mit Musik"}), event("B", "Lesung"))
    assert counted(plan) == {"changed": 1, "same": 1}


def test_the_run_that_brought_it_can_be_taken_back_too(bench: Bench) -> None:
    bench.sync(event("b", "Lesung"))
    bench.sync(event("a"), event("b", "Lesung"))
    bench.sync(event("A"), event("b", "Lesung"))
    bench.roll_back(runs(bench)[1])
    assert list(ids(bench)) == ["b"]
    assert bench.database.read_now(faults) == []


def test_its_organiser_is_mentioned_once(bench: Bench) -> None:
    by = mention("Grünhof e.V.")
    bench.sync(event("a", by=by), event("b", "Lesung"))
    [organisation] = bench.entities("organisation")
    bench.sync(event("A", by=by), event("b", "Lesung"))
    assert bench.entities("organisation") == [organisation]
    bench.sync(event("b", "Lesung"), gone=(("event", "A"),))
    assert bench.entities("organisation") == []
    assert bench.database.read_now(faults) == []


def test_another_organiser_under_a_new_id_ends_the_former_one(bench: Bench) -> None:
    bench.sync(event("a", by=mention("Grünhof e.V.")))
    bench.sync(event("A", by=mention("Gartenbund")))
    assert bench.titles("organisation") == ["Gartenbund"]
    assert bench.database.read_now(faults) == []


def test_days_later_all_of_it_still_stands(bench: Bench) -> None:
    for day in range(5):
        plan = bench.sync(*(event(f"{n}-{day}", f"Termin {n}", "2030-01-01") for n in range(30)))
        assert counted(plan) == ({"same": 30} if day else {"new": 30})
        bench.later(DAY)
    assert len(bench.rows(record)) == len(bench.entities("event")) == 30
