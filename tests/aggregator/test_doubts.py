"""Doubts, decisions and rollbacks where they meet: nothing slips through, nothing stays marked."""

from dataclasses import replace
from typing import Any

from aggregator.decisions import Decision
from aggregator.runs import Outcome
from aggregator.store.tables import quarantine, record, run, withheld
from schema import digest
from tests.aggregator.making import DAY, HOUR, Bench, draft
from tests.aggregator.soundness import faults

CONTACT = {"email": "kontakt@gruenhof.example"}


def _offers(many: int, **more: Any) -> list[Any]:
    return [draft(str(n), title=f"Angebot {n}", **more) for n in range(many)]


def _named(many: int, title: str) -> list[Any]:
    return [draft(str(n), title=f"{title} {n}") for n in range(many)]


def _marked(bench: Bench) -> int:
    return sum(1 for json in bench.documents().values() if b'"freshness":"withheld"' in json)


def _newest(bench: Bench) -> int:
    return int(bench.rows(run)[-1].id)


def test_new_settings_do_not_let_through_what_is_held_back(bench: Bench) -> None:
    bench.sync(*_offers(40))
    assert bench.sync(*_named(40, "404")).outcome is Outcome.HELD
    taken = bench.listing(*_named(40, "404"))
    taken.mapping = b"other settings"
    plan = bench.run(taken)
    assert (plan.outcome, plan.counts.changed) == (Outcome.HELD, 0)


def test_an_approval_of_changes_covers_the_changes_that_were_seen(bench: Bench) -> None:
    bench.sync(*_offers(40))
    bench.sync(*_named(40, "Umbenannt"))
    bench.decide(Decision.APPROVED)
    plan = bench.sync(*_named(40, "Casino"))
    assert (plan.outcome, plan.counts.changed) == (Outcome.HELD, 0)


def test_an_incomplete_run_forgets_no_held_change_it_did_not_see(bench: Bench) -> None:
    bench.sync(*_offers(40))
    bench.sync(*_named(40, "404"))
    bench.sync(draft("neu"), complete=None)
    assert (_marked(bench), len(bench.rows(withheld))) in ((40, 40), (0, 0))


def test_a_rollback_of_something_else_forgets_no_held_change(bench: Bench) -> None:
    bench.sync(*_offers(40))
    bench.sync(*_offers(40), draft("x"))
    other = _newest(bench)
    bench.later(HOUR)
    bench.sync(*_named(40, "404"), draft("x"))
    bench.roll_back(other)
    assert (_marked(bench), len(bench.rows(withheld))) in ((40, 40), (0, 0))


def test_a_rollback_of_a_held_run_shows_contacts_again(bench: Bench) -> None:
    bench.sync(*_offers(10, contact=CONTACT))
    before = bench.public()
    bench.later(HOUR)
    bench.sync(*_offers(2, contact=CONTACT))
    bench.roll_back(_newest(bench))
    assert (_marked(bench), bench.public()) == (0, before)


def test_a_rollback_of_a_run_that_held_changes_shows_contacts_again(bench: Bench) -> None:
    bench.sync(*_offers(40))
    before = bench.public()
    bench.later(HOUR)
    bench.sync(*_named(40, "404"))
    bench.roll_back(_newest(bench))
    assert (_marked(bench), bench.public()) == (0, before)


def test_a_rollback_takes_the_approval_back_that_it_undoes(bench: Bench) -> None:
    listed = _offers(10)
    bench.sync(*listed)
    bench.sync(*listed[:2])
    bench.decide(Decision.APPROVED)
    bench.later(DAY)
    assert bench.sync(*listed[:2]).counts.withdrawn == 8
    bench.later(HOUR)
    bench.roll_back(_newest(bench))
    assert len(bench.entities("offer")) == 10
    bench.later(HOUR)
    plan = bench.sync(*listed[:2])
    assert (plan.outcome, plan.counts.missing) == (Outcome.HELD, 0)


def test_a_rollback_takes_back_what_an_approval_called_missing(bench: Bench) -> None:
    listed = _offers(10)
    bench.sync(*listed)
    before = bench.public()
    bench.later(HOUR)
    bench.sync(*listed[:2])
    bench.decide(Decision.APPROVED)
    bench.later(HOUR)
    assert bench.sync(*listed[:2]).counts.missing == 8
    bench.roll_back(_newest(bench))
    assert (bench.public(), bench.rows(withheld)) == (before, [])
    assert not [r for r in bench.rows(record) if r.missing_since]


def test_a_raw_of_several_records_is_taken_back_whole(bench: Bench) -> None:
    bench.sync(*_pair("Eins"), draft("b"))
    before = bench.public()
    bench.later(HOUR)
    bench.sync(*_pair("Falsch"), draft("b"))
    assert "Falsch" in bench.titles()
    bad = _newest(bench)
    bench.later(HOUR)
    bench.sync(draft("b"))
    bench.later(HOUR)
    bench.roll_back(bad)
    assert bench.rows(quarantine) == []
    assert bench.public() == before
    assert bench.database.read_now(faults) == []
    assert not [r for r in bench.rows(record) if r.missing_since]


def _pair(title: str) -> list[Any]:
    """Two records of one raw."""
    mark = digest(title.encode())
    pair = (draft("a1", title=title, raw="a"), draft("a2", title="Zwei", raw="a"))
    return [replace(one, fingerprint=mark) for one in pair]
