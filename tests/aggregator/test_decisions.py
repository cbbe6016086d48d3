"""What is withheld: shown so, kept as it is, and let go when a person or the source says so."""

from datetime import timedelta
from typing import Any

import orjson

from aggregator.decisions import Decision
from aggregator.guard import Plausible
from aggregator.plan import What
from aggregator.runs import Outcome
from aggregator.store.tables import record, source, withheld
from tests.aggregator.making import DAY, HOUR, Bench, draft
from tests.aggregator.soundness import faults

MAIL = "kontakt@gruenhof.example"
CONTACT = {"email": MAIL}


def _offers(many: int, **more: Any) -> list[Any]:
    return [draft(str(n), title=f"Angebot {n}", **more) for n in range(many)]


def _marked(bench: Bench) -> int:
    return sum(1 for json in bench.documents().values() if b'"freshness":"withheld"' in json)


def _live(bench: Bench) -> int:
    return len(bench.entities("offer"))


def test_what_would_vanish_is_marked_and_shows_no_contact(bench: Bench) -> None:
    listed = _offers(10, contact=CONTACT)
    bench.sync(*listed)
    assert all(MAIL.encode() in json for json in bench.documents().values() if b'"offer"' in json)
    bench.sync(*listed[:2])
    shown = [orjson.loads(json) for json in bench.documents().values()]
    hidden = [one for one in shown if one.get("freshness") == "withheld"]
    assert len(hidden) == 8
    assert not any("contact" in one for one in hidden)
    assert [one["title"] for one in hidden]
    assert sum(1 for one in shown if "contact" in one) == 2
    assert bench.database.read_now(faults) == []


def test_what_is_listed_again_shows_its_contact_again(bench: Bench) -> None:
    listed = _offers(10, contact=CONTACT)
    bench.sync(*listed)
    before = bench.public()
    bench.sync(*listed[:2])
    assert bench.sync(*listed).outcome is Outcome.APPLIED
    assert (_marked(bench), bench.public()) == (0, before)
    assert bench.rows(withheld) == []


def test_a_held_run_that_is_said_again_writes_no_entry_anew(bench: Bench) -> None:
    listed = _offers(10)
    bench.sync(*listed)
    bench.sync(*listed[:2])
    before = (bench.head(), bench.rows(withheld))
    bench.later(HOUR)
    assert bench.sync(*listed[:2]).outcome is Outcome.HELD
    assert (bench.head(), bench.rows(withheld)) == before


def test_an_approved_removal_happens_a_day_after_it_was_first_seen(bench: Bench) -> None:
    listed = _offers(10)
    bench.sync(*listed)
    bench.sync(*listed[:2])
    bench.later(12 * HOUR)
    assert bench.decide(Decision.APPROVED) == 8
    plan = bench.sync(*listed[:2])
    assert (plan.outcome, plan.counts.missing, _live(bench)) == (Outcome.APPLIED, 8, 10)
    assert _marked(bench) == 8
    bench.later(12 * HOUR)
    plan = bench.sync(*listed[:2])
    assert (plan.counts.withdrawn, _live(bench)) == (8, 2)
    bench.sync(*listed[:2])
    assert bench.rows(withheld) == []
    assert bench.database.read_now(faults) == []


def test_an_approval_covers_what_it_was_given_for_and_no_more(bench: Bench) -> None:
    listed = _offers(40)
    bench.sync(*listed)
    bench.sync(*listed[:30])
    bench.decide(Decision.APPROVED)
    bench.later(DAY)
    plan = bench.sync(*listed[:15])
    assert (plan.outcome, plan.counts.withdrawn, len(plan.withheld)) == (Outcome.HELD, 10, 15)
    assert _live(bench) == 30


def test_an_approval_lets_the_usual_few_go_along(bench: Bench) -> None:
    listed = _offers(40)
    bench.sync(*listed)
    bench.sync(*listed[:30])
    bench.decide(Decision.APPROVED)
    plan = bench.sync(*listed[:28])
    assert (plan.outcome, plan.counts.missing) == (Outcome.APPLIED, 12)


def test_an_approval_ends_after_a_week(bench: Bench) -> None:
    listed = _offers(10)
    bench.sync(*listed)
    bench.sync(*listed[:2])
    bench.decide(Decision.APPROVED)
    bench.later(timedelta(days=7, seconds=1))
    assert bench.sync(*listed[:2]).outcome is Outcome.HELD
    assert _live(bench) == 10


def test_an_approval_is_used_up_when_the_records_return(bench: Bench) -> None:
    listed = _offers(10)
    bench.sync(*listed)
    bench.sync(*listed[:2])
    bench.decide(Decision.APPROVED)
    bench.sync(*listed)
    assert bench.sync(*listed[:2]).outcome is Outcome.HELD


def test_what_was_rejected_stays_unmarked_until_it_is_listed_again(bench: Bench) -> None:
    listed = _offers(10)
    bench.sync(*listed)
    bench.sync(*listed[:2])
    bench.decide(Decision.REJECTED)
    for _ in range(3):
        bench.later(DAY)
        plan = bench.sync(*listed[:2])
        assert (plan.outcome, plan.counts.missing, _live(bench)) == (Outcome.APPLIED, 0, 10)
        assert _marked(bench) == 0
    bench.sync(*listed)
    assert bench.rows(withheld) == []
    assert bench.sync(*listed[:2]).outcome is Outcome.HELD


def test_a_decision_makes_the_source_due_at_once(bench: Bench) -> None:
    listed = _offers(10)
    bench.sync(*listed)
    bench.sync(*listed[:2])
    bench.decide(Decision.APPROVED)
    (row,) = bench.rows(source, id="freinet")
    assert row.next_due <= bench.database.read_now(bench.clock.now)


def test_absence_while_a_run_was_held_is_no_absence_of_its_own(bench: Bench) -> None:
    listed = _offers(10)
    bench.sync(*listed)
    bench.sync(*listed[:2])
    bench.later(2 * DAY)
    plan = bench.sync(*listed[:8])
    assert (plan.outcome, plan.counts.missing, plan.counts.withdrawn) == (Outcome.APPLIED, 2, 0)


def test_altered_titles_beyond_half_are_withheld_and_the_rest_goes_on(bench: Bench) -> None:
    bench.sync(*_offers(40))
    altered = [draft(str(n), title="404 Nicht gefunden") for n in range(30)]
    described = [draft(str(n), title=f"Angebot {n}", schedule={"de": "abends"}) for n in (30, 31)]
    plan = bench.sync(*altered, *described, *_offers(40)[32:], draft("neu", title="Neu"))
    assert (plan.outcome, plan.counts.withheld) == (Outcome.HELD, 30)
    assert (plan.counts.changed, plan.counts.new) == (2, 1)
    assert plan.counts.add_up()
    assert "404 Nicht gefunden" not in bench.titles()
    assert "Neu" in bench.titles()
    assert _marked(bench) == 30
    said = {row.native_id: orjson.loads(row.said) for row in bench.rows(withheld)}
    assert said["3"] == {"title": [{"de": "Angebot 3"}, {"de": "404 Nicht gefunden"}]}


def test_half_of_the_titles_may_be_altered_and_nineteen_always(bench: Bench) -> None:
    bench.sync(*_offers(40))
    assert bench.sync(*_renamed(20), *_offers(40)[20:]).outcome is Outcome.APPLIED
    bench.sync(*_offers(20))
    small = Bench(bench.database, source="klein")
    small.sync(*_offers(19))
    assert small.sync(*_renamed(19)).outcome is Outcome.APPLIED


def _renamed(many: int) -> list[Any]:
    return [draft(str(n), title=f"Umbenannt {n}") for n in range(many)]


def test_descriptions_may_all_change_at_once(bench: Bench) -> None:
    bench.sync(*_offers(40))
    plan = bench.sync(*_offers(40, schedule={"de": "morgens"}))
    assert (plan.outcome, plan.counts.changed) == (Outcome.APPLIED, 40)


def test_approved_changes_are_applied(bench: Bench) -> None:
    bench.sync(*_offers(40))
    bench.sync(*_renamed(40))
    assert bench.decide(Decision.APPROVED) == 40
    plan = bench.sync(*_renamed(40))
    assert (plan.outcome, plan.counts.changed, _marked(bench)) == (Outcome.APPLIED, 40, 0)
    bench.sync(*_renamed(40))
    assert bench.rows(withheld) == []


def test_a_rejected_change_is_refused_until_the_source_says_something_else(bench: Bench) -> None:
    bench.sync(*_offers(40))
    before = bench.titles()
    bench.sync(*_renamed(40))
    bench.decide(Decision.REJECTED)
    for _ in range(2):
        plan = bench.sync(*_renamed(40))
        assert (plan.outcome, plan.counts.withheld) == (Outcome.APPLIED, 40)
        assert (bench.titles(), _marked(bench)) == (before, 0)
    plan = bench.sync(draft("0", title="Wirklich neu"), *_renamed(40)[1:])
    assert "Wirklich neu" in bench.titles()
    assert bench.sync(*_offers(40)).outcome is Outcome.APPLIED
    assert bench.rows(withheld) == []


def test_a_source_may_have_limits_of_its_own(bench: Bench) -> None:
    listed = _offers(10)
    bench.plausible = Plausible(removals=0.9)
    bench.sync(*listed)
    assert bench.sync(*listed[:1]).outcome is Outcome.APPLIED
    bench.plausible = Plausible(removals=0.8)
    assert bench.sync(*listed[:1]).outcome is Outcome.HELD


def test_an_incomplete_listing_neither_marks_nor_forgets_removals(bench: Bench) -> None:
    listed = _offers(10)
    bench.sync(*listed)
    bench.sync(*listed[:2])
    bench.sync(*listed[:1], complete=None)
    assert (len(bench.rows(withheld)), _marked(bench)) == (8, 8)
    bench.sync(listed[5], complete=None)
    assert _marked(bench) == 7


def test_a_source_that_says_deleted_is_believed_though_it_was_withheld(bench: Bench) -> None:
    listed = _offers(10)
    bench.sync(*listed)
    bench.sync(*listed[:2])
    gone = tuple(("offer", str(n)) for n in range(2, 10))
    plan = bench.sync(*listed[:2], gone=gone)
    assert (plan.counts.withdrawn, plan.withheld, _live(bench)) == (8, (), 2)
    assert bench.rows(withheld) == []


def test_what_is_withheld_twice_is_two_decisions(bench: Bench) -> None:
    bench.sync(*_offers(60))
    plan = bench.sync(*_renamed(40))
    kinds = {one.what for one in plan.withheld}
    assert kinds == {What.REMOVAL, What.CHANGE}
    assert (_marked(bench), len(bench.rows(withheld))) == (60, 60)
    assert len([r for r in bench.rows(record, kind="offer") if r.withheld]) == 60


def test_titles_that_we_map_otherwise_are_no_doubt_of_the_source(bench: Bench) -> None:
    bench.sync(*_offers(40))
    taken = bench.listing(*_renamed(40))
    taken.mapping = b"another version"
    assert bench.run(taken).outcome is Outcome.APPLIED
    taken = bench.listing(*_offers(40))
    taken.mapping = b"m"
    assert bench.run(taken).outcome is Outcome.HELD
