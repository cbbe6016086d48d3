import subprocess
import sys

import pytest

import connectors
from connectors import registry
from connectors.base import Manifest


def test_built_in_connectors_come_through_the_entry_points() -> None:
    assert "freinet" in registry.names()


def test_a_connector_is_loaded_by_its_name() -> None:
    loaded = registry.load("freinet")
    assert isinstance(loaded.manifest, Manifest)
    assert loaded.manifest.name == "freinet"


def test_an_unknown_connector_is_named_with_those_that_are_installed() -> None:
    with pytest.raises(registry.UnknownConnector, match=r"'frinet'; installed: .*freinet"):
        registry.load("frinet")


def test_the_public_names_are_there() -> None:
    assert all(hasattr(connectors, name) for name in connectors.__all__)


def imported_by(code: str) -> set[str]:
    """Top names of what a fresh interpreter has imported after this."""
    said = f"import sys\n{code}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_knowing_a_connector_and_its_settings_imports_nothing_that_reads() -> None:
    code = "from connectors.registry import *\n[load(name).Settings for name in names()]"
    assert not {"icalendar", "feedparser", "lxml", "nh3", "dateutil"} & imported_by(code)


@pytest.mark.parametrize(
    ("name", "reader"), [("ical", "icalendar"), ("feed", "feedparser"), ("freinet", "lxml")]
)
def test_a_connector_loaded_whole_has_imported_what_reads(name: str, reader: str) -> None:
    assert reader in imported_by(f"from connectors.registry import *\nload_whole({name!r})")
