"""The house's direction: api → aggregator → connectors → schema, and who may not know whom."""

import ast
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.repo.tree import PACKAGES, TOP, files, name, project, syntax

CONNECTORS: dict[str, str] = project()["project"]["entry-points"]["allmende.connectors"]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, include_external_packages=True)


def reached(graph: grimp.ImportGraph, room: str) -> set[str]:
    """A room → every module that it or a part of it names in an import."""
    inside = {room} | graph.find_descendants(room)
    return {
        target
        for importer in inside
        for target in graph.find_modules_directly_imported_by(importer)
    } - inside


def below(modules: set[str], *rooms: str) -> set[str]:
    return {m for m in modules if any(m == room or m.startswith(f"{room}.") for room in rooms)}


def test_import_contracts_hold() -> None:
    # A process of its own: the linter configures logging, and that would last.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def rooms_of_connectors() -> dict[str, str]:
    return {key: target.partition(":")[0] for key, target in CONNECTORS.items()}


def test_the_machine_and_the_faces_know_no_single_connector(graph: grimp.ImportGraph) -> None:
    rooms = rooms_of_connectors().values()
    assert not below(reached(graph, "aggregator"), *rooms)
    assert not below(reached(graph, "api"), "connectors")


def test_a_connector_imports_no_other_connector(graph: grimp.ImportGraph) -> None:
    rooms = set(rooms_of_connectors().values())
    for room in rooms:
        assert not below(reached(graph, room), *(rooms - {room}))


def test_faces_never_touch_tables(graph: grimp.ImportGraph) -> None:
    assert not below(reached(graph, "api"), "aggregator.store.tables")


def test_the_fake_city_imports_nothing_of_the_house(graph: grimp.ImportGraph) -> None:
    assert not below(reached(graph, "api.demo"), *PACKAGES)


OWN_WORDS = {"feed"}
"""What is the name of a connector too: the merged feed is what the machine makes."""


def words(path: Path) -> set[str]:
    """A file → its names and string constants."""
    nodes = list(ast.walk(syntax(path)))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    constants = {node.value for node in nodes if isinstance(node, ast.Constant)}
    return {word.lower() for word in names | constants if isinstance(word, str)}


def test_the_machine_names_no_single_connector() -> None:
    named = {
        f"{name(path)} says {key}"
        for path in files("aggregator", suffix=".py")
        for key in CONNECTORS
        if ({key, f"connectors.{key}"} - OWN_WORDS) & words(path)
    }
    assert not named
