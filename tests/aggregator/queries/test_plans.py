"""Every hot read goes by an index: the database's own plan says so."""

import re
from pathlib import Path

from sqlalchemy import Connection, text

from aggregator.queries import Database, open_pages
from aggregator.queries.changes import BESIDE, COUNTING, _shape
from aggregator.queries.entities import ONE
from aggregator.queries.feed import FEED
from aggregator.queries.filters import Filters
from aggregator.queries.search import FEW, seek
from aggregator.queries.wanted import Wanted
from aggregator.store.pages import Shape, Values
from schema.normal.words import terms_in
from tests.aggregator.queries.explaining import plan, scanned, sorts
from tests.aggregator.queries.listed import Recorder, read
from tests.aggregator.queries.searching import add_found, titled
from tests.api.seeding import add_entities, identity
from tests.conftest import database_setting

__all__ = ["database_setting"]
"""A database of its own: plans follow the statistics that other tests leave behind."""

SHAPES: dict[str, tuple[Shape, Values]] = {
    **{f"changes {bodies=}": (_shape(bodies=bodies), {"after": 9}) for bodies in (False, True)},
    "one": (ONE, {"id": identity("offer", 1)}),
    "feed": (FEED, {"kind": "offer"}),
    "counting": (COUNTING, {}),
    "beside changes": (BESIDE, {"after": 9, "last": 99}),
}
ONE_ROW = "feed"


def test_no_hot_read_scans_or_sorts_a_table(database: Database) -> None:
    database.write_now(add_entities, "offer", 200)
    for name, (shape, values) in SHAPES.items():
        said = database.read_now(plan, shape, {"rows": 51, **values})
        assert scanned(said) <= {ONE_ROW}, f"{name}:\n{said}"
        assert not sorts(said), f"{name}:\n{said}"


async def test_a_page_of_an_unfiltered_list_reads_the_index_alone(sqlite_template: Path) -> None:
    database = Database(f"sqlite:///{sqlite_template}")
    async with open_pages(database) as pages:
        recorder = Recorder(pages)
        await read(recorder, Wanted(kind="offer", limit=50))
    assert len(recorder.run) == 1, "nothing is counted, and nothing read of an empty list"
    database.close()


async def test_a_list_goes_by_the_index_of_its_kind_whatever_else_changed(
    database: Database,
) -> None:
    for kind in ("offer", "organisation"):
        database.write_now(add_entities, kind, 2_000)
    database.write_now(look_at_all)
    async with open_pages(database) as pages:
        recorder = Recorder(pages)
        await read(recorder, Wanted(kind="offer", limit=50))
    lists = [(shape, values) for shape, values in recorder.run if "rows" in values]
    assert lists
    for shape, values in lists:
        told = database.read_now(plan, shape, values, ())
        assert "ix_entity_kind_state_change" in told, told


async def test_a_list_by_a_word_of_many_goes_by_the_index_of_its_kind(database: Database) -> None:
    database.write_now(add_found, [titled(f"Wald {n}", text="Bäume") for n in range(FEW + 500)])
    database.write_now(look_at_all)
    async with open_pages(database) as pages:
        recorder = Recorder(pages)
        sought = await seek(pages, terms_in("baum"), (("offer",),))
        assert not sought.few
        await read(recorder, Wanted(kind="offer", limit=50, filters=Filters(sought=sought)))
    lists = [(shape, values) for shape, values in recorder.run if "rows" in values]
    assert lists
    for shape, values in lists:
        told = database.read_now(plan, shape, values, ())
        assert "ix_entity_kind_state_change" in told, told
        guessed = re.search(r"ix_entity_kind_state_change on entity .*rows=(\d+)", told)
        assert guessed is None or int(guessed[1]) > 50, f"no page is expected: {told}"


def look_at_all(connection: Connection) -> None:
    """Let the database know what its tables hold."""
    connection.execute(text("ANALYZE"))
