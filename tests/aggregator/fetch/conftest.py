"""A fetcher that may dial this machine, its folder, and short ways to use them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from aggregator.fetch.client import Fetcher, Limits
from aggregator.fetch.snapshots import Snapshots
from aggregator.settings import FetchSettings

PUBLIC_URL = "https://stadt.example/klima/"
LIMITS = Limits(max_bytes=1_000_000, max_seconds=5)


@pytest.fixture
def snapshots(tmp_path: Path) -> Iterator[Snapshots]:
    opened = Snapshots(tmp_path / "snapshots")
    yield opened
    opened.close()


@pytest.fixture
async def fetcher(snapshots: Snapshots) -> AsyncIterator[Fetcher]:
    settings = FetchSettings(contact="klima@stadt.example", allow_loopback=True)
    async with Fetcher(settings, snapshots, public_url=PUBLIC_URL) as opened:
        yield opened


@pytest.fixture
async def guarded(snapshots: Snapshots) -> AsyncIterator[Fetcher]:
    """A fetcher as it is in service: this machine is out of bounds."""
    async with Fetcher(FetchSettings(), snapshots, public_url=PUBLIC_URL) as opened:
        yield opened


def read(path: str | None) -> bytes:
    """A document's bytes."""
    return Path(str(path)).read_bytes()


def left_over(snapshots: Snapshots) -> list[str]:
    """Names of the files in the folder."""
    return sorted(path.name for path in snapshots.folder.iterdir())
