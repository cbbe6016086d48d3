"""Entities as they stand: stored rows with their records' parts, and settling them anew.

Settling composes an entity from its live records, compares digests, and adds rows to `Writes`
only where what the public sees changes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select

from aggregator.harvest import Mention
from aggregator.merge import EDITOR, by_authority, merge
from aggregator.store.changes import Numbers
from aggregator.store.derived import Derived, derive, rows_of
from aggregator.store.records import batches
from aggregator.store.search import Searchable
from aggregator.store.tables import document, entity, facet, facet_entry, record
from aggregator.store.writes import Writes
from schema import Event, decode, digest
from schema.edition import Edition, Origin
from schema.formats import json as public_json
from schema.formats.json import Provenance, Published, Target, inputs_of
from schema.index import Facet, Index, index_of
from schema.searching import naming


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A live record of an entity."""

    record_no: int
    source: str
    native_id: str
    body: bytes
    digest: bytes
    fetched: datetime
    mention: Mention | None = None
    withheld: bool = False


@dataclass(slots=True, kw_only=True)
class Standing:
    """An entity in work: its stored row's values (`change` 0: not stored yet) and its parts."""

    no: int
    id: UUID
    kind: str
    state: str
    created: datetime
    digest: bytes
    first_key: str
    ref_entity: UUID | None
    change: int = 0
    modified: datetime | None = None
    inputs: bytes = b""
    status: str | None = None
    facets: frozenset[Facet] = frozenset()
    parts: dict[int, Part] = field(default_factory=dict)
    json: bytes | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What rendering needs besides the entity: the edition, who the sources are, and now."""

    edition: Edition
    origins: Mapping[str, Origin]
    now: datetime

    def origin(self, source: str) -> Origin:
        """A source as the public sees it."""
        return self.origins.get(source) or Origin(id=source, name=source)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where settling writes: the frame it renders in, change numbers, and rows to come."""

    frame: Frame
    numbers: Numbers
    writes: Writes


def load(connection: Connection, entity_nos: Iterable[int]) -> dict[int, Standing]:
    """Entities by number, with their live parts and facets."""
    standings: dict[int, Standing] = {}
    for batch in batches(sorted(set(entity_nos))):
        rows = connection.execute(select(entity).where(entity.c.no.in_(batch)))
        standings |= {row.no: _standing(row) for row in rows}
        for row in connection.execute(
            select(record).where(record.c.entity_no.in_(batch), record.c.withdrawn.is_(None))
        ):
            standings[row.entity_no].parts[row.no] = part_of(row)
        for no, facets in _facets(connection, batch).items():
            standings[no].facets = frozenset(facets)
    return standings


def _facets(connection: Connection, entity_nos: Sequence[int]) -> dict[int, list[Facet]]:
    found: dict[int, list[Facet]] = defaultdict(list)
    rows = connection.execute(
        select(facet_entry.c.entity_no, facet.c.name, facet.c.value)
        .join(facet, facet.c.id == facet_entry.c.facet)
        .where(facet_entry.c.entity_no.in_(entity_nos))
    )
    for no, name, value in rows:
        found[no].append((name, value))
    return found


def stored_documents(connection: Connection, entity_nos: Sequence[int]) -> dict[int, bytes]:
    """Entity numbers (at most a page of them) → their stored documents."""
    rows = select(document.c.entity_no, document.c.json).where(document.c.entity_no.in_(entity_nos))
    return {row.entity_no: row.json for row in connection.execute(rows)}


def _standing(row: Row[*tuple[Any, ...]]) -> Standing:
    return Standing(
        no=row.no,
        id=row.id,
        kind=row.kind,
        state=row.state,
        created=row.created,
        modified=row.modified,
        digest=row.digest,
        first_key=row.first_key,
        ref_entity=row.ref_entity,
        change=row.change,
        inputs=row.inputs,
        status=row.status,
    )


def mention_of(row: Row[*tuple[Any, ...]]) -> Mention | None:
    """How a row of `record` or `record_version` names an organisation."""
    if row.ref_name is None:
        return None
    return Mention(native_id=row.ref_id, name=row.ref_name, fold=row.ref_fold, said=row.said)


def part_of(row: Row[*tuple[Any, ...]]) -> Part:
    """A row of `record` as a part."""
    return Part(
        record_no=row.no,
        source=row.source,
        native_id=row.native_id,
        body=row.body,
        digest=row.digest,
        fetched=row.fetched,
        mention=mention_of(row),
        withheld=row.withheld is not None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What an entity's parts say together."""

    body: bytes
    digest: bytes
    target: Target | None
    sources: tuple[Provenance, ...]
    inputs: bytes
    lead: Part
    withheld: bool
    organisation: UUID | None

    def facets(self, index: Index) -> frozenset[Facet]:
        """All facets: those of the entity itself, of who stands behind it, of whom it names."""
        found = {*index.facets}
        found |= {("source", one.origin.id) for one in self.sources}
        found |= {("licence", one.origin.licence) for one in self.sources[:1]}
        if self.organisation is not None:
            found.add(("organisation", str(self.organisation)))
        if self.withheld:
            found.add(("freshness", "withheld"))
        return frozenset(found)

    def searchable(self, kind: str, index: Index) -> Searchable:
        """What it is found by when somebody looks for words."""
        terms = (value for name, value in index.facets if name == "category")
        named = self.target.name if self.target else None
        return Searchable(" ".join((kind, *terms)), naming(index.words, named))


def compose(standing: Standing, frame: Frame) -> Composed | None:
    """An entity's parts → what they say together; None when no source stands behind it."""
    parts = sorted(standing.parts.values(), key=lambda part: by_authority(part.source))
    real = [part for part in parts if part.source != EDITOR]
    if not real:
        return None
    lead = real[0]
    shown = standing.ref_entity
    named = lead.mention.name if lead.mention else ""
    target = Target(entity=shown, name=named) if shown and named else None
    origins = [frame.origin(part.source) for part in real]
    withheld = all(part.withheld for part in real)
    marks = (b"withheld",) if withheld else ()
    return Composed(
        body=merge([(part.source, part.body) for part in parts]),
        digest=digest(*(part.digest for part in parts), shown.bytes if shown else b"", *marks),
        target=target,
        sources=tuple(
            Provenance(origin=origin, fetched=part.fetched)
            for origin, part in zip(origins, real, strict=True)
        ),
        inputs=inputs_of(frame.edition, origins),
        lead=lead,
        withheld=withheld,
        organisation=shown if target else None,
    )


def publication(standing: Standing, composed: Composed, modified: datetime) -> Published:
    """What every public form of the entity is made of."""
    return Published(
        kind=standing.kind,
        id=standing.id,
        body=composed.body,
        target=composed.target,
        sources=composed.sources,
        created=standing.created,
        modified=modified,
        withheld=composed.withheld,
    )


def render(standing: Standing, composed: Composed, frame: Frame, modified: datetime) -> bytes:
    """The entity's public document."""
    return public_json.document(publication(standing, composed, modified), frame.edition)


def settle(standing: Standing, index: Index | None, ledger: Ledger) -> None:
    """Publish the entity anew where it changed, or end it where nothing stands behind it.

    `index` is that of the only part, when the caller has it.
    """
    frame = ledger.frame
    composed = compose(standing, frame)
    if composed is None:
        end(standing, "withdrawn", None, ledger)
        return
    live = standing.state == "live" and not standing.is_new
    if live and (composed.digest, composed.inputs) == (standing.digest, standing.inputs):
        return
    if index is None or len(standing.parts) > 1:
        lead = composed.lead
        index = index_of(decode(standing.kind, lead.native_id, composed.body))
    if live and composed.digest == standing.digest and _reads_the_same(standing, composed, frame):
        _renew(standing, composed, index, ledger)
        return
    _publish(standing, composed, index, ledger)


def _reads_the_same(standing: Standing, composed: Composed, frame: Frame) -> bool:
    """Whether other inputs still give the stored bytes."""
    if standing.modified is None or standing.json is None:
        return False
    return render(standing, composed, frame, standing.modified) == standing.json


def _renew(standing: Standing, composed: Composed, index: Index, ledger: Ledger) -> None:
    """Make what is derived anew where the document stays as it is: no change for readers."""
    assert standing.modified is not None
    published = publication(standing, composed, standing.modified)
    derived = derive(published, ledger.frame.edition, ledger.frame.now)
    ledger.writes.changed_entities.append(
        {
            "key": standing.no,
            "inputs": composed.inputs,
            "truncated": derived.truncated,
            **index_columns(index),
        }
    )
    ledger.writes.searchable[standing.no] = composed.searchable(standing.kind, index)
    facets = composed.facets(index)
    if facets != standing.facets:
        for each in facets ^ standing.facets:
            ledger.writes.facets[standing.kind, *each] += 1 if each in facets else -1
        _replace_facets(standing, facets, standing.change, ledger.writes)
    _replace_derived(standing, derived, ledger.writes, stored=True)
    ledger.numbers.moved |= standing.kind == Event.kind


def _publish(standing: Standing, composed: Composed, index: Index, ledger: Ledger) -> None:
    stored = standing.state == "live" and not standing.is_new
    _count(standing, composed, index, ledger.writes)
    published = publication(standing, composed, ledger.frame.now)
    derived = derive(published, ledger.frame.edition, ledger.frame.now)
    change = ledger.numbers.change()
    row = {
        "state": "live",
        "change": change,
        "modified": ledger.frame.now,
        "digest": composed.digest,
        "inputs": composed.inputs,
        "ref_entity": standing.ref_entity,
        "truncated": derived.truncated,
        **index_columns(index),
    }
    if standing.is_new:
        ledger.writes.new_entities.append({**_identity(standing), **row})
    else:
        ledger.writes.changed_entities.append({"key": standing.no, "merged_into": None, **row})
    if stored:
        ledger.writes.stale_documents.append({"key": standing.no})
    json = public_json.document(published, ledger.frame.edition)
    ledger.writes.documents.append({"entity_no": standing.no, "json": json})
    ledger.writes.searchable[standing.no] = composed.searchable(standing.kind, index)
    _replace_facets(standing, composed.facets(index), change, ledger.writes)
    _replace_derived(standing, derived, ledger.writes, stored=stored)


def _identity(standing: Standing) -> dict[str, Any]:
    return {
        "no": standing.no,
        "id": standing.id,
        "kind": standing.kind,
        "created": standing.created,
        "first_key": standing.first_key,
    }


def _count(standing: Standing, composed: Composed, index: Index, writes: Writes) -> None:
    who = (composed.lead.source, standing.kind)
    if standing.state == "live" and not standing.is_new:
        writes.count(who, standing.status, standing.facets, -1)
    writes.count(who, index.status, composed.facets(index), 1)


def _replace_facets(
    standing: Standing, facets: frozenset[Facet], change: int, writes: Writes
) -> None:
    if standing.facets:
        writes.stale_entries.append({"key": standing.no})
    entries = (((standing.kind, *each), change, standing.no) for each in sorted(facets))
    writes.entries.extend(entries)


def _replace_derived(standing: Standing, derived: Derived, writes: Writes, *, stored: bool) -> None:
    if stored and standing.kind == Event.kind:
        writes.stale_events.append({"key": standing.no})
    writes.occurrences += rows_of(standing.no, derived.occurrences)
    writes.components += rows_of(standing.no, derived.components)


def end(standing: Standing, state: str, into: UUID | None, ledger: Ledger) -> None:
    """Take a live entity back: tombstone with a change number of its own, no document."""
    if standing.state != "live":
        return
    source = standing.first_key.split("/", 1)[0]
    writes = ledger.writes
    writes.count((source, standing.kind), standing.status, standing.facets, -1)
    writes.ended_entities.append(
        {
            "key": standing.no,
            "state": state,
            "merged_into": into,
            "change": ledger.numbers.change(),
            "modified": ledger.frame.now,
        }
    )
    writes.stale_documents.append({"key": standing.no})
    writes.stale_entries.append({"key": standing.no})
    writes.searchable[standing.no] = None
    if standing.kind == Event.kind:
        writes.stale_events.append({"key": standing.no})
    standing.state = state


def index_columns(index: Index) -> dict[str, Any]:
    """Index → values of the entity table's columns."""
    return {
        "sort_title": index.sort_title,
        "status": index.status,
        "commitment": index.commitment,
        "lat": index.lat,
        "lon": index.lon,
        "postal_code": index.postal_code,
        "locality": index.locality,
        "first": index.first,
        "last": index.last,
        "source_modified": index.source_modified,
        "starts": index.starts,
        "ends": index.ends,
    }
