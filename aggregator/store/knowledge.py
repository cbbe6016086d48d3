"""What deciding needs to know, read in as few queries as it takes. Decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from aggregator.compare import Comparison, Known
from aggregator.decide import Referring, ending, mentionings_after, touched_names
from aggregator.guard import Altered, Plausible
from aggregator.harvest import Harvest
from aggregator.plan import Head
from aggregator.references import Mentioning, resolve
from aggregator.store import records, withheld
from aggregator.store.runs import broke_off
from aggregator.store.sources import identity, recall
from schema.identity import UNNAMED


def known(connection: Connection, source: str, now: datetime) -> Known:
    """Everything stored of a source that a run is compared with."""
    keyed, unkeyed = records.quarantined(connection, source)
    _, instance = identity(connection)
    return Known(
        source=source,
        instance=instance,
        heads=records.heads(connection, source),
        quarantined=keyed,
        unkeyed=unkeyed,
        aliases=records.aliases(connection, source),
        decisions=withheld.decisions(connection, source, now),
        scope=recall(connection, source).scope,
    )


def altered(
    connection: Connection,
    known: Known,
    comparison: Comparison,
    plausible: Plausible | None,
    harvest: Harvest,
) -> Altered:
    """Which changed records alter title or start, and how. Their bodies are only looked at when
    there are enough of them to be doubted; what was mapped otherwise then is our own doing, and
    what is over is nobody's loss."""
    if plausible is None or len(comparison.changed) <= plausible.changes_of(comparison.published):
        return {}
    heads = ((draft, known.heads[draft.kind, draft.native_id]) for draft in comparison.changed)
    changed = [pair for pair in heads if pair[1].no not in comparison.over]
    if harvest.mapping is not None:
        changed = [pair for pair in changed if _is_the_sources(pair[1], harvest.mapping)]
    bodies = records.bodies(connection, [head.no for _, head in changed])
    found = {}
    for draft, head in changed:
        before, after = _face(bodies[head.no]), _face(harvest.spool.get(draft.body))
        if before != after:
            said = {name: (before[name], after[name]) for name in before}
            found[draft.kind, draft.native_id] = {n: v for n, v in said.items() if v[0] != v[1]}
    return found


def _is_the_sources(head: Head, mapping: bytes) -> bool:
    """Whether a change is the source's doing: what was withheld as such stays so."""
    return head.mapping == mapping or head.withheld is not None


def _face(body: bytes) -> dict[str, Any]:
    """What people know a record by."""
    said = orjson.loads(body)
    return {"title": said.get("title"), "start": (said.get("when") or {}).get("start")}


def referring(
    connection: Connection, known: Known, comparison: Comparison, now: datetime
) -> Referring:
    """The references around what a run touches, resolved; all of the source's when its last run
    broke off."""
    ends = ending(comparison, now)
    everything = broke_off(connection, known.source)
    folds, ids = _touched(connection, known, comparison, ends)
    if everything:
        folds |= records.all_names(connection, known.source)
    around = records.mentions_around(connection, known.source, folds, ids, known.aliases)
    found = [(_as_known(row[0], known), *row[1:]) for row in around]
    mentionings = mentionings_after([row[0] for row in found], comparison, ends)
    wanted = _native_ids([*(row[0] for row in found), *mentionings], known.aliases)
    if everything:
        wanted |= records.all_organisations(connection, known.source)
    organisations = records.organisations(connection, known.source, wanted)
    published = {key: head.withdrawn is None for key, (head, _) in organisations.items()}
    return Referring(
        resolution=resolve(mentionings, published, known.aliases),
        mentionings=mentionings,
        organisations=organisations,
        shown={row[0].key: row[1:] for row in found},
    )


def _as_known(mentioning: Mentioning, known: Known) -> Mentioning:
    """A stored mention under the key its record is known by now."""
    return replace(mentioning, key=known.renamed.get(mentioning.key, mentioning.key))


def _touched(
    connection: Connection, known: Known, comparison: Comparison, ends: Sequence[Head]
) -> tuple[set[str], set[str]]:
    """Folded names and ids that this run's drafts mention, or that what it touches mentioned."""
    folds, ids = touched_names(comparison)
    moved = (*comparison.changed, *comparison.touched)
    stored = [known.heads[draft.kind, draft.native_id].no for draft in moved]
    more_folds, more_ids = records.mentioned_by(connection, [*stored, *(h.no for h in ends)])
    return folds | more_folds, ids | more_ids


def _native_ids(mentionings: Sequence[Mentioning], aliases: Mapping[str, str]) -> set[str]:
    """Native ids of every organisation these mentions may mean."""
    named = {UNNAMED + m.mention.fold for m in mentionings}
    ids = {m.mention.native_id for m in mentionings if m.mention.native_id}
    return named | ids | {aliases[name] for name in named & aliases.keys()}
