"""Drafts, harvests and runs of them, made by hand: the pipeline's middle without its ends."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection, Row, Table, select

from aggregator.decisions import Decision
from aggregator.guard import Plausible
from aggregator.harvest import Batch, Draft, Harvest, Mention, Refusal
from aggregator.plan import Plan, steps
from aggregator.runs import Outcome, Report
from aggregator.scope import proven
from aggregator.store import history, withheld
from aggregator.store.apply import Errand, apply_steps
from aggregator.store.conclude import Ending, conclude
from aggregator.store.database import Database
from aggregator.store.leases import Lease, take
from aggregator.store.planning import plan_of
from aggregator.store.records import batches, fingerprints
from aggregator.store.sources import Registered, identity, origins, register
from aggregator.store.tables import document, entity, feed
from aggregator.working.clock import ShiftedClock
from connectors.base import Everything
from schema import Event, Offer, Problem, canonical, digest, encode
from schema.edition import Edition, Origin
from schema.identity import likeness
from schema.index import index_of
from schema.normal.names import fold_name

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ZONE = ZoneInfo("Europe/Berlin")


def mention(name: str, native_id: str | None = None, **said: object) -> Mention:
    body = canonical({"title": {"de": name}, **said})
    return Mention(native_id=native_id, name=name, fold=fold_name(name), said=body)


def draft(key: str, title: str = "Bäume gießen", **more: object) -> Draft:
    """An offer's draft; `by` is its mention, `raw` the raw it is made of, the rest are
    fields."""
    by = more.pop("by", mention("Grünhof e.V."))
    stamp = str(more.pop("stamp", "1"))
    partial = bool(more.pop("partial", False))
    raw_key = str(more.pop("raw", key))
    offer = Offer.model_validate({"native_id": key, "title": {"de": title}, **more})
    body = encode(offer)
    assert by is None or isinstance(by, Mention)
    said = canonical([by.native_id, by.name, (by.said or b"").decode()]) if by else b""
    return Draft(
        kind="offer",
        native_id=key,
        raw_key=raw_key,
        fingerprint=digest(body, said, stamp.encode(), bytes([partial])),
        body=body,
        index=index_of(offer),
        stamp=stamp,
        mention=by,
        partial=partial,
    )


def all_day(start: str) -> dict[str, bool]:
    """What a start says of itself in JSON: a date means whole days."""
    return {"all_day": True} if len(start) == len("2026-12-05") else {}


def event(
    key: str, title: str = "Gartentag", at: str = "2026-12-05T10:00", **more: object
) -> Draft:
    """An event's draft: `at` is its start in Berlin, a day for a whole one; `by` is its mention,
    `raw` the raw it is made of, the rest are fields."""
    by, raw_key = more.pop("by", None), str(more.pop("raw", key))
    assert by is None or isinstance(by, Mention)
    when = {"start": at, "zone": "Europe/Berlin", **all_day(at)}
    fields = {"native_id": key, "title": {"de": title}, "when": when, **more}
    made = Event.model_validate(fields)
    body = encode(made)
    return Draft(
        kind="event",
        native_id=key,
        raw_key=raw_key,
        fingerprint=digest(body, raw_key.encode(), canonical(by and [by.native_id, by.name])),
        body=body,
        index=index_of(made),
        mention=by,
        likeness=likeness(made),
    )


def refusal(key: str | None, mark: str = "bad", code: str = "record.no_title") -> Refusal:
    """A raw nobody could map; `mark` stands for what it says."""
    return Refusal(
        kind="offer",
        key=key,
        locator=key or f"at {mark}",
        fingerprint=None if key is None else digest(key.encode(), mark.encode()),
        problems=(Problem(code, "title", mark),),
        raw=mark.encode(),
    )


def harvest(drafts: Iterable[Draft] = (), **more: Any) -> Harvest:
    """A complete harvest of these drafts; `more` are fields of its batch."""
    made = Harvest()
    made.add(Batch(**{"drafts": tuple(drafts), "complete": Everything(), **more}))
    return made


@dataclass
class Bench:
    """Runs harvests against a database as the pipeline would, under a clock it can push."""

    database: Database
    source: str = "freinet"
    clock: ShiftedClock = field(default_factory=ShiftedClock)
    is_registered: bool = False
    plausible: Plausible | None = field(default_factory=Plausible)

    def __post_init__(self) -> None:
        if not self.is_registered:
            self.register()

    def register(self, **facts: str) -> None:
        """Make the source's row say these facts about it."""
        origin = Origin(**{"id": self.source, "name": "Freiwilligen-Agentur", **facts})
        one = Registered(origin=origin, connector="freinet", enabled=True)
        self.database.write_now(lambda c: register(c, [one], self.clock.now(c)))

    def lease(self, owner: str = "bench") -> Lease:
        lease = self.database.write_now(take, self.source, owner, self.clock)
        assert lease is not None
        return lease

    def errand(self, lease: Lease, taken: Harvest) -> Errand:
        public_url, instance = self.database.read_now(identity)
        return Errand(
            source=self.source,
            fence=lease.fence,
            run=lease.run,
            mapping=b"m",
            spool=taken.spool,
            edition=Edition(public_url=public_url, instance=instance),
            origins=self.database.read_now(origins),
            clock=self.clock,
            zone=ZONE,
        )

    def listing(self, *listed: Draft | Refusal, **more: Any) -> Harvest:
        """A complete harvest as the sandbox sends it: what is known comes as `same`."""
        marks = self.database.read_now(fingerprints, self.source)
        known = {(kind, key): mark for kind, key, mark in marks}
        drafts, refusals, same = [], [], []
        for one in listed:
            key = one.raw_key if isinstance(one, Draft) else one.key
            if key is not None and known.get((one.kind, key)) == one.fingerprint:
                same.append((one.kind, key))
            elif isinstance(one, Draft):
                drafts.append(one)
            else:
                refusals.append(one)
        return harvest(drafts, **{"refusals": tuple(refusals), "same": tuple(same), **more})

    def plan(self, taken: Harvest) -> Plan:
        return self.database.read_now(self._plan, taken)

    def _plan(self, connection: Connection, taken: Harvest) -> Plan:
        now = self.clock.now(connection)
        return plan_of(connection, self.source, taken, now, plausible=self.plausible)

    def run(self, taken: Harvest, chunk: int = 500) -> Plan:
        """One whole run of a harvest."""
        lease = self.lease()
        errand = self.errand(lease, taken)
        plan = self.plan(taken)
        for some in batches(steps(plan), chunk):
            self.database.write_now(apply_steps, errand, some)
        whole = plan.outcome in (Outcome.APPLIED, Outcome.DEGRADED)
        ending = replace(
            self.ending(lease, plan), complete=proven(taken) if whole else None, stands=whole
        )
        self.database.write_now(conclude, errand, plan, ending)
        return plan

    def repeat(self) -> Plan:
        """One whole run of a source that says the same as last time: nothing is read."""
        return self.run(Harvest(repeats=True))

    def close(self, lease: Lease, outcome: Outcome) -> None:
        """End a run that changed no record."""
        plan = Plan(outcome=outcome)
        errand = self.errand(lease, harvest())
        self.database.write_now(conclude, errand, None, self.ending(lease, plan))

    def ending(self, lease: Lease, plan: Plan) -> Ending:
        report = Report(
            source=self.source,
            run=lease.run,
            outcome=plan.outcome,
            counts=plan.counts,
            problem=plan.problem,
        )
        return Ending(report=report, every=HOUR)

    def sync(self, *listed: Draft | Refusal, **more: Any) -> Plan:
        """One whole run of a source that lists exactly this."""
        return self.run(self.listing(*listed, **more))

    def decide(self, decision: Decision) -> int:
        """A person's word about everything that is withheld."""
        return self.database.write_now(
            lambda c: withheld.decide(c, self.source, decision, "eva", self.clock.now(c))
        )

    def roll_back(self, run: int) -> Plan:
        """Take a run back."""
        taken = self.database.read_now(history.before, self.source, run)
        return replace(self, is_registered=True, plausible=None).run(taken)

    def later(self, step: timedelta) -> None:
        """Let time pass."""
        self.clock.push(step)

    def rows(self, table: Table, **where: object) -> list[Row[Any]]:
        """A table's rows whose columns have these values, in the order of its key."""
        wanted = select(table).order_by(*table.primary_key)
        for name, value in where.items():
            wanted = wanted.where(table.c[name] == value)
        return list(self.database.read_now(lambda c: c.execute(wanted).all()))

    def entities(self, kind: str, state: str = "live") -> list[Row[Any]]:
        """Entities of a kind, oldest number first."""
        return self.rows(entity, kind=kind, state=state)

    def documents(self) -> dict[int, bytes]:
        """Entity number → stored document."""
        return {row.entity_no: row.json for row in self.rows(document)}

    def public(self) -> list[dict[str, Any]]:
        """What the public sees, without times, in an order of its own."""
        shown = [_without_times(orjson.loads(json)) for json in self.documents().values()]
        return sorted(shown, key=lambda one: (one["kind"], one["id"]))

    def titles(self, kind: str = "offer") -> list[str]:
        """German titles of what is public, sorted."""
        return sorted(one["title"]["de"] for one in self.public() if one["kind"] == kind)

    def head(self) -> int:
        """The newest change number."""
        (row,) = self.rows(feed)
        return int(row.head)


def _without_times(shown: dict[str, Any]) -> dict[str, Any]:
    for name in ("created", "modified"):
        shown.pop(name)
    for one in shown["sources"]:
        one.pop("fetched")
    return shown
