"""Fill a database with entries as a sync leaves them, without one: each is settled and written by
the store itself. Made up, the same at every run. For benchmarks that read.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid5

from sqlalchemy import Connection

from aggregator.queries import Database
from aggregator.store.changes import advance, lock
from aggregator.store.entities import Frame, Ledger, Part, Standing, settle
from aggregator.store.search import seal_rest
from aggregator.store.sources import identity, origins
from aggregator.store.writes import Writes, flush
from schema import encode
from schema.edition import Edition
from schema.entities import Entity, Event, Offer, Organisation
from schema.index import index_of
from schema.when import Timed

CHUNK: Final = 500
NOW: Final = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
FIRST: Final = datetime.fromisoformat("2026-10-01T09:00:00")
"""Wall time of the first event."""
ZONE: Final = "Europe/Berlin"
BEGUN: Final = NOW - timedelta(hours=2)
"""When the first chunk came."""
SOURCES: Final = 12
TOPICS: Final = (
    "education", "energy", "buildings", "health", "mobility", "politics_pr",
    "production_consumption_recycling", "urban_green_biodiversity",
)  # fmt: skip
WORDS: Final = (
    "Baum", "Garten", "Nachbarn", "Fahrrad", "Klima", "Schule", "Lesen", "Kinder", "Reparatur",
    "Kleider", "Tausch", "Energie", "Dach", "Sonne", "Wasser", "Bach", "Wald", "Wiese", "Biene",
    "Igel", "Kochen", "Markt", "Sprache", "Begleitung", "Besuch", "Fest", "Musik", "Bücher",
    "Werkstatt", "Holz", "Beet", "Kompost", "Müll", "Ufer", "Weg", "Karte", "Zählung", "Umfrage",
    "Beratung", "Stadt",
)  # fmt: skip
CITIES: Final = ("Halle (Saale)", "Leipzig", "Rheine", "Bernburg", "Merseburg", "Naumburg")
TEXT: Final = "Wir suchen Menschen, die gern mit anfassen. Vorwissen braucht es nicht, "
STATUSES: Final = ("open",) * 6 + ("paused", "filled", "unknown")
COMMITMENTS: Final = ("long_term", "one_off", "short_term", "unknown")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry: its name, and how the one with a number is made."""

    name: str
    make: Callable[[random.Random, int], Entity]


def _common(luck: random.Random, number: int) -> dict[str, Any]:
    """What all kinds say: words in every mixture, a few terms and tags, a place in the region. One
    in a thousand has the rare word, one in ten thousand the rare tag."""
    words = luck.sample(WORDS, 8)
    rare = " Nistkasten" if number % 1_000 == 0 else ""
    tags = [words[0], *(["selten"] if number % 10_000 == 0 else [])]
    return {
        "native_id": str(number),
        "title": {"de": f"{words[0]}{words[1].lower()} und {words[2]}{rare} {number}"},
        "summary": {"de": f"{words[3]}, {words[4]} und {words[5]}"},
        "description": {"de": TEXT * 5 + " ".join(words)},
        "url": f"https://agentur.example/{number}",
        "respond": {"email": "info@agentur.example"},
        "tags": tags,
        "climate": luck.choice(((), ("mitigation",), ("adaptation", "justice"), None)),
        "categories": [
            {"scheme": "topics", "term": term, "by": "source"}
            for term in luck.sample(TOPICS, number % 3)
        ],
        "place": {
            "locality": luck.choice(CITIES),
            "postal_code": "06108",
            "lat": round(51.48 + luck.gauss(0, 0.35), 5),
            "lon": round(11.97 + luck.gauss(0, 0.55), 5),
        },
        "source_modified": NOW - timedelta(minutes=number % 100_000),
    }


def _offer(luck: random.Random, number: int) -> Offer:
    return Offer.model_validate(
        {
            **_common(luck, number),
            "status": luck.choice(STATUSES),
            "commitment": luck.choice(COMMITMENTS),
            "remote": number % 7 == 0,
        }
    )


def _organisation(luck: random.Random, number: int) -> Organisation:
    return Organisation.model_validate({**_common(luck, number), "type": "association"})


def _event(luck: random.Random, number: int) -> Event:
    start = FIRST + timedelta(minutes=15 * luck.randrange(40_000))
    when = Timed(start=start, end=start + timedelta(hours=2), zone=ZONE)
    return Event.model_validate(
        {**_common(luck, number), "when": when.model_dump(), "status": "scheduled"}
    )


KINDS: Final = tuple(
    Kind(*each) for each in (("offer", _offer), ("organisation", _organisation), ("event", _event))
)


def fill(database: Database, kind: str, count: int) -> None:
    """So many live entries of a kind, in chunks as a sync's."""
    made = next(each for each in KINDS if each.name == kind)
    luck = random.Random(kind)
    for first in range(1, count + 1, CHUNK):
        numbers = range(first, min(first + CHUNK, count + 1))
        database.write_now(_write, [made.make(luck, number) for number in numbers])
    database.write_now(_conclude)


def _conclude(connection: Connection) -> None:
    """As a run does at its end."""
    while seal_rest(connection):
        pass


def _write(connection: Connection, entities: Sequence[Entity]) -> None:
    numbers = lock(connection)
    ledger = Ledger(_frame(connection, numbers.head), numbers, Writes())
    for entity in entities:
        _settle(entity, ledger)
    flush(connection, ledger.writes)
    advance(connection, numbers)


def _frame(connection: Connection, head: int) -> Frame:
    """Each chunk comes a second after the one before."""
    public_url, instance = identity(connection)
    edition = Edition(public_url=public_url, instance=instance)
    now = BEGUN + timedelta(seconds=head // CHUNK)
    return Frame(edition=edition, origins=origins(connection), now=now)


def _settle(entity: Entity, ledger: Ledger) -> None:
    source = f"source-{int(entity.native_id) % SOURCES}"
    key = f"{source}/{entity.kind}/{entity.native_id}"
    standing = Standing(
        no=ledger.numbers.entity(),
        id=uuid5(ledger.frame.edition.instance, key),
        kind=entity.kind,
        state="live",
        created=NOW,
        digest=b"",
        first_key=key,
        ref_entity=None,
        is_new=True,
    )
    record = ledger.numbers.record()
    body = encode(entity)
    standing.parts[record] = Part(
        record_no=record,
        source=source,
        native_id=entity.native_id,
        body=body,
        digest=b"",
        fetched=NOW,
    )
    settle(standing, index_of(entity), ledger)
