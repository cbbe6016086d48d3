"""A run that died between chunks: the next one finds whatever it left undone."""

from aggregator.harvest import Draft
from aggregator.plan import steps
from aggregator.runs import Outcome
from aggregator.store.apply import apply_steps
from aggregator.store.sources import recall, remember
from aggregator.store.tables import run
from tests.aggregator.making import DAY, Bench, draft, mention
from tests.aggregator.soundness import faults

NAMED = mention("Grünhof e.V.")
WITH_ID = mention("Grünhof e.V.", "5")
GARDEN = mention("Gartenbund")


def _die(bench: Bench, *listed: Draft, after: int) -> None:
    """A run that ends for ever after some steps of its plan."""
    taken = bench.listing(*listed)
    errand = bench.errand(bench.lease("victim"), taken)
    done = list(steps(bench.plan(taken)))[:after]
    bench.database.write_now(apply_steps, errand, done)
    bench.later(DAY)


def _remember_validators(bench: Bench) -> None:
    stored = '[{"sha256":"a"}]'
    bench.database.write_now(lambda c: remember(c, bench.source, validators=stored))


def test_an_organisation_whose_last_offer_left_in_a_dead_run_ends(bench: Bench) -> None:
    bench.sync(draft("1", by=NAMED))
    _die(bench, draft("1", by=GARDEN), after=2)
    bench.sync(draft("1", by=GARDEN))
    assert bench.titles("organisation") == ["Gartenbund"]


def test_offers_whose_organisation_changed_in_a_dead_run_are_rendered_anew(bench: Bench) -> None:
    both = draft("1", by=mention("Gartenbund", "5")), draft("2", by=NAMED)
    bench.sync(*both)
    _die(bench, draft("1", by=WITH_ID), both[1], after=2)
    bench.sync(draft("1", by=WITH_ID), both[1])
    assert len({offer.ref_entity for offer in bench.entities("offer")}) == 1
    assert len(bench.entities("organisation", "merged")) == 1


def test_what_a_dead_run_wrote_is_sound_and_the_rest_follows(bench: Bench) -> None:
    listed = [draft(str(n), by=mention(f"Verein {n % 3}")) for n in range(9)]
    _die(bench, *listed, after=5)
    assert bench.database.read_now(faults) == []
    plan = bench.sync(*listed)
    assert (plan.counts.new, plan.counts.same) == (7, 2)
    assert bench.database.read_now(faults) == []


def test_a_refused_run_in_between_does_not_hide_what_is_undone(bench: Bench) -> None:
    bench.sync(draft("1", by=NAMED))
    _die(bench, draft("1", by=GARDEN), after=2)
    refused = bench.lease()
    bench.close(refused, Outcome.REFUSED)
    bench.sync(draft("1", by=GARDEN))
    assert bench.titles("organisation") == ["Gartenbund"]


def test_the_next_run_closes_a_dead_one_and_reads_the_whole_document_again(bench: Bench) -> None:
    bench.sync(draft("1"))
    _remember_validators(bench)
    bench.lease("victim")
    bench.later(DAY)
    bench.lease()
    assert [row.outcome for row in bench.rows(run)] == ["applied", "crashed", None]
    memory = bench.database.read_now(recall, bench.source)
    assert (memory.settings_hash, memory.validators) == (None, [{"sha256": "a"}])


def test_a_run_that_was_concluded_leaves_nothing_to_ask_for_again(bench: Bench) -> None:
    bench.sync(draft("1"))
    _remember_validators(bench)
    bench.lease()
    assert bench.database.read_now(recall, bench.source).validators == [{"sha256": "a"}]
