"""`allmende sources`, `runs` and `quarantine` tell what the store knows, to people and programs."""

from pathlib import Path

import pytest

from aggregator.queries import Database
from tests.api.cli.conftest import Call
from tests.api.seeding import add_run, add_source


@pytest.fixture
def config(seeded: Database, tmp_path: Path) -> Path:
    """A configuration of the seeded database, with a source that fails beside the good one."""
    problem = '{"code": "source.refused", "message": "answered 403"}'
    columns = {"outcome": "refused", "problem": problem}
    seeded.write_now(add_source, "zweite", failures=3, **columns)
    seeded.write_now(add_run, "zweite", **columns)
    file = tmp_path / "allmende.toml"
    file.write_text("")
    return file


@pytest.fixture(autouse=True)
def _setting_by_variable(monkeypatch: pytest.MonkeyPatch, database_setting: str) -> None:
    monkeypatch.setenv("ALLMENDE_SERVICE__DATABASE", database_setting)


def test_sources_are_shown_with_their_trouble(allmende: Call, config: Path) -> None:
    called = allmende("sources", "--config", config)
    assert called.code == 0
    good, bad = (line for line in called.out.splitlines() if line[:7] in {"agentur", "zweite "})
    assert "applied" in good
    assert "failing" in bad
    assert "zweite: source.refused: answered 403" in called.err


def test_sources_speak_json(allmende: Call, config: Path) -> None:
    first, second = allmende("sources", "--config", config, "--json").json
    assert (first["id"], second["condition"]) == ("agentur", "failing")
    assert first["checked"] == "2026-11-21T11:00:00Z"


def test_runs_are_shown_newest_first(allmende: Call, config: Path) -> None:
    rows = allmende("runs", "--config", config).out.splitlines()[2:]
    assert ["zweite" in row for row in rows] == [True, False]
    assert "429 found, 3 new, 9 changed" in rows[1]
    assert "2026-11-21 11:59" in rows[1]


def test_runs_can_be_limited_to_a_source(allmende: Call, config: Path) -> None:
    (run,) = allmende("runs", "agentur", "--config", config, "--json").json
    assert (run["source"], run["counts"]["new"]) == ("agentur", 3)
    (newest,) = allmende("runs", "-n", 1, "--config", config, "--json").json
    assert newest["source"] == "zweite"


def test_the_list_of_runs_can_be_called_by_its_name(allmende: Call, config: Path) -> None:
    for source in ((), ("agentur",)):
        plain = allmende("runs", *source, "--config", config)
        assert allmende("runs", "list", *source, "--config", config) == plain
    assert allmende("sources", "list", "--config", config).code == 0


def test_no_run_is_said_so(allmende: Call, config: Path) -> None:
    assert allmende("runs", "nobody", "--config", config).out == "Runs: none\n"


def test_migrating_says_what_was_done(
    allmende: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLMENDE_SERVICE__DATABASE", f"sqlite:///{tmp_path}/new.db")
    (tmp_path / "allmende.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    early = allmende("sources", "--json")
    assert (early.code, early.json["problem"]["code"]) == (1, "database.unavailable")
    assert "allmende migrate" in early.json["problem"]["message"]
    assert allmende("migrate", "--json").json == {"ok": True, "migrated": True}
    assert allmende("migrate").out == "The schema was current already.\n"
    assert allmende("sources").out == "Sources: none\n"


def test_a_database_that_does_not_answer_is_no_traceback(
    allmende: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql://someone:a-long-secret@127.0.0.1:1/nothing"
    monkeypatch.setenv("ALLMENDE_SERVICE__DATABASE", url)
    (tmp_path / "allmende.toml").write_text("")
    called = allmende("runs", "--config", tmp_path / "allmende.toml")
    assert called.code == 1
    assert called.err.startswith("database.unavailable: the database does not answer")
    assert "a-long-secret" not in called.err
    assert "Traceback" not in called.err
