"""`allmende sync` asks sources in the foreground and says what came of it."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.demo.city import City, Fault
from tests.api.cli.conftest import Call
from tests.api.cli.living import configure, end, living, running_city

KEY = "kanarienvogel-4711"


@pytest.fixture
def city() -> Iterator[City]:
    """A running city."""
    with running_city(City(key=KEY)) as city:
        yield city


@pytest.fixture
def config(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration that asks the city."""
    monkeypatch.setenv("CITY_KEY", KEY)
    return configure(tmp_path, city)


def test_a_first_run_brings_everything(allmende: Call, config: Path) -> None:
    called = allmende("sync", "--config", config, "--json")
    (report,) = called.json["reports"]
    assert (called.code, report["outcome"]) == (0, "applied")
    assert (report["counts"]["found"], report["counts"]["derived"]) == (429, 249)


def test_a_second_run_finds_nothing_new(allmende: Call, config: Path) -> None:
    allmende("sync", "--config", config)
    called = allmende("sync", "musterstadt", "--config", config)
    assert called.code == 0
    assert called.out.splitlines()[2].split()[:2] == ["musterstadt", "unchanged"]


def test_a_city_that_slept_for_days_is_not_held_back(
    allmende: Call, config: Path, city: City
) -> None:
    city.minute = 35
    allmende("sync", "--config", config)
    city.minute = 5000
    (report,) = allmende("sync", "--config", config, "--json").json["reports"]
    assert (report["outcome"], report["counts"]["missing"] > 20) == ("applied", True)


def test_a_dry_run_says_what_would_change_and_writes_nothing(allmende: Call, config: Path) -> None:
    called = allmende("sync", "--dry-run", "--config", config, "--json")
    (report,) = called.json["reports"]
    assert (called.code, report["run"], report["counts"]["new"]) == (0, None, 429)
    sources = allmende("sources", "--config", config, "--json").json
    (source,) = [source for source in sources if source["id"] == "musterstadt"]
    assert (source["condition"], source["live"]) == ("never", {})
    assert allmende("runs", "--config", config, "--json").json == []


@pytest.mark.parametrize("fault", [Fault.FORBIDDEN, Fault.LOGIN, Fault.CUT, Fault.EMPTY])
def test_a_source_with_a_problem_ends_with_one(
    allmende: Call, config: Path, city: City, fault: Fault
) -> None:
    city.fault = fault
    called = allmende("sync", "--config", config)
    assert called.code == 1
    assert called.err.startswith("musterstadt: ")
    assert KEY not in called.out + called.err
    assert "Traceback" not in called.err


def test_a_disabled_source_is_asked_only_by_name(allmende: Call, config: Path) -> None:
    config.write_text(config.read_text().replace('every = "1s"', "enabled = false"))
    called = allmende("sync", "--config", config)
    assert (called.code, "There is no source to ask." in called.err) == (0, True)
    (report,) = allmende("sync", "musterstadt", "--config", config, "--json").json["reports"]
    assert report["outcome"] == "applied"


def test_ctrl_c_ends_a_run_cleanly(city: City, config: Path, allmende: Call) -> None:
    city.fault = Fault.HANG
    with living("sync", "--config", config, cwd=config.parent, key=KEY) as process:
        while not city.visits:
            time.sleep(0.05)
        code, seconds, said = end(process, signal.SIGINT)
    assert (code, seconds < 10, "Traceback" in said) == (130, True, False)
    (run,) = allmende("runs", "--config", config, "--json").json
    assert run["outcome"] == "interrupted"


def test_rebuilding_says_how_much_was_made_anew(allmende: Call, config: Path) -> None:
    allmende("sync", "--config", config)
    assert allmende("rebuild", "--config", config, "--json").json == {
        "ok": True,
        "documents": 429 + 249,
        "differing": 0,
    }
