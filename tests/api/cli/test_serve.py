"""`allmende serve` serves and works, and ends cleanly however it is ended."""

import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.demo.city import City, Fault
from tests.api.cli.conftest import Call
from tests.api.cli.living import configure, end, event, get, living, running_city, wait_until_ready

KEY = "kanarienvogel-4711"


@pytest.fixture
def city() -> Iterator[City]:
    """A running city."""
    with running_city(City(key=KEY)) as city:
        yield city


@pytest.fixture
def config(city: City, tmp_path: Path) -> Path:
    """A configuration that asks the city, beside a file that must not be taken for ours."""
    (tmp_path / "api.py").write_text("raise ImportError('not this one')")
    return configure(tmp_path, city)


@pytest.mark.parametrize("where", ["--in-process", "--json"])
def test_serving_brings_the_sources_in(config: Path, where: str) -> None:
    arguments = ("serve", "--config", config, "--json", where)
    with living(*arguments, cwd=config.parent, key=KEY) as process:
        url = event(process, "listening")["url"]
        wait_until_ready(url)
        assert get(f"{url}v1/offers?limit=1")[1]["pagination"]["totalElements"] == 429
        code, seconds, said = end(process, signal.SIGTERM)
    assert (code, seconds < 10) == (0, True)
    assert "Traceback" not in said
    assert KEY not in said


def test_without_a_worker_nothing_is_asked(config: Path, city: City) -> None:
    arguments = ("serve", "--no-worker", "--config", config, "--json")
    with living(*arguments, cwd=config.parent, key=KEY) as process:
        url = event(process, "listening")["url"]
        status, said = get(f"{url}readyz")
        assert (status, said["waiting_for"]) == (503, ["musterstadt"])
        assert end(process, signal.SIGINT)[0] == 0
    assert not city.visits


ASKING = (
    "aggregator.fetch.client", "aggregator.house", "aggregator.pipeline", "aggregator.sandbox",
    "aggregator.store.apply", "aggregator.working.worker", "alembic", "apscheduler", "feedparser",
    "icalendar", "lxml", "phonenumbers", "protego", "rich",
)  # fmt: skip
"""What asks sources, reads them or migrates: not needed to answer."""
TELLING = f"""
import gc, sys
from api.cli.main import main
try:
    main()
finally:
    print("loaded:", *sorted({set(ASKING)} & sys.modules.keys()), file=sys.stderr)
    print("kept:", gc.get_freeze_count() > len(sys.modules), file=sys.stderr)
"""


def test_a_server_loads_nothing_that_asks_sources_and_keeps_what_it_loads(
    config: Path, allmende: Call
) -> None:
    assert allmende("migrate", "--config", config).code == 0
    arguments = ("serve", "--no-worker", "--config", config, "--json")
    with living(*arguments, cwd=config.parent, program=("-P", "-c", TELLING)) as process:
        url = event(process, "listening")["url"]
        assert get(f"{url}v1/offers")[0] == 200
        assert get(f"{url}openapi.json")[0] == 200
        assert get(f"{url}readyz")[0] == 503
        code, _, said = end(process, signal.SIGTERM)
    assert (code, said.splitlines()[-2:]) == (0, ["loaded:", "kept: True"])


def test_a_worker_keeps_what_it_loads_too(config: Path) -> None:
    worker, program = ("worker", "--config", config, "--json"), ("-P", "-c", TELLING)
    with living(*worker, cwd=config.parent, key=KEY, program=program) as process:
        event(process, "run")
        code, _, said = end(process, signal.SIGTERM)
    assert (code, said.splitlines()[-1]) == (0, "kept: True")


def test_a_worker_of_its_own_serves_the_same_database(config: Path) -> None:
    alone = ("serve", "--no-worker", "--config", config, "--json")
    with living(*alone, cwd=config.parent) as server:
        url = event(server, "listening")["url"]
        worker = ("worker", "--config", config, "--json")
        with living(*worker, cwd=config.parent, key=KEY) as working:
            assert event(working, "run")["counts"]["new"] == 429
            assert end(working, signal.SIGTERM)[0] == 0
        assert get(f"{url}readyz")[0] == 200


def test_ending_while_a_source_hangs_takes_less_than_ten_seconds(
    config: Path, city: City, allmende: Call
) -> None:
    city.fault = Fault.HANG
    with living("serve", "--config", config, "--json", cwd=config.parent, key=KEY) as process:
        event(process, "listening")
        while not city.visits:
            time.sleep(0.05)
        code, seconds, said = end(process, signal.SIGTERM)
    assert (code, seconds < 10, "Traceback" in said) == (0, True, False)
    (run,) = allmende("runs", "--config", config, "--json").json
    assert run["outcome"] == "interrupted"


def test_a_killed_server_leaves_no_worker_behind(config: Path) -> None:
    with living("serve", "--config", config, "--json", cwd=config.parent, key=KEY) as process:
        wait_until_ready(event(process, "listening")["url"])
        _, seconds, _ = end(process, signal.SIGKILL)
    assert seconds < 10  # the worker held standard error open until it ended


def test_a_taken_port_is_said_in_one_line(
    allmende: Call, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        monkeypatch.setenv("ALLMENDE_SERVICE__PORT", str(listener.getsockname()[1]))
        called = allmende("serve", "--config", config)
    assert called.code == 1
    assert "cannot listen on 127.0.0.1" in called.err
    assert "Traceback" not in called.err
