"""Guards of storing: who may write, in which order, and what is remembered when. Data only."""

from typing import Final

from tests.torture.guards.guard import Guard

APPLY: Final = "aggregator/store/apply.py"
CONCLUDE: Final = "aggregator/store/conclude.py"
LEASES: Final = "aggregator/store/leases.py"
CHANGES: Final = "aggregator/store/changes.py"
PIPELINE: Final = "aggregator/pipeline.py"
HERE: Final = "tests/aggregator/store/"
OF_LEASES: Final = f"{HERE}test_leases.py::"
OF_LOCKS: Final = f"{HERE}test_locks.py::"
OF_RECOVERY: Final = f"{HERE}test_recovery.py::"
LOST: Final = f"{OF_LEASES}test_a_worker_that_lost_its_lease_writes_nothing_more"

STORING: Final = (
    Guard(
        name="a day's job is not called done before its last page",
        file="aggregator/commands/horizon.py",
        text="    while after is not None:\n",
        instead="    if after is not None:\n",
        test="tests/aggregator/commands/test_extending.py::test_the_job_ends_with_the_last_page",
    ),
    Guard(
        name="rows of a series that fell out of the window go",
        file="aggregator/store/horizon.py",
        text="            stale += [row",
        instead="            _ = [row",
        test=f"{HERE}test_horizon.py::test_over_months_the_window_moves_on_without_a_change_number",
    ),
    Guard(
        name="answers of before the window moved are kept no longer",
        file="aggregator/store/horizon.py",
        text="    numbers.moved = _extend(",
        instead="    _extend(",
        test=f"{HERE}test_horizon.py::test_over_months_the_window_moves_on_without_a_change_number",
    ),
    Guard(
        name="occurrences go with their event",
        file="aggregator/store/entities.py",
        text="    if standing.kind == Event.kind:\n        writes.stale_events",
        instead="    if standing.kind == 'offer':\n        writes.stale_events",
        test=f"{HERE}test_events.py::test_a_single_event_has_one_occurrence_and_goes_with_it",
    ),
    Guard(
        name="an event keeps a thousand occurrences at most",
        file="schema/recurring.py",
        text="occurrences=kept[:most]",
        instead="occurrences=kept",
        test="tests/aggregator/test_occurrences.py"
        "::test_more_than_a_thousand_are_cut_and_said_to_be",
    ),
    Guard(
        name="who lost the source writes nothing more",
        file=CHANGES,
        text="if held.rowcount != 1:",
        instead="if held.rowcount < 0:",
        test=LOST,
    ),
    Guard(
        name="every chunk carries the fence",
        file=APPLY,
        text="    fence(connection, errand.source, errand.fence)\n",
        instead="",
        test=LOST,
    ),
    Guard(
        name="giving up a run carries the fence",
        file=CONCLUDE,
        text="    fence(connection, errand.source, errand.fence)\n    if not runs.is_open",
        instead="    if not runs.is_open",
        test=LOST,
    ),
    Guard(
        name="an end without changes carries the fence",
        file=CONCLUDE,
        text="        fence(connection, errand.source, errand.fence)\n        now",
        instead="        now",
        test=f"{HERE}test_guarded_ending.py::test_a_lost_source_is_not_concluded_unchanged_either",
    ),
    Guard(
        name="the feed is locked before anything is read under it",
        file=APPLY,
        text="    numbers = lock(connection)\n"
        "    now = errand.clock.now(connection)\n"
        "    frame = Frame(edition=errand.edition, origins=errand.origins, now=now)\n"
        "    ledger = Ledger(frame, numbers, Writes())\n"
        "    return Work(errand, ledger, load(connection, entity_nos), {})\n",
        instead="    now = errand.clock.now(connection)\n"
        "    loaded = load(connection, entity_nos)\n"
        "    connection.execute(record.update().values(no=record.c.no))\n"
        "    numbers = lock(connection)\n"
        "    frame = Frame(edition=errand.edition, origins=errand.origins, now=now)\n"
        "    ledger = Ledger(frame, numbers, Writes())\n"
        "    return Work(errand, ledger, loaded, {})\n",
        test=f"{OF_LOCKS}test_every_writing_function_keeps_the_order",
    ),
    Guard(
        name="change numbers are taken under the lock and written back",
        file=APPLY,
        text="    advance(connection, work.ledger.numbers)\n",
        instead="",
        test=f"{HERE}test_feed.py::test_change_numbers_are_given_once_each_and_in_order",
    ),
    Guard(
        name="a source has one owner",
        file=LEASES,
        text=".where(source.c.id == source_id, free)",
        instead=".where(source.c.id == source_id)",
        test=f"{OF_LEASES}test_a_source_has_one_owner",
    ),
    Guard(
        name="a lease ends",
        file=LEASES,
        text="free = or_(source.c.lease_until.is_(None), source.c.lease_until < now)",
        instead="free = source.c.lease_until.is_(None)",
        test=f"{OF_LEASES}test_each_lease_has_a_higher_fence_and_a_run_of_its_own",
    ),
    Guard(
        name="the fence counts up with every lease",
        file=LEASES,
        text=".values(fence=source.c.fence + 1, lease_owner",
        instead=".values(fence=source.c.fence, lease_owner",
        test=f"{OF_LEASES}test_each_lease_has_a_higher_fence_and_a_run_of_its_own",
    ),
    Guard(
        name="a lost lease cannot be renewed",
        file=LEASES,
        text="ours = (source.c.id == lease.source, source.c.fence == lease.fence)",
        instead="ours = (source.c.id == lease.source,)",
        test=f"{OF_LEASES}test_a_lost_lease_cannot_be_renewed",
    ),
    Guard(
        name="renewing after the end takes no source back",
        file=LEASES,
        text="        .where(*ours, source.c.lease_until.is_not(None))\n",
        instead="        .where(*ours)\n",
        test=f"{OF_LEASES}test_renewing_after_the_end_of_the_run_does_not_block_the_source",
    ),
    Guard(
        name="whoever takes over closes the run that was left open",
        file=LEASES,
        text=".where(run.c.source == source_id, run.c.ended.is_(None))",
        instead=".where(run.c.source == source_id, run.c.ended < now, run.c.ended > now)",
        test=f"{OF_LEASES}test_taking_over_closes_the_run_that_was_left_open",
    ),
    Guard(
        name="after a run that died equal answers are read again",
        file=LEASES,
        text="    if left_open.rowcount:\n",
        instead="    if left_open is None:\n",
        test=f"{OF_RECOVERY}test_the_next_run_closes_a_dead_one_and_reads_the_whole_document_again",
    ),
    Guard(
        name="paused sources are not due",
        file=LEASES,
        text="            source.c.paused.is_(False),\n",
        instead="",
        test=f"{OF_LEASES}test_paused_and_disabled_sources_are_not_due",
    ),
    Guard(
        name="disabled sources are not due",
        file=LEASES,
        text="            source.c.enabled.is_(True),\n",
        instead="",
        test=f"{OF_LEASES}test_paused_and_disabled_sources_are_not_due",
    ),
    Guard(
        name="a run whose counts do not add up is not concluded",
        file=CONCLUDE,
        text="    assert ending.report.counts.add_up(), ending.report.counts\n",
        instead="",
        test=f"{HERE}test_guarded_ending.py::test_counts_that_do_not_add_up_end_no_run",
    ),
    Guard(
        name="a refused run learns nothing",
        file=CONCLUDE,
        text="    if ending.report.outcome is Outcome.REFUSED:\n        return {}\n",
        instead="",
        test=f"{HERE}test_guarded_ending.py::test_a_refused_run_leaves_the_validators_alone",
    ),
    Guard(
        name="a cursor has a limit",
        file=CONCLUDE,
        text="if len(state) > MAX_STATE:",
        instead="if len(state) < 0:",
        test=f"{HERE}test_guarded_ending.py::test_a_cursor_without_end_is_not_kept",
    ),
    Guard(
        name="validators are kept only after whole runs",
        file=PIPELINE,
        text="validators=gathered.validators if repeatable else None,",
        instead="validators=gathered.validators,",
        test="tests/system/test_guarded_runs.py::test_the_same_broken_answer_again_is_read_again",
    ),
    Guard(
        name="a run that was concluded is not given up afterwards",
        file=CONCLUDE,
        text="    if not runs.is_open(connection, errand.run):\n        return\n",
        instead="",
        test=f"{OF_LEASES}test_a_run_that_was_concluded_is_not_abandoned_afterwards",
    ),
    Guard(
        name="contacts are hidden while an entry is withheld",
        file="schema/formats/json.py",
        text="body = _without_contact(published.body) if published.withheld else published.body",
        instead="body = published.body",
        test="tests/aggregator/test_decisions.py::"
        "test_what_would_vanish_is_marked_and_shows_no_contact",
    ),
    Guard(
        name="what reads does not write",
        file="aggregator/store/pages.py",
        text='        connection.execute("PRAGMA query_only=ON")\n',
        instead="",
        test="tests/aggregator/queries/test_raw_reads.py::"
        "test_nothing_can_be_written_on_the_reading_connection",
    ),
    Guard(
        name="a source rests after its run was taken back",
        file="aggregator/gathering.py",
        text='judged=False, pause="run.rolled_back"',
        instead="judged=False",
        test="tests/system/test_undoing.py::"
        "test_a_run_that_spoiled_titles_is_taken_back_and_the_source_rests",
    ),
)
