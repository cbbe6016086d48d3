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
