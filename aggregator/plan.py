"""What a run is going to do, as data. Computed before a row is written; executes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from aggregator.harvest import Body, Mention, Refusal
from aggregator.runs import Counts, Outcome
from schema import Index, Problem
from schema.formats.json import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is known of a stored record without its body. `raw_key` None: derived from others."""

    no: int
    kind: str
    native_id: str
    raw_key: str | None
    fingerprint: bytes | None
    digest: bytes
    stamp: str | None
    mapping: bytes | None
    entity_no: int
    missing_since: datetime | None
    withdrawn: datetime | None
    withheld: datetime | None = None
    """Since when a removal or change of it is held back."""
    starts: datetime | None = None
    ends: datetime | None = None
    """Of all its occurrences; None: it has no time, or no end."""
    likeness: bytes | None = None
    """What it is recognised by under another id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A record to insert or update, and its entity to publish."""

    kind: str
    native_id: str
    raw_key: str | None
    fingerprint: bytes | None
    stamp: str | None
    body: Body
    digest: bytes
    index: Index | None
    """None: computed when the entity is composed."""
    likeness: bytes | None = None
    mention: Mention | None = None
    target: Target | None = None
    head: Head | None = None
    entity_key: str = ""
    """Key the id of a new entity is made from."""
    was: str | None = None
    """Former native id: the record is re-keyed and an alias kept."""
    until: datetime | None = None
    """When an editor's decision ends."""
    edits: int | None = None
    """Number of the entity an editor's new record belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """A record whose raw or id is new and whose body is not: stored silently."""

    head: Head
    raw_key: str
    fingerprint: bytes
    stamp: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerender:
    """An unchanged record whose organisation became another one."""

    record_no: int
    entity_no: int
    target: Target | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A record that ends. `into`: the entity that goes on in its place."""

    head: Head
    into: UUID | None = None


class What(StrEnum):
    """What a run would do to a record and does not."""

    REMOVAL = "removal"
    CHANGE = "change"


Item = tuple[str, str, What]
"""(kind, native id, what)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A removal or change that is held back. `said` shows what a change would alter: field →
    (as published, as the source says now)."""

    head: Head
    what: What
    fingerprint: bytes | None = None
    said: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def item(self) -> Item:
        """Its key."""
        return (self.head.kind, self.head.native_id, self.what)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A record that is marked as withheld, or no more so."""

    head: Head
    withheld: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All of it, in the order it is applied: organisations stand first in `puts`."""

    puts: tuple[Put, ...] = ()
    touches: tuple[Touch, ...] = ()
    rerenders: tuple[Rerender, ...] = ()
    returned: tuple[Head, ...] = ()
    missing: tuple[Head, ...] = ()
    removals: tuple[Removal, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    released: tuple[tuple[str, str], ...] = ()
    """(kind, locator) of quarantine rows that map again."""
    marks: tuple[Mark, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    """What is held back, marked already or not."""
    settled: tuple[Item, ...] = ()
    """What was held back or decided, and nothing is left to be said of."""
    counts: Counts = field(default_factory=Counts)
    outcome: Outcome = Outcome.APPLIED
    problem: Problem | None = None
    findings: tuple[Problem, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing but the run and source rows would be written."""
        steps = (self.puts, self.touches, self.rerenders, self.returned, self.marks, self.missing)
        ends = (self.removals, self.refusals, self.released, self.withheld, self.settled)
        return not (any(steps) or any(ends))


Step = Put | Touch | Rerender | Mark | Head
"""One thing a chunk does before the last one; a Head is a record that was missing and returns."""


def steps(plan: Plan) -> Iterator[Step]:
    """Everything that may be applied in any number of chunks, in order."""
    yield from plan.puts
    yield from plan.touches
    yield from plan.rerenders
    yield from plan.marks
    yield from plan.returned
