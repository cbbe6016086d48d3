"""Drafts, harvests and runs of them, made by hand: the pipeline's middle without its ends."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from aggregator.decide import compare, decide
from aggregator.harvest import Batch, Draft, Harvest, Mention
from aggregator.plan import Plan, steps
from aggregator.runs import Report
from aggregator.store import knowledge
from aggregator.store.apply import Errand, apply_steps
from aggregator.store.conclude import Ending, conclude
from aggregator.store.database import Database
from aggregator.store.leases import Lease, take
from aggregator.store.records import batches
from aggregator.store.sources import Registered, identity, origins, register
from aggregator.store.tables import document, entity
from aggregator.working.clock import ShiftedClock
from connectors.base import Everything
from schema import Offer, canonical, digest, encode
from schema.edition import Edition, Origin
from schema.identity import fold_name
from schema.index import index_of

HOUR = timedelta(hours=1)


def mention(name: str, native_id: str | None = None, **said: object) -> Mention:
    body = canonical({"title": {"de": name}, "text_languages": ["de"], **said})
    return Mention(native_id=native_id, name=name, fold=fold_name(name), said=body)


def draft(key: str, title: str = "Bäume gießen", **more: object) -> Draft:
    """An offer's draft; `by` is its mention, `stamp` its stamp, the rest are fields."""
    by = more.pop("by", mention("Grünhof e.V."))
    stamp = str(more.pop("stamp", "1"))
    partial = bool(more.pop("partial", False))
    offer = Offer.model_validate({"native_id": key, "title": {"de": title}, **more})
    body = encode(offer)
    assert by is None or isinstance(by, Mention)
    return Draft(
        kind="offer",
        native_id=key,
        raw_key=key,
        fingerprint=digest(body, stamp.encode(), bytes(partial)),
        body=body,
        index=index_of(offer),
        stamp=stamp,
        mention=by,
        partial=partial,
    )


def harvest(drafts: Iterable[Draft] = (), **more: object) -> Harvest:
    """A complete harvest of these drafts; `more` are fields of its batch."""
    made = Harvest()
    made.add(Batch(**{"drafts": tuple(drafts), "complete": Everything(), **more}))  # type: ignore[arg-type]
    return made


@dataclass
class Bench:
    """Runs harvests against a database as the pipeline would, under a clock it can push."""

    database: Database
    source: str = "freinet"
    clock: ShiftedClock = field(default_factory=ShiftedClock)

    def __post_init__(self) -> None:
        origin = Origin(id=self.source, name="Freiwilligen-Agentur")
        one = Registered(origin=origin, connector="freinet", enabled=True)
        self.database.write_now(lambda c: register(c, [one], self.clock.now(c)))

    def lease(self) -> Lease:
        lease = self.database.write_now(take, self.source, "bench", self.clock)
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
            zone=ZoneInfo("Europe/Berlin"),
        )

    def plan(self, taken: Harvest) -> Plan:
        return self.database.read_now(self._plan, taken)

    def _plan(self, connection: Connection, taken: Harvest) -> Plan:
        known = knowledge.known(connection, self.source)
        comparison = compare(taken, known)
        now = self.clock.now(connection)
        referring = knowledge.referring(connection, known, comparison, now)
        return decide(taken, known, comparison, referring, now)

    def run(self, taken: Harvest, chunk: int = 500) -> Plan:
        """One whole run of a harvest."""
        lease = self.lease()
        errand = self.errand(lease, taken)
        plan = self.plan(taken)
        for some in batches(steps(plan), chunk):
            self.database.write_now(apply_steps, errand, some)
        report = Report(source=self.source, run=lease.run, outcome=plan.outcome, counts=plan.counts)
        ending = Ending(report=report, every=HOUR)
        self.database.write_now(conclude, errand, plan, ending)
        return plan

    def entities(self, kind: str) -> list[object]:
        """Live entities of a kind, oldest number first."""
        wanted = select(entity).where(entity.c.kind == kind, entity.c.state == "live")
        return list(self.database.read_now(lambda c: c.execute(wanted.order_by(entity.c.no)).all()))

    def documents(self) -> dict[int, bytes]:
        """Entity number → stored document."""
        rows = select(document.c.entity_no, document.c.json)
        return self.database.read_now(lambda c: {row[0]: row[1] for row in c.execute(rows)})

    def head(self) -> int:
        """The newest change number."""
        from aggregator.store.tables import feed

        return int(self.database.read_now(lambda c: c.execute(select(feed.c.head)).scalar_one()))
