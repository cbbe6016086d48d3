"""The example says everything there is to say, and is right by both judges."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from aggregator.configuration import check
from aggregator.configuring.published import installed, json_schema
from aggregator.settings import (
    AdminSettings,
    FetchSettings,
    PersonalSettings,
    PortalSettings,
    ServiceSettings,
    SiteSettings,
    SourceSettings,
)
from tests.aggregator.configuration.judging import Judge

EXAMPLE = Path(__file__).parents[3] / "examples" / "allmende.toml"
TABLES = {"settings", "terms", "personal", "guard", "limits"}


def test_the_example_is_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FREINET_KEY", "a-long-secret")
    checked = check(EXAMPLE)
    assert checked.mistakes == ()
    assert checked.settings is not None


def test_the_example_satisfies_the_published_schema() -> None:
    document = tomllib.loads(EXAMPLE.read_text("utf-8"))
    assert Judge(json_schema()).complaints(document) == []


def test_the_example_names_the_schema() -> None:
    named = EXAMPLE.read_text("utf-8").partition("\n")[0].removeprefix("#:schema ")
    assert (EXAMPLE.parent / named).resolve().name == "allmende.schema.json"
    assert (EXAMPLE.parent / named).exists()


def test_the_example_explains_every_setting() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    models: list[type[BaseModel]] = [*installed().values(), ServiceSettings, FetchSettings]
    models += [SiteSettings, AdminSettings, SourceSettings, PersonalSettings, PortalSettings]
    for model in models:
        for setting in model.model_fields.keys() - TABLES:
            at = [n for n, line in enumerate(lines) if re.match(rf"(# )?{setting} = ", line)]
            assert at, f"{setting} is missing"
            assert lines[at[0] - 1].startswith("# "), f"{setting} has no comment"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("port = 8080", "port = 70000"),
        ("port = 8080", "prot = 8080"),
        ('connector = "freinet"', 'connector = "freinett"'),
        ('every = "1h"', 'every = "often"'),
        ("categories = []", 'categories = ["enrgy"]'),
        ('key = "env:FREINET_KEY"', 'key = "a-secret"'),
        ("agency = 177", "agncy = 177"),
        ("limit = 10000", "limit = 0"),
        ('"cc-by/4.0"', '"mine"'),
        ("[[source]]", "[source]"),
    ],
)
def test_both_judges_refuse_the_same(tmp_path: Path, old: str, new: str) -> None:
    one_source = EXAMPLE.read_text("utf-8").partition("\n# Calendars")[0]
    text = one_source.replace(old, new)
    file = tmp_path / "allmende.toml"
    file.write_text(text)
    assert check(file).settings is None
    assert Judge(json_schema()).complaints(tomllib.loads(text))
