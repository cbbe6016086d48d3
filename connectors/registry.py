"""Find connectors by entry point. Built-in ones come through the same door as everyone else's.

A distribution offers a connector in its entry-point group `allmende.connectors`: the name of the
connector and the class that implements `connectors.base.Connector`.
"""

from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import walk_packages
from typing import Any, Final

from connectors.base import Connector

GROUP: Final = "allmende.connectors"


class UnknownConnector(LookupError):
    """No installed distribution offers a connector of this name. Says which ones there are."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no connector is called {name!r}; installed: {', '.join(names())}")
        self.name = name


def names() -> tuple[str, ...]:
    """The names of all installed connectors, sorted."""
    return tuple(sorted(_offered()))


@cache
def load(name: str) -> Connector[Any]:
    """Name → the connector. Raises `UnknownConnector`."""
    offered = _offered().get(name)
    if offered is None:
        raise UnknownConnector(name)
    connector: Connector[Any] = offered.load()()
    return connector


@cache
def load_whole(name: str) -> Connector[Any]:
    """`load`, and every module below the connector's own: reading a document then imports nothing
    in the time and memory that the document is granted. Raises `UnknownConnector`."""
    connector = load(name)
    package = import_module(type(connector).__module__)
    for module in walk_packages(getattr(package, "__path__", ()), f"{package.__name__}."):
        import_module(module.name)
    return connector


@cache
def _offered() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}
