"""The invented town in a database, put there by the pipeline's own hands, at a fixed time.

Everything that an answer can say occurs: entries of all kinds, a series, one held back, one
withdrawn, one merged, one erased.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select, update

from aggregator.harvest import Draft, Mention
from aggregator.settings import PortalSettings
from aggregator.store.database import Database
from aggregator.store.rebuild import finish, rebuild_page
from aggregator.store.refresh import frame_now
from aggregator.store.tables import entity, feed, record
from aggregator.working.clock import ShiftedClock
from schema import KINDS, digest, encode
from schema.entities import Organisation
from schema.identity import entity_id, instance_id, recognised_by
from schema.index import index_of
from schema.normal.names import fold_name
from tests.aggregator.making import Bench
from tests.api.seeding import FixedClock
from tests.contract.town import TOWN, WHOSE
from tests.postgres import PUBLIC_URL

SOURCE: Final = "agentur"
FACTS: Final = {
    "name": "Freiwilligen-Agentur",
    "url": "https://agentur.example/",
    "licence": "cc-by/4.0",
    "attribution": "Freiwilligen-Agentur (erfunden)",
    "share": "open",
}
EPOCH: Final = "1f0c2a7be9d94c5e8a41d2c6b7f3e058"
FORMER: Final = {"withdrawn": ("event", "fort"), "merged": ("organisation", "doppelt")}
ERASED: Final = ("organisation", "fort")
HELD: Final = ("offer", "bald fort")
LONG: Final = timedelta(days=3)
PORTALS: Final = (
    PortalSettings(
        id="energie-halle", title="Energie in Halle", filter="category=energy&city=Halle (Saale)"
    ),
)
"""What the town's service has besides its entries."""


@dataclass(frozen=True, slots=True)
class World:
    """The town in a database: the clock it lives by, and where its entries are."""

    clock: ShiftedClock

    def id(self, kind: str, native_id: str) -> UUID:
        """The public id of an entry."""
        return entity_id(instance_id(PUBLIC_URL), SOURCE, kind, native_id)


def drafted(kind: str, fields: Mapping[str, Any]) -> Draft:
    """An entity of a kind → what the sandbox would send of it."""
    made = KINDS[kind].model_validate(fields)
    body, whose = encode(made), WHOSE.get(made.native_id)
    return Draft(
        kind=kind,
        native_id=made.native_id,
        raw_key=made.native_id,
        fingerprint=digest(body),
        body=body,
        index=index_of(made),
        mention=_mention(whose) if whose else None,
        likeness=recognised_by(made),
    )


def _mention(fields: Mapping[str, Any]) -> Mention:
    made = Organisation.model_validate(fields)
    name = made.title["de"]
    return Mention(native_id=made.native_id, name=name, fold=fold_name(name), said=encode(made))


def settle(database: Database) -> World:
    """Put the town into an empty, migrated database."""
    bench = Bench(database, source=SOURCE, clock=ShiftedClock(FixedClock()), plausible=None)
    bench.clock.push(-4 * LONG)
    bench.register(**FACTS)
    drafts = [drafted(kind, fields) for kind, fields in TOWN]
    bench.sync(*drafts)
    leaving = [one for one in drafts if (one.kind, one.native_id) != FORMER["withdrawn"]]
    for _ in range(2):
        bench.later(LONG)
        bench.sync(*leaving)
    bench.clock.push(-bench.clock.offset)
    world = World(bench.clock)
    database.write_now(_settle, world)
    return world


def _settle(connection: Connection, world: World) -> None:
    held = record.c.kind == HELD[0], record.c.native_id == HELD[1]
    connection.execute(update(record).where(*held).values(withheld=world.clock.now(connection)))
    kind, native_id = FORMER["merged"]
    survivor = connection.execute(
        select(entity.c.id).where(entity.c.id == world.id("organisation", "garten"))
    ).scalar_one()
    _end(connection, world.id(kind, native_id), state="merged", merged_into=survivor)
    _end(connection, world.id(*ERASED), state="erased")
    connection.execute(update(feed).values(epoch=EPOCH))
    _rebuild(connection, world)


def _end(connection: Connection, id_: UUID, **columns: Any) -> None:
    head = connection.execute(select(feed.c.head)).scalar_one() + 1
    connection.execute(update(feed).values(head=head))
    done = connection.execute(
        update(entity).where(entity.c.id == id_).values(change=head, **columns)
    )
    assert done.rowcount == 1


def _rebuild(connection: Connection, world: World) -> None:
    frame, after = frame_now(connection, world.clock), 0
    while True:
        page, _ = rebuild_page(connection, after, frame)
        if page is None:
            break
        after = page
    finish(connection)
