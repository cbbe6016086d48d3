"""Guards of deciding: what may vanish, change, stand twice or come back. Data only."""

from typing import Final

from tests.torture.guards.guard import Guard

GUARD: Final = "aggregator/guard.py"
COMPARE: Final = "aggregator/compare.py"
SCOPE: Final = "aggregator/scope.py"
RECOGNISING: Final = "aggregator/recognising.py"
DECIDE: Final = "aggregator/decide.py"
DUE: Final = "aggregator/due.py"
OF_GUARD: Final = "tests/aggregator/test_guard.py::"
OF_DECISIONS: Final = "tests/aggregator/test_decisions.py::"
OF_MISSING: Final = "tests/aggregator/test_missing.py::"
OF_QUARANTINE: Final = "tests/aggregator/test_quarantine.py::"
OF_OUTCOMES: Final = "tests/aggregator/test_outcomes.py::"
OF_WINDOWS: Final = "tests/aggregator/test_windows.py::"
OF_RECOGNISING: Final = "tests/aggregator/test_recognising.py::"
OF_DUE: Final = "tests/aggregator/test_due.py::"
ALONE: Final = "tests/aggregator/test_guarded_deciding.py::"

DECIDING: Final = (
    Guard(
        name="more removals than plausible are held back",
        file=GUARD,
        text="if len(rest) <= allowed:",
        instead="if len(rest) >= 0:",
        test=f"{OF_GUARD}test_a_held_run_keeps_all_and_marks_nothing",
    ),
    Guard(
        name="a fifth of what is published may vanish at once, and no more",
        file=GUARD,
        text="removals: float = 0.2",
        instead="removals: float = 0.3",
        test=f"{OF_GUARD}test_more_than_three_and_more_than_a_fifth_is_implausible",
    ),
    Guard(
        name="what was missing already counts along, so that no slow drain slips through",
        file=GUARD,
        text="elif not decisions.rejects_removal(head):\n            rest.append(head)",
        instead="elif not decisions.rejects_removal(head):\n"
        "            (approved if head.missing_since else rest).append(head)",
        test=f"{OF_GUARD}test_a_slow_drain_is_noticed_within_a_day",
    ),
    Guard(
        name="an approval covers just what it was given for",
        file=GUARD,
        text="if (head.kind, head.native_id, What.REMOVAL) in decisions.approved:",
        instead="if decisions.approved:",
        test=f"{OF_DECISIONS}test_an_approval_covers_what_it_was_given_for_and_no_more",
    ),
    Guard(
        name="an approval of an older run is none of what a newer one holds back",
        file="aggregator/commands/runs.py",
        text="if newest > run_id:",
        instead="if newest is None:",
        test="tests/system/test_undoing.py::"
        "test_an_older_held_run_cannot_approve_what_a_newer_one_holds",
    ),
    Guard(
        name="an approval of a change is of just that change",
        file=GUARD,
        text="and not _is_in(decisions.approved, draft)",
        instead="and _item(draft) not in decisions.approved",
        test="tests/aggregator/test_doubts.py"
        "::test_an_approval_of_changes_covers_the_changes_that_were_seen",
    ),
    Guard(
        name="an approval ends after a week",
        file="aggregator/store/withheld.py",
        text="if row.until is not None and row.until <= now:",
        instead="if row is None:",
        test=f"{OF_DECISIONS}test_an_approval_ends_after_a_week",
    ),
    Guard(
        name="an approval is used up when its records are listed again",
        file=GUARD,
        text="return head.no in comparison.listed or plausible",
        instead="return plausible",
        test=f"{OF_DECISIONS}test_an_approval_is_used_up_when_the_records_return",
    ),
    Guard(
        name="whose removal a person rejected stays",
        file=GUARD,
        text="elif not decisions.rejects_removal(head):\n            rest",
        instead="else:\n            rest",
        test=f"{OF_DECISIONS}test_what_was_rejected_stays_unmarked_until_it_is_listed_again",
    ),
    Guard(
        name="more altered titles than plausible are held back",
        file=GUARD,
        text="if len(doubtful) > allowed:",
        instead="if len(doubtful) < 0:",
        test=f"{OF_DECISIONS}test_altered_titles_beyond_half_are_withheld_and_the_rest_goes_on",
    ),
    Guard(
        name="a rejected change is not made",
        file=GUARD,
        text="[d for d in comparison.changed if _is_in(decisions.rejected, d)]",
        instead="list[Draft]()",
        test=f"{OF_DECISIONS}"
        "test_a_rejected_change_is_refused_until_the_source_says_something_else",
    ),
    Guard(
        name="a rejection is of just that change",
        file=GUARD,
        text="return seen.get(_item(draft)) == draft.fingerprint",
        instead="return _item(draft) in seen",
        test=f"{OF_DECISIONS}"
        "test_a_rejected_change_is_refused_until_the_source_says_something_else",
    ),
    Guard(
        name="a mark stays until its record is listed again or decided",
        file=GUARD,
        text="            head.no in comparison.listed\n",
        instead="            head.no not in absent\n",
        test=f"{OF_DECISIONS}test_an_incomplete_listing_neither_marks_nor_forgets_removals",
    ),
    Guard(
        name="withheld removals are remembered over a run that cannot tell what is missing",
        file=GUARD,
        text="plausible = pending and comparison.complete and item not in now.still",
        instead="plausible = pending and item not in now.still",
        test=f"{ALONE}test_what_is_withheld_stays_so_over_runs_that_cannot_tell",
    ),
    Guard(
        name="a missing record is withdrawn a day later at the soonest",
        file=DECIDE,
        text="if h.missing_since and now - h.missing_since >= GRACE]",
        instead="if h.missing_since]",
        test=f"{OF_MISSING}test_it_is_withdrawn_at_the_first_complete_run_a_day_later",
    ),
    Guard(
        name="only a listing said to be whole proves that something is missing",
        file=SCOPE,
        text="        return None\n    return harvest.complete\n",
        instead="        return None\n    return harvest.complete or Everything()\n",
        test=f"{ALONE}test_an_incomplete_listing_removes_not_even_the_few_that_may_vanish",
    ),
    Guard(
        name="a listing that broke off proves nothing",
        file=SCOPE,
        text="if harvest.failed is not None or unkeyed",
        instead="if unkeyed",
        test=f"{ALONE}test_an_incomplete_listing_removes_not_even_the_few_that_may_vanish",
    ),
    Guard(
        name="a listing with a record nobody can name proves nothing",
        file=SCOPE,
        text=" or unkeyed or is_blank",
        instead=" or is_blank",
        test=f"{ALONE}test_an_incomplete_listing_removes_not_even_the_few_that_may_vanish",
    ),
    Guard(
        name="a quarantined record counts as present",
        file=COMPARE,
        text="raws = {*harvest.same, *((r.kind, r.key) for r in harvest.refusals)}",
        instead="raws = {*harvest.same}",
        test=f"{ALONE}test_a_record_that_is_refused_for_the_first_time_is_present",
    ),
    Guard(
        name="of two records with one id the first stays",
        file=COMPARE,
        text="if key in drafted or (draft.kind, draft.raw_key) in same:",
        instead="if (draft.kind, draft.raw_key) in same:",
        test=f"{OF_QUARANTINE}test_of_two_records_with_one_id_the_first_stays",
    ),
    Guard(
        name="a duplicate does not take the place of what is known",
        file=COMPARE,
        text="if key in drafted or (draft.kind, draft.raw_key) in same:",
        instead="if key in drafted:",
        test=f"{OF_QUARANTINE}test_a_duplicate_that_comes_first_next_time_does_not_take_the_place",
    ),
    Guard(
        name="what stays only because a person said so is not listed by a repeated answer",
        file=COMPARE,
        text="return here and not decisions.rejects_removal(head)",
        instead="return here",
        test=f"{ALONE}test_a_repeated_answer_does_not_list_what_stays_only_by_a_persons_word",
    ),
    Guard(
        name="a partial record never overwrites a whole one",
        file=COMPARE,
        text="elif draft.partial or _is_stored(draft, head):",
        instead="elif _is_stored(draft, head):",
        test=f"{OF_OUTCOMES}test_a_known_record_whose_details_failed_keeps_its_last_body",
    ),
    Guard(
        name="a listing that broke off releases from quarantine only what it read",
        file=DECIDE,
        text="if not is_complete(harvest):\n        over =",
        instead="if harvest is None:\n        over =",
        test=f"{OF_QUARANTINE}test_an_incomplete_listing_releases_only_what_it_read",
    ),
    Guard(
        name="a run over a listing that broke off is called incomplete",
        file=DECIDE,
        text="if harvest.failed is not None:",
        instead="if harvest is None:",
        test=f"{OF_OUTCOMES}test_a_broken_listing_is_incomplete_and_brings_what_it_has",
    ),
    Guard(
        name="a run with a record nobody can name is called incomplete",
        file=DECIDE,
        text="    if unkeyed:\n        return Outcome.INCOMPLETE, unkeyed[0].problems[0]\n",
        instead="",
        test=f"{OF_QUARANTINE}"
        "test_a_raw_without_a_key_makes_the_run_incomplete_and_leaves_with_the_next_whole_one",
    ),
    Guard(
        name="a listing that names nothing proves nothing",
        file=SCOPE,
        text=" or unkeyed or is_blank(harvest):",
        instead=" or unkeyed:",
        test=f"{OF_WINDOWS}test_an_empty_day_removes_nothing",
    ),
    Guard(
        name="a run over a listing that names nothing is called incomplete",
        file=DECIDE,
        text="if harvest.complete is not None and is_blank(harvest):",
        instead="if harvest is None:",
        test=f"{OF_WINDOWS}test_an_empty_day_removes_nothing",
    ),
    Guard(
        name="what is over is never missing",
        file=SCOPE,
        text="    if is_over(head, now):\n        return False\n",
        instead="",
        test=f"{OF_WINDOWS}test_what_is_over_is_not_missed_and_not_withdrawn",
    ),
    Guard(
        name="nobody waits for what was missing when it was over",
        file="aggregator/store/records.py",
        text="            or_(record.c.ends.is_(None), record.c.ends >= now),\n",
        instead="",
        test=f"{OF_WINDOWS}test_what_was_missing_when_it_was_over_stays_as_it_is",
    ),
    Guard(
        name="what is over makes no share of what is published look small",
        file=COMPARE,
        text="published=len(live) - len(over),",
        instead="published=len(live),",
        test=f"{OF_WINDOWS}test_shares_are_of_what_is_still_to_come",
    ),
    Guard(
        name="nobody is asked to decide about what is over",
        file=GUARD,
        text=" or head.no in comparison.past:\n        return True",
        instead=":\n        return True",
        test=f"{OF_WINDOWS}test_an_approved_removal_of_what_is_over_meanwhile_is_none",
    ),
    Guard(
        name="what is over loses its mark",
        file=GUARD,
        text="            or head.no in comparison.past\n",
        instead="",
        test=f"{OF_WINDOWS}test_what_is_held_back_is_moot_once_it_is_over",
    ),
    Guard(
        name="a window removes only what lies inside it",
        file=SCOPE,
        text="return isinstance(scope, Everything) or _lies_inside(head, scope)",
        instead="return True or _lies_inside(head, scope)",
        test=f"{OF_WINDOWS}test_what_does_not_lie_wholly_inside_may_be_missing",
    ),
    Guard(
        name="nothing is expected a day from a window's first midnight",
        file=SCOPE,
        text="_midnight(scope.start) + EDGE <=",
        instead="_midnight(scope.start) <=",
        test=f"{OF_WINDOWS}test_what_does_not_lie_wholly_inside_may_be_missing",
    ),
    Guard(
        name="nothing is expected a day from a window's last midnight",
        file=SCOPE,
        text="head.ends <= _midnight(scope.end) - EDGE",
        instead="head.ends <= _midnight(scope.end)",
        test=f"{OF_WINDOWS}test_what_does_not_lie_wholly_inside_may_be_missing",
    ),
    Guard(
        name="a series without end lies in no window",
        file=SCOPE,
        text="    if head.starts is None or head.ends is None:\n        return False\n",
        instead="    if head.starts is None or head.ends is None:\n        return True\n",
        test=f"{OF_WINDOWS}test_what_does_not_lie_wholly_inside_may_be_missing",
    ),
    Guard(
        name="a window that is not modified is no whole listing",
        file=COMPARE,
        text="    harvest.complete = known.scope\n",
        instead="    harvest.complete = Everything()\n",
        test=f"{OF_WINDOWS}test_a_window_said_again_ends_nothing_outside_of_it",
    ),
    Guard(
        name="whose former id is listed too is somebody else",
        file=RECOGNISING,
        text="head.likeness is not None and head.no not in spoken_of]",
        instead="head.likeness is not None]",
        test=f"{OF_RECOGNISING}test_an_event_whose_former_id_is_listed_too_is_another_one",
    ),
    Guard(
        name="what the source says is deleted goes on under no other id",
        file=RECOGNISING,
        text="        head.no for key in harvest.gone",
        instead="        head.no for key in ()",
        test=f"{OF_RECOGNISING}test_what_the_source_says_is_deleted_ends_though_its_like_comes",
    ),
    Guard(
        name="where nobody can tell who is who the new is new",
        file=RECOGNISING,
        text="        if len(drafts) == len(heads):\n            yield",
        instead="        if drafts and (heads := heads[: len(drafts)]):\n            yield",
        test=f"{OF_RECOGNISING}test_where_nobody_can_tell_who_is_who_the_new_is_new",
    ),
    Guard(
        name="of those alike, who says the same is the same",
        file=RECOGNISING,
        text="        if left[draft.digest]:\n",
        instead="        if left[draft.digest] and not draft:\n",
        test=f"{OF_RECOGNISING}test_as_many_alike_as_before_are_those_of_before",
    ),
    Guard(
        name="what was withdrawn goes on under no other id",
        file=RECOGNISING,
        text="    live = [head for head in known.heads.values() if head.withdrawn is None]\n",
        instead="    live = list(known.heads.values())\n",
        test=f"{OF_RECOGNISING}test_a_withdrawn_event_under_a_new_id_is_new",
    ),
    Guard(
        name="no two entries are given one public id",
        file="aggregator/store/apply.py",
        text="    if uuid5(work.errand.edition.instance, key) in work.taken:\n",
        instead="    if not work.errand:\n",
        test=f"{OF_RECOGNISING}"
        "test_a_former_id_that_comes_back_for_something_else_gets_an_id_of_its_own",
    ),
    Guard(
        name="the quarantine row of a former id goes with it",
        file=DECIDE,
        text="over = mapped | known.left",
        instead="over = mapped",
        test=f"{OF_RECOGNISING}test_its_quarantine_row_goes",
    ),
    Guard(
        name="a record under a new id mentions its organisation once",
        file="aggregator/store/knowledge.py",
        text="key=known.renamed.get(mentioning.key, mentioning.key)",
        instead="key=mentioning.key",
        test=f"{OF_RECOGNISING}test_another_organiser_under_a_new_id_ends_the_former_one",
    ),
    Guard(
        name="no source is asked before its interval is over",
        file=DUE,
        text="return now + max(wait, _granted(retry_after, MAX_RETRY_AFTER))",
        instead="return now + (_granted(retry_after, MAX_RETRY_AFTER) or wait)",
        test=f"{OF_DUE}test_a_shorter_wait_than_ours_is_not_granted",
    ),
    Guard(
        name="what a source asks for is granted for a week at most, and freshness for a day",
        file=DUE,
        text="min(max(seconds or 0, 0), most.total_seconds())",
        instead="max(seconds or 0, 0)",
        test=f"{OF_DUE}test_a_longer_wait_is_honoured_up_to_a_week",
    ),
    Guard(
        name="an answer that calls itself fresh for ever is asked for again",
        file=DUE,
        text="_granted(fresh_for, MAX_FRESH)",
        instead="_granted(fresh_for, 9 * MAX_FRESH)",
        test=f"{OF_DUE}test_an_answer_that_stays_true_longer_is_left_alone_up_to_a_day",
    ),
    Guard(
        name="back-off never gives a source up",
        file=DUE,
        text="wait = min(every * (1 << min(failures, 20)), longest)",
        instead="wait = every * (1 << min(failures, 20))",
        test=f"{OF_DUE}test_each_failure_doubles_the_wait_up_to_a_day",
    ),
    Guard(
        name="sources do not march in step",
        file=DUE,
        text='    wait += wait * JITTER * _share(f"{source}@{now.isoformat()}")\n',
        instead="",
        test=f"{OF_DUE}test_sources_do_not_march_in_step",
    ),
)
