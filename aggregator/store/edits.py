"""Editors' decisions as records of the source `editor`: written, replaced, expired.

They travel through the same Put, Removal and chunk as everything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from pydantic import ValidationError
from sqlalchemy import Connection, select

from aggregator.harvest import Spool
from aggregator.merge import EDITOR, apply_patch
from aggregator.plan import Head, Put, Removal
from aggregator.runs import Counts, Outcome, Report
from aggregator.store import runs
from aggregator.store.apply import (
    Errand,
    apply_removals,
    apply_steps,
    close_work,
    open_work,
    removal_entities,
)
from aggregator.store.changes import fence
from aggregator.store.entities import Standing, compose, load
from aggregator.store.records import editor_heads, expired
from aggregator.store.refresh import frame_now
from aggregator.store.tables import entity, run, source
from aggregator.working.clock import Clock
from schema import Problem, Rejected, canonical, decode, digest
from schema.checks import check
from schema.entities import KINDS
from schema.problems import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A decision: which fields of an entity, who says so, until when, why."""

    entity: UUID
    patch: Mapping[str, Any]
    who: str
    reason: str
    until: datetime | None = None


def set_fields(connection: Connection, edit: Edit, clock: Clock, zone: ZoneInfo) -> None:
    """Put an editor's patch over an entity; patches of the same entity add up. Raises
    `KeyError` for an entity that is not live and `Rejected` for a patch the schema refuses."""
    errand = _errand(connection, clock, zone)
    no = connection.execute(
        select(entity.c.no).where(entity.c.id == edit.entity, entity.c.state == "live")
    ).scalar()
    if no is None:
        raise KeyError(edit.entity)
    standing = load(connection, [no])[no]
    head = editor_heads(connection, [str(edit.entity)]).get(str(edit.entity))
    body = _patched(standing, head, edit)
    _validate(connection, standing, clock, body)
    put = Put(
        kind=standing.kind,
        native_id=str(edit.entity),
        raw_key=None,
        fingerprint=None,
        stamp=edit.who,
        body=body,
        digest=digest(body),
        index=None,
        head=head,
        until=edit.until,
        edits=no,
    )
    apply_steps(connection, errand, [put])
    _close(connection, errand, Counts(found=1, changed=1), edit.reason)


def expire(connection: Connection, clock: Clock, zone: ZoneInfo) -> int:
    """End every decision whose time is over; returns how many."""
    if not expired(connection, clock.now(connection)):
        return 0
    errand = _errand(connection, clock, zone)
    heads = expired(connection, clock.now(connection))
    removals = [Removal(head=head) for head in heads]
    work = open_work(connection, errand, removal_entities(removals))
    apply_removals(connection, work, (), removals)
    close_work(connection, work)
    _close(connection, errand, Counts(withdrawn=len(heads)), "expired")
    return len(heads)


def _patched(standing: Standing, head: Head | None, edit: Edit) -> bytes:
    former = standing.parts.get(head.no) if head else None
    before: Any = orjson.loads(former.body) if former else {}
    return canonical(_added(before, dict(edit.patch)))


def _added(before: Any, patch: Any) -> Any:
    """Two patches as one: maps add up at every depth; a null stays, it removes later."""
    if not (isinstance(before, dict) and isinstance(patch, dict)):
        return patch
    return before | {name: _added(before.get(name), change) for name, change in patch.items()}


def _validate(connection: Connection, standing: Standing, clock: Clock, body: bytes) -> None:
    composed = compose(_without_editor(standing), frame_now(connection, clock))
    assert composed is not None
    patch = orjson.loads(body)
    fixed = patch.keys() - _editable(standing.kind)
    if fixed:
        raise Rejected(Problem("record.invalid", min(fixed), "no field that can be edited"))
    merged = apply_patch(orjson.loads(composed.body), patch)
    try:
        made = decode(standing.kind, composed.lead.native_id, canonical(merged))
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        raise Rejected(Problem("record.invalid", path, first["msg"])) from None
    for problem in check(made):
        if problem.level is Level.ERROR:
            raise Rejected(problem)


def _editable(kind: str) -> set[str]:
    """What stands in a body; keys and references are columns of their own."""
    fields = KINDS[kind].model_fields.items()
    return {name for name, field in fields if not field.exclude}


def _without_editor(standing: Standing) -> Standing:
    parts = {no: p for no, p in standing.parts.items() if p.source != EDITOR}
    return replace(standing, parts=parts)


def _errand(connection: Connection, clock: Clock, zone: ZoneInfo) -> Errand:
    """Opened under the editor's fence: what is read from here on nobody else edits."""
    number = connection.execute(select(source.c.fence).where(source.c.id == EDITOR)).scalar_one()
    fence(connection, EDITOR, number)
    frame = frame_now(connection, clock)
    opened = connection.execute(
        run.insert().values(source=EDITOR, started=frame.now).returning(run.c.id)
    ).scalar_one()
    return Errand(
        source=EDITOR,
        fence=number,
        run=opened,
        mapping=None,
        spool=Spool(),
        edition=frame.edition,
        origins=frame.origins,
        clock=clock,
        zone=zone,
    )


def _close(connection: Connection, errand: Errand, counts: Counts, reason: str) -> None:
    report = Report(
        source=EDITOR,
        run=errand.run,
        outcome=Outcome.APPLIED,
        counts=counts,
        findings={"edit": {"count": 1, "examples": [{"path": "", "message": reason}]}},
    )
    now = errand.clock.now(connection)
    runs.close(connection, report, now)
    runs.give_back(connection, EDITOR, **runs.said(report, now), succeeded=now)
