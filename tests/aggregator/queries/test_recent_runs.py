"""The last runs."""

from datetime import timedelta

from aggregator.queries import Database
from aggregator.queries.runs import recent_runs
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
