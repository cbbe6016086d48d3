"""Rendering anew: only what was rendered from something that is different now."""

import orjson
from sqlalchemy import delete, update

from aggregator.store.refresh import refresh_page, sources_with_records
from aggregator.store.tables import entity, feed, search_entry
from tests.aggregator.making import HOUR, Bench, draft
from tests.aggregator.soundness import faults


def _refresh(bench: Bench, source: str = "freinet") -> None:
    after: int | None = 0
    while after is not None:
        after = bench.database.write_now(refresh_page, bench.clock, source, after)


def _move(bench: Bench, url: str) -> None:
    bench.database.write_now(lambda c: c.execute(update(feed).values(public_url=url)))


def test_another_public_url_changes_every_document(bench: Bench) -> None:
    bench.sync(*(draft(str(n)) for n in range(300)))
    before = {row.no: row for row in bench.rows(entity)}
    bench.later(HOUR)
    _move(bench, "https://neu.example/")
    _refresh(bench)
    assert all(b"https://neu.example/v1/" in json for json in bench.documents().values())
    assert bench.head() == 2 * len(before)
    assert all(row.modified > before[row.no].modified for row in bench.rows(entity))
    assert bench.database.read_now(faults) == []


def test_another_licence_changes_the_documents_of_that_source_alone(bench: Bench) -> None:
    bench.sync(draft("1"))
    other = Bench(bench.database, source="andere")
    other.sync(draft("1"))
    head = bench.head()
    bench.register(licence="cc-by/4.0")
    for source in bench.database.read_now(sources_with_records):
        _refresh(bench, source)
    licences = {
        one["sources"][0]["id"]: one["sources"][0]["licence"]
        for one in map(orjson.loads, bench.documents().values())
    }
    assert licences == {"freinet": "cc-by/4.0", "andere": "unknown"}
    assert bench.head() == head + 2


def test_what_reads_the_same_gets_no_number(bench: Bench) -> None:
    bench.sync(draft("1"))
    before, head = bench.documents(), bench.head()
    stale = update(entity).values(inputs=b"an older renderer")
    bench.database.write_now(lambda c: c.execute(stale))
    _refresh(bench)
    assert (bench.documents(), bench.head()) == (before, head)
    assert all(row.inputs != b"an older renderer" for row in bench.rows(entity))


def test_what_lists_filter_by_is_made_anew_without_a_number(bench: Bench) -> None:
    bench.sync(draft("1", title="Bäume gießen"))
    before, found_by, head = bench.rows(entity), bench.rows(search_entry), bench.head()
    blank = update(entity).values(inputs=b"an older renderer", sort_title=None)
    bench.database.write_now(lambda c: c.execute(blank))
    bench.database.write_now(lambda c: c.execute(delete(search_entry)))
    _refresh(bench)
    assert (bench.rows(entity), bench.head()) == (before, head)
    assert bench.rows(search_entry) == found_by
    assert any(row.words.startswith(" baume giessen \n") for row in found_by)


def test_nothing_stale_is_nothing_to_do(bench: Bench) -> None:
    bench.sync(draft("1"))
    before = bench.rows(entity), bench.rows(feed)
    _refresh(bench)
    assert (bench.rows(entity), bench.rows(feed)) == before


def test_counts_stay_while_documents_change(bench: Bench) -> None:
    bench.sync(draft("1", status="open"), draft("2", status="filled"))
    bench.later(24 * HOUR)
    _move(bench, "https://neu.example/")
    _refresh(bench)
    assert bench.database.read_now(faults) == []
