"""The image's steps, really done; then what they made, run by its user on files it cannot write."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import monotonic
from typing import Any, Final

import pytest
from aiohttp import ClientError, ClientSession, web
from aiohttp.test_utils import TestServer, unused_port

from tests.ops.building import Image, running
from tests.ops.test_compose import SINGLE, load
from tests.repo.tree import PACKAGES, files, name

pytestmark = [pytest.mark.ops, pytest.mark.timeout(180)]

SECONDS: Final = 60.0
CALENDAR: Final = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//stadt.example//Kalender//DE\r
BEGIN:VEVENT\r
UID:1@stadt.example\r
DTSTAMP:20260101T000000Z\r
DTSTART;VALUE=DATE:20991224\r
SUMMARY:Bäume pflanzen\r
END:VEVENT\r
END:VCALENDAR\r
"""
CONFIGURATION: Final = """
[fetch]
allow_loopback = true
[[source]]
id = "stadt"
connector = "ical"
every = "1s"
[source.settings]
url = "{url}"
"""


@pytest.fixture
async def calendar() -> AsyncIterator[str]:
    """The address of a calendar with one event."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=CALENDAR, content_type="text/calendar")

    app = web.Application()
    app.router.add_get("/kalender.ics", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/kalender.ics"))


@pytest.fixture
def configured(image: Image, calendar: str) -> Iterator[Image]:
    """The image with a configuration beside it, as it is mounted."""
    file = image.root / "allmende.toml"
    file.write_text(CONFIGURATION.format(url=calendar))
    yield image
    file.unlink()


async def first(port: int, path: str, *, having: str = "") -> Any:
    """The first good answer, parsed, that has one of what is listed under `having`."""
    ends = monotonic() + SECONDS
    async with ClientSession() as session:
        while monotonic() < ends:
            try:
                async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                    said = await answer.json()
                    if answer.status == 200 and (not having or said[having]):
                        return said
            except ClientError:
                pass
            await asyncio.sleep(0.1)
    raise TimeoutError(path)


def owned(image: Image) -> set[Path]:
    """What belongs to the image's user where everybody may write."""
    places = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")]
    return {p for place in places for p in place.iterdir() if _owner(p) == image.user}


def _owner(path: Path) -> int | None:
    try:
        return path.lstat().st_uid
    except OSError:  # another test's, gone meanwhile
        return None


def test_the_image_holds_what_was_pinned_and_nothing_to_build_with(image: Image) -> None:
    uv, python = image.root / "base" / "bin" / "uv", image.root / "venv" / "bin" / "python"
    command = [str(uv), "pip", "freeze", "--python", str(python)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    installed = {line.partition(" @ ")[0] for line in done.stdout.splitlines()}
    pinned = (image.root / "src" / "requirements" / "runtime.txt").read_text()
    here = {line for line in installed if "==" in line}
    assert {line for line in here if f"{line} " not in pinned} == {"allmende==0.1.0"} & here
    assert not {"pip", "hatchling", "uv", "pytest"} & {line.partition("==")[0] for line in here}


def test_the_image_carries_every_file_of_the_packages_compiled(image: Image) -> None:
    (site,) = (image.root / "venv" / "lib").glob("python3.*/site-packages")
    missing = [name(path) for path in files(*PACKAGES) if not (site / name(path)).is_file()]
    assert not missing
    bare = [
        p for p in site.rglob("*.py") if not list((p.parent / "__pycache__").glob(f"{p.stem}.*"))
    ]
    assert [p for p in bare if p.relative_to(site).parts[0] in PACKAGES] == []


async def test_its_user_serves_and_works_writing_only_to_its_volume(configured: Image) -> None:
    port = unused_port()
    before = owned(configured)
    with running(configured, ALLMENDE_SERVICE__PORT=str(port)) as process:
        events = await first(port, "/v1/events", having="data")
        assert [event["title"] for event in events["data"]] == [{"de": "Bäume pflanzen"}]
        assert process.poll() is None
    written = {p.name for p in (configured.root / "data").iterdir()}
    assert {"allmende.db", "snapshots"} <= written
    assert owned(configured) <= before


async def test_the_health_check_says_whether_it_lives(configured: Image) -> None:
    port = str(unused_port())

    def asked() -> int:
        with configured.start(configured.health, ALLMENDE_SERVICE__PORT=port) as asking:
            return asking.wait(20)

    assert await asyncio.to_thread(asked) == 1
    with running(configured, ALLMENDE_SERVICE__PORT=port):
        await first(int(port), "/healthz")
        assert await asyncio.to_thread(asked) == 0


async def test_sigterm_ends_it_and_its_worker_in_time_with_0(configured: Image) -> None:
    port = unused_port()
    grace = int(load(SINGLE)["services"]["allmende"]["stop_grace_period"].removesuffix("s"))
    with running(configured, ALLMENDE_SERVICE__PORT=str(port)) as process:
        await first(port, "/v1/events", having="data")
        process.terminate()
        assert await asyncio.to_thread(process.wait, grace) == 0
    assert _processes(configured.user) == []


async def test_a_configuration_with_a_mistake_is_refused_in_words(image: Image) -> None:
    file = image.root / "allmende.toml"
    file.write_text("[service]\nporto = 1\n")
    process = image.start([*image.command[:1], "check"])
    said, _ = await asyncio.to_thread(process.communicate, None, 30)
    file.unlink()
    assert process.returncode == 1
    assert "porto" in said


def _processes(user: int) -> list[str]:
    assert sys.platform == "linux"
    found = [p for p in Path("/proc").glob("[0-9]*") if _owner(p) == user]
    said = [(p / "stat").read_text() for p in found]
    return [one for one in said if one.rpartition(")")[2].split()[0] != "Z"]
