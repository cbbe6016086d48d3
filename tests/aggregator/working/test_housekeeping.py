"""What is past its period goes; what is current, or the last of its kind, stays."""

from datetime import timedelta

from aggregator.store.runs import keep_snapshots
from aggregator.store.snapshots import forget_superseded, kept_detail
from aggregator.store.tables import record_version, run, snapshot
from aggregator.working.housekeeping import VERSIONS, forget_versions
from tests.aggregator.making import DAY, Bench, draft


def _forget_versions(bench: Bench) -> int:
    return bench.database.write_now(lambda c: forget_versions(c, bench.clock.now(c) - VERSIONS))


def test_versions_are_kept_for_their_period(bench: Bench) -> None:
    for n in range(5):
        bench.sync(draft("1", title=f"Stand {n}"))
        bench.later(DAY)
    assert _forget_versions(bench) == 0
    assert len(bench.rows(record_version)) == 4


def test_the_newest_two_versions_stay_however_old_they_are(bench: Bench) -> None:
    for n in range(5):
        bench.sync(draft("1", title=f"Stand {n}"), draft("2", title=f"Stand {n // 4}"))
    newest = [row.run for row in bench.rows(record_version)][-2:]
    bench.later(VERSIONS + DAY)
    assert _forget_versions(bench) == 2
    kept = [(row.record_no, row.run) for row in bench.rows(record_version)]
    assert len(kept) == 3
    assert {number for _, number in kept} >= set(newest)


def _keep(bench: Bench, sha256: str, about: str = "", stamp: str | None = None) -> None:
    lease = bench.lease()
    row = {
        "sha256": sha256,
        "source": bench.source,
        "about": about,
        "stamp": stamp,
        "run": lease.run,
        "url": "https://a.example/",
        "media_type": "text/xml",
        "charset": None,
        "size": 1,
        "stored": bench.database.read_now(bench.clock.now),
    }
    bench.database.write_now(keep_snapshots, [row])
    bench.later(timedelta(minutes=5))


def _forget_documents(bench: Bench) -> list[str]:
    return bench.database.write_now(lambda c: forget_superseded(c, bench.clock.now(c) - 14 * DAY))


def test_documents_go_two_weeks_after_newer_ones_came(bench: Bench) -> None:
    _keep(bench, "old")
    _keep(bench, "new")
    assert _forget_documents(bench) == []
    bench.later(14 * DAY)
    assert _forget_documents(bench) == ["old"]
    assert [row.sha256 for row in bench.rows(snapshot)] == ["new"]
    assert len(bench.rows(run)) == 2


def test_a_current_document_stays_however_old_it_is(bench: Bench) -> None:
    _keep(bench, "only")
    _keep(bench, "detail", about="offer/1")
    bench.later(365 * DAY)
    assert _forget_documents(bench) == []


def test_bytes_another_row_needs_stay(bench: Bench) -> None:
    _keep(bench, "shared", about="offer/1")
    _keep(bench, "shared", about="offer/2")
    _keep(bench, "newer", about="offer/1")
    bench.later(15 * DAY)
    assert _forget_documents(bench) == []
    assert {row.about: row.sha256 for row in bench.rows(snapshot)} == {
        "offer/1": "newer",
        "offer/2": "shared",
    }


def test_a_detail_is_found_by_record_and_stamp(bench: Bench) -> None:
    _keep(bench, "a", about="offer/1", stamp="1")
    _keep(bench, "b", about="offer/1", stamp="2")

    def sha256(about: str, stamp: str) -> str | None:
        kept = bench.database.read_now(kept_detail, bench.source, about, stamp)
        return kept.sha256 if kept else None

    assert [sha256("offer/1", stamp) for stamp in ("1", "2", "3")] == ["a", "b", None]
    assert sha256("offer/2", "1") is None
