"""`allmende demo`: one command, and a whole city stands; again, and it is the same city."""

import re
import signal
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import orjson

from api.demo.folder import free_port
from tests.api.cli.conftest import Call
from tests.api.cli.living import end, event, get, living

CALENDARS = {"klimakalender", "naturfreunde", "stadt-veranstaltungen", "nordstadt"}


def start(folder: Path) -> tuple[object, ...]:
    """How the demo is called here."""
    port = free_port(23000)
    return ("demo", "--data", folder, "--port", port, "--json")


def status(url: str) -> int:
    """What a page answers."""
    with urllib.request.urlopen(url, timeout=10) as response:
        code: int = response.status
        return code


def test_the_demo_stands_and_stands_again(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with living(*start(folder), cwd=tmp_path) as process:
        ready = event(process, "ready")
        assert (ready["offers"], ready["organisations"]) == (429, 249)
        assert ready["events"] >= 60
        assert ready["failed"] == []
        _look_around(ready["urls"])
        code, seconds, said = end(process, signal.SIGINT)
    assert (code, seconds < 10, said) == (0, True, "")
    birth = orjson.loads((folder / "demo.json").read_bytes())["birth"]
    with living(*start(folder)[:-1], cwd=tmp_path) as process:
        said = _read_until(process, "Ctrl-C ends the demo")
        assert end(process, signal.SIGTERM)[0] == 0
    assert f"The demo keeps everything in {folder}" in said
    assert re.search(r"\d+ offers, \d+ organisations and \d+ events stand after", said)
    assert all(url in said for url in ready["urls"].values())
    assert orjson.loads((folder / "demo.json").read_bytes())["birth"] == birth


def _read_until(process: subprocess.Popen[str], last: str) -> str:
    """What the command says, up to the line with these words."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if last in line:
            return said
    raise AssertionError(said)


def _look_around(urls: dict[str, str]) -> None:
    """Every address the demo names answers, and an offer leads into the city."""
    assert {name: status(url) for name, url in urls.items()} == dict.fromkeys(urls, 200)
    offer = get(urls["offers"])[1]["data"][0]
    assert offer["url"].startswith(urls["city"])
    assert status(offer["url"]) == 200
    offers: list[Any] = get(f"{urls['offers']}?limit=500")[1]["data"]
    assert any(offer.get("categories") for offer in offers)
    events: list[Any] = get(f"{urls['events']}?limit=500")[1]["data"]
    assert {source["id"] for event in events for source in event["sources"]} == CALENDARS
    assert all(event.get("categories") for event in events)


def test_a_second_demo_in_one_folder_is_refused(tmp_path: Path, allmende: Call) -> None:
    folder = tmp_path / "demo"
    with living(*start(folder), cwd=tmp_path) as process:
        event(process, "listening")
        called = allmende("demo", "--data", folder, "--json")
        assert called.code == 1
        assert "is running in" in called.json["problem"]["message"]
