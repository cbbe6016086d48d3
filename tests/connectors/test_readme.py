"""The hour that `connectors/README.md` promises: its connector is built here from its own words."""

import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
import pytest

from connectors.conformance import failures
from connectors.privacy import PERSONAL_FIELDS
from connectors.registry import load
from connectors.samples import EXPECTED, IN, renew, samples

README = (Path(__file__).parents[2] / "connectors" / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"(?s)```{language}\n(.*?)```", README)


@pytest.fixture
def board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "readme_board.py").write_text(blocks("python")[0], "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield import_module("readme_board").Board()
    del sys.modules["readme_board"]


def test_the_connector_of_the_readme_conforms(board: Any, tmp_path: Path) -> None:
    document, given = blocks("json")
    (tmp_path / f"notices{IN}").write_text(document, "utf-8")
    (tmp_path / f"notices{EXPECTED}").write_text(given, "utf-8")
    assert renew(board, tmp_path) == ("notices",)
    found = samples(board, tmp_path)
    assert not failures(board, found)
    (offer,) = found[0].expected["entities"]
    assert offer["description_html"] == {"de": "<p>Montags. Fragen: […]</p>"}


@pytest.mark.parametrize("connector", ["feed", "freinet"])
def test_every_setting_of_a_connector_stands_in_the_readme(connector: str) -> None:
    fields = load(connector).Settings.model_fields
    table = README.partition(f"### Settings of `{connector}`")[2].partition("###")[0]
    documented = dict(re.findall(r"(?m)^\| `(\w+)` \| (.*?) \|", table))
    assert documented.keys() == fields.keys()
    for name, field in fields.items():
        said = field.default is not None and not field.is_required()
        default = f"`{orjson.dumps(field.default).decode()}`" if said else "–"
        assert documented[name] == default, name


@pytest.mark.parametrize("name", PERSONAL_FIELDS)
def test_every_personal_field_stands_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


def test_every_file_for_cleaning_stands_in_the_readme() -> None:
    folder = Path(__file__).parents[2] / "connectors" / "cleaning"
    files = {path.name for path in folder.glob("*.py")} - {"__init__.py"}
    assert not [name for name in files if f"`{name}`" not in README]
