"""Stored heads made by hand, for deciding without a database."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from aggregator.compare import Known, compare
from aggregator.decide import Referring, decide
from aggregator.guard import Plausible, guard
from aggregator.harvest import Draft, Harvest
from aggregator.plan import Head, Plan
from aggregator.recognising import recognise
from schema import digest

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
INSTANCE = UUID("5f0c0a52-3c5b-4f0e-9d6e-0d1a4a7c1e11")


def head(key: str, **values: Any) -> Head:
    """A published record's head; `values` replace its fields."""
    number = int(key) + 1 if key.isdecimal() else sum(map(ord, key))
    plain = Head(
        no=number,
        kind="offer",
        native_id=key,
        raw_key=key,
        fingerprint=digest(key.encode()),
        digest=digest(b"body of", key.encode()),
        stamp="1",
        mapping=b"m",
        entity_no=number,
        missing_since=None,
        withdrawn=None,
    )
    return replace(plain, **values)


def stored(draft: Draft, **values: Any) -> Head:
    """The head a draft leaves when it was applied."""
    return head(draft.native_id, fingerprint=draft.fingerprint, digest=draft.digest, **values)


def known(*heads: Head, **more: Any) -> Known:
    """What the store knows of the source `freinet`."""
    by_key = {(one.kind, one.native_id): one for one in heads}
    return replace(Known(source="freinet", instance=INSTANCE, heads=by_key), **more)


def plan_of(taken: Harvest, state: Known, now: datetime = NOW) -> Plan:
    """What a run of this harvest would do, references aside."""
    state = recognise(taken, state)
    verdict = guard(compare(taken, state, now), state, {}, Plausible())
    return decide(taken, state, verdict, Referring(), now)
