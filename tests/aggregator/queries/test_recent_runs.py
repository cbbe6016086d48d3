"""The last runs."""

import re
from datetime import timedelta

from sqlalchemy import Connection, text

from aggregator.queries import Database
from aggregator.queries.runs import _newest_of, last_runs, recent_runs
from schema.problems import Problem
from tests.api.seeding import HOUR, MINUTE, NOW, add_run, add_source


def test_runs_come_newest_first_and_no_more_than_asked(database: Database) -> None:
    database.write_now(add_source)
    for _ in range(5):
        database.write_now(add_run)
    ids = [run.id for run in database.read_now(recent_runs, limit=3)]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 3


def test_runs_of_one_source(database: Database) -> None:
    for name in ("eine", "andere"):
        database.write_now(add_source, name)
        database.write_now(add_run, name)
    assert [run.source for run in database.read_now(recent_runs, source="eine")] == ["eine"]
    assert len(database.read_now(recent_runs)) == 2


def test_a_run_tells_counts_problem_and_duration(database: Database) -> None:
    database.write_now(add_source)
    problem = '{"code": "run.held", "path": "", "message": "", "level": "warning"}'
    database.write_now(add_run, outcome="held", problem=problem, held='["offer/1", "offer/2"]')
    (run,) = database.read_now(recent_runs)
    assert run.counts["found"] == 429
    assert run.problem is not None
    assert run.problem == Problem("run.held", level=run.problem.level)
    assert run.held == 2
    assert run.duration == MINUTE == timedelta(minutes=1)


def test_a_run_that_is_going_on_has_no_end(database: Database) -> None:
    database.write_now(add_source)
    database.write_now(add_run, started=NOW - HOUR, ended=None, outcome=None, counts=None)
    (run,) = database.read_now(recent_runs)
    assert (run.ended, run.outcome, run.duration, run.held) == (None, None, None, 0)
    assert run.counts == {}


def test_runs_before_one_are_the_older_ones(database: Database) -> None:
    database.write_now(add_source)
    for _ in range(5):
        database.write_now(add_run)
    ids = [run.id for run in database.read_now(recent_runs)]
    assert [run.id for run in database.read_now(recent_runs, before=ids[2])] == ids[3:]


def test_each_source_tells_its_own_last_runs(database: Database) -> None:
    names = [f"quelle-{n}" for n in range(450)]
    for name in names[:2]:
        database.write_now(add_source, name)
    for _ in range(3):
        database.write_now(add_run, names[0])
    database.write_now(add_run, names[1], outcome="refused")
    newest, third, second, _ = (run.id for run in database.read_now(recent_runs))
    found = database.read_now(last_runs, names, 2)
    assert {name: [run.id for run in runs] for name, runs in found.items()} == {
        names[0]: [third, second],
        names[1]: [newest],
    }


def test_the_last_runs_of_a_source_are_found_by_an_index(database: Database) -> None:
    statement = _newest_of("agentur", 10).compile(
        database.engine, compile_kwargs={"literal_binds": True}
    )
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"

    def plan(connection: Connection) -> str:
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        rows = connection.execute(text(f"{explain} {statement}"))
        return "\n".join(str(row[-1]) for row in rows)

    told = database.read_now(plan)
    assert "ix_run_source_id" in told or "ix_run_open" in told, told
    assert not re.search(r"\bSCAN run\b|Seq Scan on run", told), told
