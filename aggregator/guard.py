"""Is what a run would take away or rewrite plausible against what the source had? Pure.

Too many removals, or too many altered titles or starts at once, are withheld until a person
decides, or until the source says something else. Everything else of the run goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aggregator.compare import Comparison, Key, Known
from aggregator.decisions import Decisions, Seen
from aggregator.harvest import Draft
from aggregator.plan import Head, Item, What, Withheld
from schema import Level, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Plausible:
    """What a source may do at once: `removals` and `changes` are shares of what is published,
    `always` and `few` numbers that pass however small the source is."""

    removals: float = 0.2
    always: int = 3
    changes: float = 0.5
    few: int = 19

    def removals_of(self, published: int) -> int:
        """How many of so many records may vanish."""
        return max(self.always, int(published * self.removals))

    def changes_of(self, published: int) -> int:
        """How many of so many records may alter title or start."""
        return max(self.few, int(published * self.changes))


Altered = Mapping[Key, Mapping[str, tuple[Any, Any]]]
"""Key of a changed record → which of title and start it alters: (published, now)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What may go on, and what is kept from it."""

    comparison: Comparison
    """As it was, without the removals and changes that are withheld or rejected."""
    withheld: tuple[Withheld, ...] = ()
    refused: tuple[Draft, ...] = ()
    """Changes that are withheld or rejected."""
    lifted: tuple[Head, ...] = ()
    """Marked as withheld, and no more so."""
    settled: tuple[Item, ...] = ()
    """What was held back or decided, and nothing is left to be said of."""
    problem: Problem | None = None


def guard(
    comparison: Comparison, known: Known, altered: Altered, plausible: Plausible | None
) -> Verdict:
    """Judge a comparison. `plausible` None: nothing is judged, because a person asked for just
    this."""
    if plausible is None:
        return Verdict(
            comparison=comparison,
            lifted=_lifted(comparison, known.decisions, ()),
            settled=_settled(comparison, known, (), comparison.changed),
        )
    decisions = known.decisions
    removals = _removals(comparison, decisions, plausible)
    changes = _changes(comparison, known, altered, plausible)
    held = (*removals.withheld, *changes.withheld)
    return Verdict(
        comparison=replace(comparison, absent=removals.passed, changed=changes.passed),
        withheld=held,
        refused=changes.refused,
        lifted=_lifted(comparison, decisions, held),
        settled=_settled(comparison, known, held, changes.passed),
        problem=removals.problem or changes.problem,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Removals:
    passed: tuple[Head, ...]
    withheld: tuple[Withheld, ...] = ()
    problem: Problem | None = None


def _removals(comparison: Comparison, decisions: Decisions, plausible: Plausible) -> _Removals:
    """What was already missing counts along, so that a source which loses a little every hour
    does not slip through; what was approved does not, and has been missing since it was first
    withheld."""
    approved, rest = [], []
    for head in comparison.absent:
        if (head.kind, head.native_id, What.REMOVAL) in decisions.approved:
            approved.append(replace(head, missing_since=head.withheld or head.missing_since))
        elif not decisions.rejects_removal(head):
            rest.append(head)
    allowed = plausible.removals_of(comparison.published)
    if len(rest) <= allowed:
        return _Removals(passed=(*approved, *rest))
    message = f"{len(rest)} would vanish, {allowed} at most are plausible"
    return _Removals(
        passed=tuple(approved),
        withheld=tuple(Withheld(head=head, what=What.REMOVAL) for head in rest),
        problem=Problem("run.held", "", message, Level.WARNING),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changes:
    passed: tuple[Draft, ...]
    refused: tuple[Draft, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    problem: Problem | None = None


def _changes(
    comparison: Comparison, known: Known, altered: Altered, plausible: Plausible
) -> _Changes:
    decisions = known.decisions
    rejected = [d for d in comparison.changed if _is_in(decisions.rejected, d)]
    refused = {_key(draft) for draft in rejected}
    doubtful = [
        draft
        for draft in comparison.changed
        if _key(draft) in altered
        and _key(draft) not in refused
        and not _is_in(decisions.approved, draft)
    ]
    allowed = plausible.changes_of(comparison.published)
    problem = None
    if len(doubtful) > allowed:
        refused |= {_key(draft) for draft in doubtful}
        message = f"{len(doubtful)} would alter title or start, {allowed} at most are plausible"
        problem = Problem("run.held", "", message, Level.WARNING)
    else:
        doubtful = []
    return _Changes(
        passed=tuple(d for d in comparison.changed if _key(d) not in refused),
        refused=tuple(d for d in comparison.changed if _key(d) in refused),
        withheld=tuple(_withheld(draft, known, altered) for draft in doubtful),
        problem=problem,
    )


def _withheld(draft: Draft, known: Known, altered: Altered) -> Withheld:
    return Withheld(
        head=known.heads[_key(draft)],
        what=What.CHANGE,
        fingerprint=draft.fingerprint,
        said=altered[_key(draft)],
    )


def _is_in(seen: Seen, draft: Draft) -> bool:
    """Whether just this change was decided about; another one of the same record was not."""
    return seen.get(_item(draft)) == draft.fingerprint


def _lifted(
    comparison: Comparison, decisions: Decisions, held: Sequence[Withheld]
) -> tuple[Head, ...]:
    """A mark is taken back where the record is listed as it is published, where it is over, or
    where somebody said that it stays."""
    still = {one.head.no for one in held}
    absent = {head.no for head in comparison.absent if not decisions.rejects_removal(head)}
    return tuple(
        head
        for head in comparison.marked
        if head.no not in still
        and head.no not in absent
        and (
            head.no in comparison.listed
            or head.no in comparison.past
            or decisions.rejects_removal(head)
        )
    )


def _settled(
    comparison: Comparison, known: Known, held: Sequence[Withheld], passed: Sequence[Draft]
) -> tuple[Item, ...]:
    """What nothing is left to be said of: it happened, the source says something else, or the
    record is over or gone."""
    decisions = known.decisions
    now = _Now(
        still=frozenset(one.item for one in held),
        offered={_key(draft): draft.fingerprint for draft in comparison.changed},
        happened=frozenset(map(_key, passed)),
        absent=frozenset(head.no for head in comparison.absent),
    )
    seen = {**decisions.pending, **decisions.approved, **decisions.rejected}
    over = (i for i, mark in seen.items() if _is_over(i, mark, comparison, known, now))
    return tuple(sorted({*decisions.expired, *over}))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Now:
    still: frozenset[Item]
    offered: Mapping[Key, bytes]
    happened: frozenset[Key]
    absent: frozenset[int]


def _is_over(
    item: Item, mark: bytes | None, comparison: Comparison, known: Known, now: _Now
) -> bool:
    head = known.heads.get(item[:2])
    pending = item in known.decisions.pending
    if head is None or head.withdrawn is not None or head.no in comparison.past:
        return True
    if item[2] is What.REMOVAL:
        plausible = pending and comparison.complete and item not in now.still
        return head.no in comparison.listed or plausible
    if comparison.repeats or head.no not in comparison.listed:
        return head.no in now.absent
    if pending:
        return item not in now.still
    return item[:2] in now.happened or now.offered.get(item[:2]) != mark


def _key(draft: Draft) -> Key:
    return (draft.kind, draft.native_id)


def _item(draft: Draft) -> Item:
    return (draft.kind, draft.native_id, What.CHANGE)
