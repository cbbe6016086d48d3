"""Is what stands in a database sound? Every rule that holds after every commit, checked at once.

Used by random histories, by concurrent publishers and after every kill. Changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from unittest.mock import patch

import orjson
from sqlalchemy import Connection, func, select

from aggregator.harvest import Harvest
from aggregator.merge import EDITOR
from aggregator.store import knowledge
from aggregator.store.bits import BLOCK, unpacked
from aggregator.store.entities import (
    Frame,
    compose,
    index_columns,
    load,
    publication,
    render,
    stored_documents,
)
from aggregator.store.grams import grams_of
from aggregator.store.planning import plan_of
from aggregator.store.records import batches
from aggregator.store.refresh import frame_now
from aggregator.store.search import searchable_of
from aggregator.store.tables import (
    component,
    day_count,
    day_term_count,
    document,
    entity,
    facet,
    facet_entry,
    feed,
    occurrence,
    record,
    run,
    search_block,
    search_entry,
    search_segment,
)
from aggregator.working.clock import DatabaseClock
from schema import decode
from schema.formats.ical import components
from schema.index import UNMAPPED, index_of

Faults = Iterator[str]


def faults(connection: Connection) -> list[str]:
    """Everything that is wrong, in words; empty when nothing is."""
    frame = frame_now(connection, DatabaseClock())
    checks: tuple[Callable[[Connection], Faults], ...] = (
        _change_numbers,
        _one_document_for_each_live_entity,
        _records_and_entities_live_together,
        _references_lead_to_live_organisations,
        _totals,
        _facet_counts,
        _day_counts,
        _runs_add_up,
        _blocks_hold_what_entries_say,
    )
    found = [fault for check in checks for fault in check(connection)]
    return found or list(_stored_equals_rendered(connection, frame))


def leftovers(connection: Connection, source: str) -> list[str]:
    """What resolving every reference of a source anew would still do; after a run that was
    concluded nothing."""
    taken = Harvest()
    now = DatabaseClock().now(connection)
    with patch.object(knowledge, "broke_off", return_value=True):
        plan = plan_of(connection, source, taken, now, plausible=None)
    return [
        *(f"organisation {put.native_id} should be published anew" for put in plan.puts),
        *(f"organisation {removal.head.native_id} should end" for removal in plan.removals),
        *(f"record {one.record_no} should show {one.target}" for one in plan.rerenders),
    ]


def _change_numbers(connection: Connection) -> Faults:
    head, last_entity, last_record = connection.execute(
        select(feed.c.head, feed.c.last_entity, feed.c.last_record)
    ).one()
    for what, column, counter in (
        ("change", entity.c.change, head),
        ("entity", entity.c.no, last_entity),
        ("record", record.c.no, last_record),
    ):
        newest = connection.execute(select(func.max(column))).scalar() or 0
        if newest != counter:
            yield f"the counter of {what} numbers says {counter}, the newest is {newest}"


def _one_document_for_each_live_entity(connection: Connection) -> Faults:
    live = set(connection.execute(select(entity.c.no).where(entity.c.state == "live")).scalars())
    shown = set(connection.execute(select(document.c.entity_no)).scalars())
    if live != shown:
        yield f"live without document {live - shown}, documents of nothing live {shown - live}"
    for table in (facet_entry, occurrence, component, search_entry):
        held = set(connection.execute(select(table.c.entity_no)).scalars())
        if not held <= live:
            yield f"{table.name} of nothing live {held - live}"


def _records_and_entities_live_together(connection: Connection) -> Faults:
    rows = connection.execute(
        select(entity.c.no, entity.c.state, record.c.no.label("record"))
        .outerjoin(
            record,
            (record.c.entity_no == entity.c.no)
            & record.c.withdrawn.is_(None)
            & (record.c.source != EDITOR),
        )
        .where((entity.c.state == "live") != record.c.no.is_not(None))
    )
    for row in rows:
        yield f"entity {row.no} is {row.state}, its live record is {row.record}"


def _references_lead_to_live_organisations(connection: Connection) -> Faults:
    shown = entity.alias("shown")
    rows = connection.execute(
        select(entity.c.no, shown.c.no.label("shown"), shown.c.state)
        .outerjoin(shown, shown.c.id == entity.c.ref_entity)
        .where(entity.c.state == "live", entity.c.ref_entity.is_not(None))
        .where(shown.c.no.is_(None) | (shown.c.state != "live"))
    )
    for row in rows:
        yield f"entity {row.no} shows entity {row.shown}, which is {row.state}"


def _totals(connection: Connection) -> Faults:
    live = select(entity.c.kind, func.count()).where(entity.c.state == "live")
    counted = {row[0]: row[1] for row in connection.execute(live.group_by(entity.c.kind))}
    kept = connection.execute(select(facet.c.kind, facet.c.n).where(facet.c.name == ""))
    told = {kind: n for kind, n in kept if n}
    if counted != told:
        yield f"totals say {told}, live are {counted}"


def _facet_counts(connection: Connection) -> Faults:
    same = (entity.c.no == facet_entry.c.entity_no) & (entity.c.change == facet_entry.c.change)
    rows = select(facet_entry.c.facet, func.count()).join(entity, same)
    counted = {row[0]: row[1] for row in connection.execute(rows.group_by(facet_entry.c.facet))}
    kept = connection.execute(select(facet.c.id, facet.c.n).where(facet.c.name != ""))
    told = {number: n for number, n in kept if n}
    if counted != told:
        yield f"facets count {told}, entities at their change have {counted}"


def _blocks_hold_what_entries_say(connection: Connection) -> Faults:
    entries = connection.execute(select(search_entry)).all()
    told: dict[tuple[int, int], int] = {}
    for block, upto in connection.execute(select(search_segment)):
        for no, marks, words in entries:
            if block * BLOCK <= no <= upto:
                for gram in grams_of(marks, words):
                    told[block, gram] = told.get((block, gram), 0) | 1 << no % BLOCK
    kept = {(b, gram): unpacked(bits) for b, gram, bits in connection.execute(select(search_block))}
    if kept != told:
        yield f"blocks differ from entries in {kept.items() ^ told.items()}"


def _day_counts(connection: Connection) -> Faults:
    live = [
        (row.first_key.split("/", 1)[0], row.kind, row.no, row.status or "")
        for row in connection.execute(select(entity).where(entity.c.state == "live"))
    ]
    terms: dict[int, list[str]] = {}
    categories = (
        select(facet_entry.c.entity_no, facet.c.value)
        .join(facet, facet.c.id == facet_entry.c.facet)
        .where(facet.c.name == "category")
    )
    for no, term in connection.execute(categories):
        terms.setdefault(no, []).append("" if term == UNMAPPED else term)
    by_status = Counter((source, kind, status) for source, kind, _, status in live)
    by_term = Counter((s, kind, term) for s, kind, no, _ in live for term in terms.get(no, [""]))
    for table, last, counted in (
        (day_count, "status", by_status),
        (day_term_count, "term", by_term),
    ):
        newest: dict[tuple[str, str, str], int] = {}
        for row in connection.execute(select(table).order_by(table.c.day)):
            newest[row.source, row.kind, getattr(row, last)] = row.n
        told = {key: n for key, n in newest.items() if n}
        if told != dict(counted):
            yield f"{table.name} says {told}, live are {dict(counted)}"


def _runs_add_up(connection: Connection) -> Faults:
    for row in connection.execute(select(run).where(run.c.counts.is_not(None))):
        counts = orjson.loads(row.counts)
        parts = sum(counts[name] for name in ("new", "changed", "same", "quarantined", "withheld"))
        if counts["found"] != parts:
            yield f"run {row.id} found {counts['found']} and accounts for {parts}"


def _stored_components(connection: Connection, nos: Sequence[int]) -> dict[int, dict[str, bytes]]:
    found: dict[int, dict[str, bytes]] = {no: {} for no in nos}
    for row in connection.execute(select(component).where(component.c.entity_no.in_(nos))):
        found[row.entity_no][row.language] = row.ics
    return found


def _stored_equals_rendered(connection: Connection, frame: Frame) -> Faults:
    nos = connection.execute(
        select(entity.c.no).where(entity.c.state == "live").order_by(entity.c.no)
    )
    for batch in batches(nos.scalars().all()):
        stored = stored_documents(connection, batch)
        calendars = _stored_components(connection, batch)
        found_by = searchable_of(connection, batch)
        rows = {r.no: r for r in connection.execute(select(entity).where(entity.c.no.in_(batch)))}
        for no, standing in load(connection, batch).items():
            composed = compose(standing, frame)
            assert composed is not None
            assert standing.modified is not None
            if render(standing, composed, frame, standing.modified) != stored[no]:
                yield f"entity {no} would be rendered otherwise"
            published = publication(standing, composed, standing.modified)
            if standing.kind == "event" and calendars[no] != {
                one.language: one.ics for one in components(published, frame.edition)
            }:
                yield f"entity {no} would have other components"
            made = index_of(decode(standing.kind, composed.lead.native_id, composed.body))
            columns = {name: getattr(rows[no], name) for name in index_columns(made)}
            facets = composed.facets(made)
            if (columns, standing.facets) != (index_columns(made), facets):
                yield f"entity {no} would be indexed otherwise"
            if found_by[no] != composed.searchable(standing.kind, made):
                yield f"entity {no} would be found by other words"
            if standing.digest != composed.digest:
                yield f"entity {no} has another digest"
