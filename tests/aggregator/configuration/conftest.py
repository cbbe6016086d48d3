"""A connector of someone else, offered through the same door as every other."""

import sys
from collections.abc import Callable, Iterator
from importlib import invalidate_caches
from pathlib import Path

import pytest

from aggregator.configuration import Checked, check
from connectors import registry

MODULE = """
from typing import Annotated

from connectors.base import ConnectorSettings, Fetch, Manifest, SecretRef


class BulletinSettings(ConnectorSettings):
    address: Annotated[str, Fetch]
    pages: int = 1
    key: Annotated[str | None, SecretRef(), Fetch] = None
    spare_key: Annotated[str, SecretRef] | None = None


class Bulletin:
    manifest = Manifest(name="bulletin", version=1, titles={"en": "Bulletin"}, kinds=("offer",))
    Settings = BulletinSettings
"""
ENTRY_POINTS = """
[allmende.connectors]
bulletin = bulletin_connector:Bulletin
broken = no_such_module:Broken
"""

Check = Callable[[str], Checked]


@pytest.fixture
def _installed(tmp_path: Path) -> Iterator[None]:
    site = tmp_path / "site"
    site.mkdir()
    metadata = site / "bulletin-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: bulletin\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    (site / "bulletin_connector.py").write_text(MODULE)
    sys.path.insert(0, str(site))
    _forget()
    yield
    sys.path.remove(str(site))
    _forget()


def _forget() -> None:
    invalidate_caches()
    registry.load.cache_clear()
    registry._offered.cache_clear()


@pytest.fixture
def configured(_installed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Text → what checking a file with this text gives."""
    monkeypatch.setenv("BULLETIN_KEY", "a-long-secret")

    def checked(text: str) -> Checked:
        file = tmp_path / "allmende.toml"
        file.write_text(text, "utf-8")
        return check(file)

    return checked
