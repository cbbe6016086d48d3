"""`allmende runs`, `sources`, `replay`: a person looks, decides, undoes and reads again.

A real city stands behind it: the demo's, whose list shrinks to three offers and grows back.
"""

import os
import pty
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from api.demo.city import City, Fault
from schema.problems import MEANINGS
from tests.api.cli.conftest import COMMAND, Call
from tests.api.cli.living import configure, running_city

KEY = "kanarienvogel-4711"


@pytest.fixture(scope="module")
def running() -> Iterator[City]:
    """A running city."""
    with running_city(City(key=KEY)) as city:
        yield city


@pytest.fixture(scope="module")
def asked_once(running: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a configuration that asks the city, after a first run."""
    folder = tmp_path_factory.mktemp("asked")
    command = [*COMMAND, "sync", "--config", str(configure(folder, running))]
    subprocess.run(command, check=True, env={**os.environ, "CITY_KEY": KEY}, capture_output=True)
    return folder


@pytest.fixture
def city(running: City) -> City:
    """The city as it was at first."""
    running.fault, running.minute = None, 0
    return running


@pytest.fixture
def config(city: City, asked_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration that asks the city, after a first run."""
    monkeypatch.setenv("CITY_KEY", KEY)
    return copytree(asked_once, tmp_path / "here") / "allmende.toml"


@pytest.fixture
def held(city: City, config: Path, allmende: Call) -> int:
    """The run that held almost everything back."""
    city.fault = Fault.SHRUNK
    (report,) = allmende("sync", "--config", config, "--json").json["reports"]
    assert report["outcome"] == "held"
    return int(report["run"])


def test_a_held_run_is_shown_with_what_would_vanish(
    allmende: Call, config: Path, held: int
) -> None:
    called = allmende("runs", "show", held, "--config", config)
    assert called.code == 0
    for said in ("of musterstadt", "somebody asked for it", "426 would vanish", "Would vanish"):
        assert said in called.out
    assert f"allmende runs approve {held}" in called.out
    assert "and 326 more" in called.out
    told = allmende("runs", "show", held, "--limit", 500, "--config", config, "--json").json
    assert len(told["held"]) == told["run"]["held"] == 426
    one = told["held"][0]
    assert (one["kind"], one["what"], one["fate"]) == ("offer", "removal", "waiting")
    assert one["title"]
    assert "/v1/offers/" in one["url"]
    assert "changes" not in told


def test_sources_say_what_is_held_back(allmende: Call, config: Path, held: int) -> None:
    called = allmende("sources", "--config", config)
    assert "426 removals held back since" in called.err
    assert f"allmende runs approve {held}" in called.err
    (source,) = allmende("sources", "--config", config, "--json").json
    assert (source["waiting"]["removals"], source["waiting"]["run"]) == (426, held)


def test_an_approval_says_what_happens_next(allmende: Call, config: Path, held: int) -> None:
    called = allmende("runs", "approve", held, "--who", "Anna", "--config", config)
    assert called.code == 0
    for said in ("approved by Anna", "7 days", "allmende sync musterstadt"):
        assert said in called.out
    one = allmende("runs", "show", held, "--config", config, "--json").json["held"][0]
    assert (one["fate"], one["who"]) == ("approved", "Anna")
    assert "approved by Anna" in allmende("runs", "show", held, "--config", config).out


def test_what_was_rejected_stays(allmende: Call, config: Path, held: int) -> None:
    answer = allmende("runs", "reject", held, "--who", "Anna", "--config", config, "--json").json
    assert (answer["decision"], answer["items"], answer["rests"]) == ("rejected", 426, False)
    (report,) = allmende("sync", "--config", config, "--json").json["reports"]
    assert (report["outcome"], report["counts"]["withdrawn"]) != ("held", 426)
    (source,) = allmende("sources", "--config", config, "--json").json
    assert source["live"]["offer"] == 429


def test_without_a_name_the_login_decides(
    allmende: Call, config: Path, held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "bert")
    answer = allmende("runs", "approve", held, "--config", config, "--json").json
    assert answer["who"] == "bert"
    assert allmende("runs", "approve", held, "--who", " ", "--config", config).code == 2


def test_a_decision_for_a_resting_source_says_that_it_rests(
    allmende: Call, config: Path, held: int
) -> None:
    allmende("sources", "pause", "musterstadt", "--config", config)
    called = allmende("runs", "reject", held, "--config", config)
    assert "nothing happens before `allmende sources resume musterstadt`" in called.out


@pytest.mark.parametrize("command", ["approve", "reject"])
def test_what_cannot_be_decided_is_explained(
    allmende: Call, config: Path, held: int, command: str
) -> None:
    for run, code in ((1, "run.not_held"), (4711, "run.unknown")):
        called = allmende("runs", command, run, "--config", config, "--json")
        assert (called.code, called.json["problem"]["code"]) == (1, code)
        assert code in MEANINGS
    assert allmende("runs", command, held, "--config", config).code == 0
    again = allmende("runs", command, held, "--config", config)
    assert (again.code, again.err.startswith("run.not_held: ")) == (1, True)


def test_a_run_nobody_knows_is_explained(allmende: Call, config: Path) -> None:
    called = allmende("runs", "show", 4711, "--config", config)
    assert (called.code, called.out) == (1, "")
    assert called.err.startswith("run.unknown: ")


def test_a_diff_tells_fields_before_and_after(allmende: Call, config: Path, city: City) -> None:
    city.minute = 30
    (report,) = allmende("sync", "--config", config, "--json").json["reports"]
    called = allmende("runs", "show", report["run"], "--diff", "--config", config)
    assert "” → “" in called.out
    whole = ("--diff", "--limit", 1000, "--json", "--config", config)
    told = allmende("runs", "show", report["run"], *whole).json
    offers = [one for one in told["changes"]["entries"] if one["kind"] == "offer"]
    became = Counter(one["became"] for one in offers)
    assert (became["new"], became["changed"]) == (
        report["counts"]["new"],
        report["counts"]["changed"],
    )
    assert all(bool(one["differences"]) == (one["became"] == "changed") for one in offers)


def test_a_rollback_takes_everything_back_and_lets_the_source_rest(
    allmende: Call, config: Path, city: City
) -> None:
    before = offers(allmende, config)
    city.minute = 30
    allmende("sync", "--config", config)
    run = allmende("runs", "--config", config, "--json").json[0]["id"]
    assert offers(allmende, config) != before
    called = allmende("runs", "rollback", run, "--yes", "--config", config)
    assert (called.code, "allmende sources resume musterstadt" in called.err) == (0, True)
    assert offers(allmende, config) == before
    called = allmende("sources", "--config", config)
    assert "paused" in called.out
    assert MEANINGS["run.rolled_back"].title in called.err
    assert allmende("runs", "--config", config, "--json").json[0]["cause"] == "rollback"


def offers(allmende: Call, config: Path) -> object:
    """How many entries of each kind are published."""
    return allmende("sources", "--config", config, "--json").json[0]["live"]


def test_a_rollback_can_be_tried_dry(allmende: Call, config: Path) -> None:
    called = allmende("runs", "rollback", 1, "--dry-run", "--config", config, "--json")
    report = called.json["report"]
    assert (called.code, report["run"], report["counts"]["withdrawn"]) == (0, None, 429)
    assert len(allmende("runs", "--config", config, "--json").json) == 1


def test_where_nobody_can_be_asked_a_rollback_needs_a_yes(allmende: Call, config: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "runs", "rollback", "1", "--config", str(config)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "--yes" in done.stderr) == (2, True)
    assert len(allmende("runs", "--config", config, "--json").json) == 1


@pytest.mark.parametrize(("answer", "code", "runs"), [(b"n\n", 1, 1), (b"y\n", 0, 2)])
def test_on_a_terminal_a_rollback_asks_first(
    allmende: Call, config: Path, answer: bytes, code: int, runs: int
) -> None:
    ours, theirs = pty.openpty()
    os.write(ours, answer)
    done = subprocess.run(
        [sys.executable, *COMMAND[1:], "runs", "rollback", "1", "--config", str(config)],
        stdin=theirs, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    os.close(ours)
    os.close(theirs)
    assert done.returncode == code, done.stderr
    assert "Take run 1 back" in done.stderr
    assert len(allmende("runs", "--config", config, "--json").json) == runs


def test_a_rollback_of_no_run_is_explained(allmende: Call, config: Path) -> None:
    called = allmende("runs", "rollback", 4711, "--yes", "--config", config, "--json")
    assert (called.code, called.json["problem"]["code"]) == (1, "run.unknown")


def test_kept_answers_are_read_again_without_asking(
    allmende: Call, config: Path, city: City
) -> None:
    visits = len(city.visits)
    called = allmende("replay", "musterstadt", "--config", config, "--json")
    assert (called.code, called.json["report"]["outcome"]) == (0, "applied")
    assert called.json["report"]["counts"]["found"] == 429
    assert len(city.visits) == visits
    assert allmende("replay", "musterstadt", "--dry-run", "--config", config).code == 0
    causes = [run["cause"] for run in allmende("runs", "--config", config, "--json").json]
    assert causes == ["replay", "request"]


def test_nothing_kept_is_explained(allmende: Call, config: Path) -> None:
    for file in (config.parent / "data" / "snapshots").rglob("*"):
        if file.is_file():
            file.unlink()
    called = allmende("replay", "musterstadt", "--config", config)
    assert (called.code, "source.not_kept" in called.err) == (1, True)
    assert "source.not_kept" in MEANINGS


def test_a_misspelt_source_to_replay_is_a_wrong_call(allmende: Call, config: Path) -> None:
    called = allmende("replay", "musterstatt", "--config", config)
    assert (called.code, "did you mean" in called.err) == (2, True)


def test_a_source_rests_until_it_may_go_on(allmende: Call, config: Path) -> None:
    called = allmende("sources", "pause", "musterstadt", "--config", config)
    assert (called.code, "allmende sources resume musterstadt" in called.out) == (0, True)
    called = allmende("sources", "--config", config)
    assert "musterstadt: rests. Somebody let it rest." in called.err
    assert allmende("sources", "resume", "musterstadt", "--config", config).code == 0
    (source,) = allmende("sources", "--config", config, "--json").json
    assert (source["condition"] == "paused", source["paused_why"]) == (False, None)


@pytest.mark.parametrize("command", ["pause", "resume"])
def test_a_source_nobody_knows_is_explained(allmende: Call, config: Path, command: str) -> None:
    called = allmende("sources", command, "nobody", "--config", config, "--json")
    assert (called.code, called.json["problem"]["code"]) == (1, "source.unknown")
    assert "source.unknown" in MEANINGS


def test_a_source_that_asked_us_to_wait_is_left_alone(
    allmende: Call, config: Path, city: City
) -> None:
    city.fault = Fault.BUSY
    assert allmende("sync", "--config", config).code == 1
    assert "it asked for fewer requests" in allmende("sources", "--config", config).err
