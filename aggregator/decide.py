"""Decide what a run does: a comparison the guard let through in, a Plan out. Pure.

References need the mentions around what was touched, so that they come from the store between
the guard and this.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

from aggregator.compare import Comparison, Key, Known
from aggregator.guard import Verdict
from aggregator.harvest import Draft, Harvest, Refusal
from aggregator.plan import Head, Mark, Plan, Put, Removal, Rerender, Touch
from aggregator.recognising import recognised
from aggregator.references import Mentioning, Resolution
from aggregator.runs import Counts, Outcome
from aggregator.scope import is_blank, is_complete
from schema import Problem, decode, digest, encode, entity_id
from schema.formats.json import Target
from schema.identity import record_key
from schema.index import index_of

GRACE = timedelta(hours=24)
"""A record is withdrawn at the first complete run at least this long after it went missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Referring:
    """References around what was touched: who means whom, and what is published of it."""

    resolution: Resolution = field(default_factory=Resolution)
    mentionings: Sequence[Mentioning] = ()
    organisations: Mapping[str, tuple[Head, UUID]] = field(default_factory=dict)
    """Native id → head and entity id of organisations the store has, withdrawn ones too."""
    shown: Mapping[Key, tuple[int, int, UUID | None]] = field(default_factory=dict)
    """Record key of a stored mention → record no, entity no, entity id it shows now."""


def decide(
    harvest: Harvest, known: Known, verdict: Verdict, referring: Referring, now: datetime
) -> Plan:
    """Everything known → the Plan. What is withheld keeps its record as it is."""
    comparison = verdict.comparison
    targets = _targets(known, referring)
    organisations = _organisations(known, referring)
    puts = (*organisations, *_puts(known, comparison, targets))
    refusals = (*harvest.refusals, *(_duplicate(*key) for key in comparison.duplicates))
    ends = ending(comparison, now)
    ended = {head.no for head in ends}
    plan = Plan(
        puts=puts,
        touches=tuple(_touch(draft, known) for draft in comparison.touched if not draft.partial),
        rerenders=_rerenders(comparison, referring, targets),
        marks=_marks(verdict),
        returned=_returned(comparison),
        missing=tuple(
            h for h in comparison.absent if _is_newly_missing(h, known) and h.no not in ended
        ),
        removals=(
            *(Removal(head=head) for head in ends),
            *_ended_organisations(known, referring),
        ),
        refusals=refusals,
        released=_released(harvest, known, refusals),
        withheld=verdict.withheld,
        settled=verdict.settled,
        findings=(
            *harvest.findings,
            *recognised(known, len(comparison.listed) + len(comparison.new)),
            *referring.resolution.findings,
        ),
    )
    counts = _counts(known, verdict, plan)
    outcome, problem = _outcome(harvest, counts, verdict)
    return replace(plan, counts=counts, outcome=outcome, problem=problem)


def _marks(verdict: Verdict) -> tuple[Mark, ...]:
    """Marks that change; what is written anyway loses its mark with that."""
    written = {(draft.kind, draft.native_id) for draft in verdict.comparison.changed}
    fresh = (one.head for one in verdict.withheld if one.head.withheld is None)
    return (
        *(Mark(head=head, withheld=True) for head in {head.no: head for head in fresh}.values()),
        *(
            Mark(head=head, withheld=False)
            for head in verdict.lifted
            if (head.kind, head.native_id) not in written
        ),
    )


def mentionings_after(
    stored: Iterable[Mentioning], comparison: Comparison, ending: Iterable[Head]
) -> list[Mentioning]:
    """Stored mentions overlaid with this run's drafts, without what ends."""
    ended = {(head.kind, head.native_id) for head in ending}
    by_key = {m.key: m for m in stored if m.key not in ended}
    for draft in comparison.restless:
        key = (draft.kind, draft.native_id)
        if draft.mention is None:
            by_key.pop(key, None)
        elif not (draft.partial and key in by_key):
            by_key[key] = Mentioning(key=key, mention=draft.mention, stamp=draft.stamp)
    return list(by_key.values())


def ending(comparison: Comparison, now: datetime) -> list[Head]:
    """Records whose last day has come: said to be deleted, or missing long enough."""
    due = [h for h in comparison.absent if h.missing_since and now - h.missing_since >= GRACE]
    return [*comparison.gone, *due]


def _is_newly_missing(head: Head, known: Known) -> bool:
    return known.heads[head.kind, head.native_id].missing_since is None


def touched_names(comparison: Comparison) -> tuple[set[str], set[str]]:
    """Folded names and ids this run's drafts mention."""
    mentions = [draft.mention for draft in comparison.restless if draft.mention]
    return {m.fold for m in mentions}, {m.native_id for m in mentions if m.native_id}


def _targets(known: Known, referring: Referring) -> dict[Key, Target]:
    meant = referring.resolution.targets
    ids = {one: _organisation_id(known, referring, one) for one in set(meant.values())}
    return {
        m.key: Target(entity=ids[meant[m.key]], name=m.mention.name) for m in referring.mentionings
    }


def _organisation_id(known: Known, referring: Referring, native_id: str) -> UUID:
    former = referring.resolution.taken_over.get(native_id, native_id)
    stored = referring.organisations.get(former)
    if stored is not None:
        return stored[1]
    return entity_id(known.instance, known.source, "organisation", _fresh_key(known, native_id))


def _fresh_key(known: Known, native_id: str) -> str:
    """The key a new entity's id is made from: not one whose id lives on elsewhere."""
    taker = known.aliases.get(native_id)
    return f"{native_id}~{taker}" if taker else native_id


def _organisations(known: Known, referring: Referring) -> list[Put]:
    puts = []
    for native_id, body in referring.resolution.organisations.items():
        was = referring.resolution.taken_over.get(native_id)
        stored = referring.organisations.get(was or native_id)
        put = _organisation(known, native_id, body, stored[0] if stored else None)
        if was is not None or not _stands(put):
            puts.append(replace(put, was=was))
    return puts


def _stands(put: Put) -> bool:
    """Whether the store has it just so."""
    head = put.head
    return head is not None and head.withdrawn is None and head.digest == put.digest


def _organisation(known: Known, native_id: str, said: bytes, head: Head | None) -> Put:
    organisation = decode("organisation", native_id, said)
    body = encode(organisation)
    return Put(
        kind="organisation",
        native_id=native_id,
        raw_key=None,
        fingerprint=None,
        stamp=None,
        body=body,
        digest=digest(body),
        index=index_of(organisation),
        head=head,
        entity_key=record_key(known.source, "organisation", _fresh_key(known, native_id)),
    )


def _ended_organisations(known: Known, referring: Referring) -> list[Removal]:
    resolution = referring.resolution
    renamed = set(resolution.taken_over.values())
    ended = []
    for native_id, (head, _) in referring.organisations.items():
        alive = native_id in resolution.organisations or native_id in renamed
        if alive or head.withdrawn is not None:
            continue
        into = resolution.merged.get(native_id)
        survivor = _organisation_id(known, referring, into) if into else None
        ended.append(Removal(head=head, into=survivor))
    return ended


def _puts(known: Known, comparison: Comparison, targets: Mapping[Key, Target]) -> Iterable[Put]:
    for draft in chain(comparison.new, comparison.changed):
        key = (draft.kind, draft.native_id)
        yield Put(
            kind=draft.kind,
            native_id=draft.native_id,
            raw_key=draft.raw_key,
            fingerprint=draft.fingerprint,
            stamp=None if draft.partial else draft.stamp,
            body=draft.body,
            digest=draft.digest,
            index=draft.index,
            likeness=draft.likeness,
            mention=draft.mention,
            target=targets.get(key),
            head=known.heads.get(key),
            entity_key=record_key(known.source, draft.kind, draft.native_id),
        )


def _touch(draft: Draft, known: Known) -> Touch:
    head = known.heads[draft.kind, draft.native_id]
    return Touch(
        head=head,
        raw_key=draft.raw_key,
        fingerprint=draft.fingerprint,
        stamp=draft.stamp,
    )


def _rerenders(
    comparison: Comparison, referring: Referring, targets: Mapping[Key, Target]
) -> tuple[Rerender, ...]:
    put = {(d.kind, d.native_id) for d in chain(comparison.new, comparison.changed)}
    found = []
    for key, target in targets.items():
        if key in put or key not in referring.shown:
            continue
        record_no, entity_no, shown = referring.shown[key]
        if shown != target.entity:
            found.append(Rerender(record_no=record_no, entity_no=entity_no, target=target))
    return tuple(found)


def _returned(comparison: Comparison) -> tuple[Head, ...]:
    """Those that are not written anyway."""
    put = {(draft.kind, draft.native_id) for draft in comparison.changed}
    return tuple(h for h in comparison.returned if (h.kind, h.native_id) not in put)


def _duplicate(kind: str, raw_key: str) -> Refusal:
    problem = Problem("record.duplicate", "", f"{kind} {raw_key} stands twice")
    return Refusal(
        kind=kind,
        key=raw_key,
        locator=f"{raw_key}#duplicate",
        fingerprint=None,
        problems=(problem,),
        raw=b"",
    )


def _released(harvest: Harvest, known: Known, refusals: Sequence[Refusal]) -> tuple[Key, ...]:
    """Quarantine rows whose raw maps again, whose record goes on under another id or, in a
    complete listing, which is not there any more."""
    refused = {(refusal.kind, refusal.key) for refusal in harvest.refusals}
    mapped = {(draft.kind, draft.raw_key) for draft in harvest.drafts} - refused
    if not is_complete(harvest):
        over = mapped | known.left
        return tuple((k[0], row) for k, row in known.quarantined.items() if k in over)
    still = refused.union(harvest.same) - mapped
    rows = ((key[0], row) for key, row in known.quarantined.items() if key not in still)
    written = {(refusal.kind, refusal.locator) for refusal in refusals}
    return (*rows, *(row for row in known.unkeyed if row not in written))


def _outcome(harvest: Harvest, counts: Counts, verdict: Verdict) -> tuple[Outcome, Problem | None]:
    unkeyed = [r for r in harvest.refusals if r.key is None]
    if harvest.failed is not None:
        return Outcome.INCOMPLETE, harvest.failed
    if unkeyed:
        return Outcome.INCOMPLETE, unkeyed[0].problems[0]
    if harvest.complete is not None and is_blank(harvest):
        return Outcome.INCOMPLETE, Problem("document.empty", "", "the listing names nothing")
    if verdict.withheld:
        return Outcome.HELD, verdict.problem
    if counts.quarantined or harvest.details_failed:
        return Outcome.DEGRADED, None
    return Outcome.APPLIED, None


def _counts(known: Known, verdict: Verdict, plan: Plan) -> Counts:
    """Raws are counted once, however many records they gave: new before changed before withheld
    before same."""
    comparison = verdict.comparison
    new = {(d.kind, d.raw_key) for d in comparison.new}
    changed = {(d.kind, d.raw_key) for d in comparison.changed} - new
    withheld = {(d.kind, d.raw_key) for d in verdict.refused} - new - changed
    touched = {(d.kind, d.raw_key) for d in comparison.touched} - new - changed - withheld
    keyed = [r for r in plan.refusals if r.key is not None]
    still_quarantined = len(comparison.same & known.quarantined.keys())
    same = len(touched) + len(comparison.same) - still_quarantined
    quarantined = len(keyed) + still_quarantined
    return Counts(
        found=len(new) + len(changed) + len(withheld) + same + quarantined,
        new=len(new),
        changed=len(changed),
        same=same,
        quarantined=quarantined,
        withheld=len(withheld),
        missing=len(plan.missing),
        returned=len(plan.returned)
        + sum(1 for p in plan.puts if p.raw_key and p.head and _was_away(p.head)),
        withdrawn=sum(1 for r in plan.removals if r.head.raw_key is not None),
        derived=sum(1 for p in plan.puts if p.raw_key is None),
        rerendered=len(plan.rerenders),
        without_key=len(plan.refusals) - len(keyed),
    )


def _was_away(head: Head) -> bool:
    return head.missing_since is not None or head.withdrawn is not None
