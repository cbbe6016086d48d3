"""Change numbers, documents and versions: what a run leaves behind, and what it does not."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import Row

from aggregator.store.compression import decompress
from aggregator.store.database import Database
from aggregator.store.tables import entity, feed, record, record_version, run
from schema.identity import entity_id
from tests.aggregator.making import DAY, HOUR, Bench, draft, mention
from tests.aggregator.numbering import logged_faults, logging_changes


def _changes(bench: Bench) -> dict[int, Row[Any]]:
    return {row.change: row for row in bench.rows(entity)}


def test_change_numbers_are_given_once_each_and_in_order(bench: Bench) -> None:
    with logging_changes(bench.database):
        for n in range(6):
            listed = [draft(str(m), title=f"Stand {n // 2}") for m in range(n, n + 4)]
            bench.run(bench.listing(*listed), chunk=2)
            bench.later(DAY)
        assert bench.database.read_now(logged_faults) == []
    assert bench.head() == max(_changes(bench))


def test_the_size_of_chunks_changes_nothing_public(bench: Bench) -> None:
    listed = [draft(str(n), by=mention(f"Verein {n % 3}", str(n % 2) or None)) for n in range(7)]
    bench.run(bench.listing(*listed), chunk=1)
    one_by_one = bench.public()
    other = Bench(bench.database, source="andere")
    other.run(other.listing(*listed), chunk=500)
    together = [one for one in other.public() if one not in one_by_one]
    assert [one["title"] for one in together] == [one["title"] for one in one_by_one]


def test_what_did_not_change_keeps_number_date_and_bytes(bench: Bench) -> None:
    bench.sync(draft("1"), draft("2"))
    before = {row.no: row for row in bench.rows(entity)}
    documents = bench.documents()
    bench.later(HOUR)
    bench.sync(draft("1"), draft("2", title="Neu"))
    (moved,) = [row for row in bench.rows(entity) if row != before[row.no]]
    assert moved.change == bench.head()
    assert moved.modified - before[moved.no].modified >= HOUR
    kept = {no: json for no, json in bench.documents().items() if no != moved.no}
    assert kept.items() <= documents.items()


def test_a_document_names_itself_its_dates_and_its_source(bench: Bench) -> None:
    bench.sync(draft("1", by=mention("Grünhof e.V.", "5")))
    (offer,), (organisation,) = bench.entities("offer"), bench.entities("organisation")
    shown = orjson.loads(bench.documents()[offer.no])
    url = "https://stadt.example/klima/v1/"
    assert shown["self"] == f"{url}offers/{offer.id}"
    assert shown["organisation"] == {
        "id": str(organisation.id),
        "url": f"{url}organisations/{organisation.id}",
        "name": "Grünhof e.V.",
    }
    assert shown["created"] == shown["modified"] == shown["sources"][0]["fetched"]


def test_public_ids_follow_from_instance_source_and_native_id(bench: Bench) -> None:
    bench.sync(draft("1"))
    (row,) = bench.rows(feed)
    (offer,) = bench.entities("offer")
    assert offer.id == entity_id(row.instance, "freinet", "offer", "1")
    assert offer.first_key == "freinet/offer/1"


def test_a_tombstone_has_a_number_of_its_own_and_no_document(bench: Bench) -> None:
    bench.sync(draft("1"), draft("2", by=mention("Gartenbund")))
    bench.sync(draft("1"))
    bench.later(DAY)
    head = bench.head()
    bench.sync(draft("1"))
    (offer,) = bench.entities("offer", "withdrawn")
    (organisation,) = bench.entities("organisation", "withdrawn")
    assert sorted([offer.change, organisation.change]) == [head + 1, head + 2]
    assert not {offer.no, organisation.no} & bench.documents().keys()


def test_only_superseded_bodies_are_kept_as_versions(bench: Bench) -> None:
    bench.sync(draft("1", title="Eins"))
    assert bench.rows(record_version) == []
    bench.sync(draft("1", title="Zwei"))
    bench.sync(draft("1", title="Zwei"))
    bench.sync(draft("1", title="Drei"))
    offer = bench.rows(record, kind="offer")[0]
    titles = [
        orjson.loads(decompress(row.body))["title"]["de"]
        for row in bench.rows(record_version, record_no=offer.no)
    ]
    assert titles == ["Eins", "Zwei"]


def test_a_stamp_alone_is_stored_silently(bench: Bench) -> None:
    bench.sync(draft("1", stamp="1"))
    before, head = bench.documents(), bench.head()
    plan = bench.sync(draft("1", stamp="2"))
    assert (plan.counts.same, bench.documents(), bench.head()) == (1, before, head)
    assert bench.rows(record, kind="offer")[0].stamp == "2"


def test_an_offer_shows_its_organisation_by_the_name_it_uses_itself(bench: Bench) -> None:
    bench.sync(draft("1", by=mention("Verein A", "5")), draft("2", by=mention("Verein A", "5")))
    before = bench.documents()
    bench.sync(draft("1", by=mention("Verein B", "5")), draft("2", by=mention("Verein A", "5")))
    names = [one["organisation"]["name"] for one in bench.public() if one["kind"] == "offer"]
    assert sorted(names) == ["Verein A", "Verein B"]
    assert sum(1 for no, json in bench.documents().items() if before[no] != json) == 2


@pytest.mark.parametrize("listed", [1, 600])
def test_a_run_row_tells_what_was_done(database: Database, listed: int) -> None:
    bench = Bench(database)
    bench.sync(*(draft(str(n)) for n in range(listed)))
    (row,) = bench.rows(run)
    counts = orjson.loads(row.counts)
    assert (row.outcome, counts["found"], counts["new"]) == ("applied", listed, listed)
    assert timedelta() <= row.ended - row.started
