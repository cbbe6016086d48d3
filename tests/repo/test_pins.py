"""Pins: what is installed is what stands in pyproject.toml, and the hashed lists agree."""

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tests.repo.tree import TOP, project

SEEDS = {"pip", "setuptools", "wheel"}  # what `python -m venv` brings along
LISTS = sorted((TOP / "requirements").glob("*.txt"))
HOW = "; run `uv run python requirements/refresh.py`"


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(lines: list[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in lines:
        name, _, rest = line.partition("==")
        found.setdefault(normal(name), set()).add(re.split(r"[ ;\\]", rest)[0])
    return found


def constraints() -> dict[str, set[str]]:
    return pinned(project()["tool"]["uv"]["constraint-dependencies"])


def listed(path: Path) -> dict[str, set[str]]:
    return pinned([line for line in path.read_text().splitlines() if re.match(r"\w", line)])


def test_every_installed_distribution_equals_its_pin() -> None:
    pins = constraints()
    wrong = {
        f"{normal(d.name)} {d.version}, pinned: {pins.get(normal(d.name), 'not at all')}"
        for d in distributions()
        if normal(d.name) not in SEEDS | {"allmende"}
        and d.version not in pins.get(normal(d.name), ())
    }
    assert not wrong, f"{sorted(wrong)}{HOW}"


def test_every_pin_is_exact() -> None:
    tool = project()["tool"]["uv"]
    building = project()["build-system"]["requires"]
    lines = tool["constraint-dependencies"] + tool["build-constraint-dependencies"] + building
    assert not [line for line in lines if not re.match(r"[\w.-]+==[\w.]+( ;|$)", line)]


def test_the_build_backend_is_pinned_once() -> None:
    building = pinned(project()["build-system"]["requires"])
    constrained = pinned(project()["tool"]["uv"]["build-constraint-dependencies"])
    assert building.items() <= constrained.items()


def test_there_are_lists_to_install_from() -> None:
    assert [path.name for path in LISTS] == ["build.txt", "dev.txt", "runtime.txt"]


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_a_list_agrees_with_the_pins(path: Path) -> None:
    differing = {k: v for k, v in listed(path).items() if v != constraints().get(k)}
    assert not differing, f"{differing}{HOW}"


def test_the_lists_hold_what_the_project_asks_for() -> None:
    building = pinned(project()["build-system"]["requires"]).keys() | {"uv"}
    assert building <= listed(TOP / "requirements" / "build.txt").keys()
    wanted = {
        normal(re.split(r"[\[>=;<]", line)[0]) for line in project()["project"]["dependencies"]
    }
    assert wanted <= listed(TOP / "requirements" / "runtime.txt").keys()
    tests = {normal(line) for line in project()["project"]["optional-dependencies"]["test"]}
    assert wanted | tests <= listed(TOP / "requirements" / "dev.txt").keys()


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_a_list_carries_hashes_and_no_address(path: Path) -> None:
    text = path.read_text()
    blocks = re.split(r"\n(?=\w)", text)[1:]
    assert blocks
    assert not [block for block in blocks if "--hash=sha256:" not in block]
    assert "://" not in text
