"""`allmende check` says what is wrong, what is right, and how the file may look."""

from pathlib import Path

import orjson
import pytest

from aggregator.configuring.published import PUBLISHED, write
from tests.api.cli.conftest import Call

GOOD = """
[[source]]
id = "halle"
connector = "freinet"
every = "2h"
[source.settings]
agency = 177
key = "env:HALLE_KEY"
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A good configuration whose secret is there."""
    monkeypatch.setenv("HALLE_KEY", "a-long-secret")
    path = tmp_path / "allmende.toml"
    path.write_text(GOOD)
    return path


def test_a_good_file_is_called_usable_and_shows_no_secret(allmende: Call, file: Path) -> None:
    called = allmende("check", "--config", file)
    assert called.code == 0
    assert "source halle: freinet, every 2h" in called.out
    assert "secret env:HALLE_KEY is there" in called.out
    assert f"{file}: usable" in called.out
    assert "a-long-secret" not in called.out + called.err


def test_a_mistake_stands_behind_file_and_line(allmende: Call, file: Path) -> None:
    file.write_text(GOOD.replace("every", "evry"))
    called = allmende("check", "--config", file)
    assert called.code == 1
    assert f'{file}:5: error: source[0].evry: there is no setting "evry" here' in called.out
    assert 'did you mean "every"?' in called.out


def test_a_warning_does_not_fail(allmende: Call, file: Path) -> None:
    file.write_text(GOOD.replace("2h", "1m"))
    called = allmende("check", "--config", file)
    assert called.code == 0
    assert ":5: warning: source[0].every: more often than is polite" in called.out
    assert "source halle: freinet, every 15m" in called.out


def test_json_says_all_of_it(allmende: Call, file: Path) -> None:
    said = allmende("check", "--config", file, "--json").json
    assert said["ok"] is True
    assert said["sources"] == [
        {"id": "halle", "connector": "freinet", "enabled": True, "every_seconds": 7200.0}
    ]
    assert said["secrets"][0]["found"] is True
    file.write_text("a = ")
    called = allmende("check", "--config", file, "--json")
    assert (called.code, called.json["mistakes"][0]["code"]) == (1, "settings.syntax")


def test_a_missing_file_is_explained(allmende: Call, tmp_path: Path) -> None:
    called = allmende("check", "--config", tmp_path / "nowhere.toml")
    assert called.code == 1
    assert "no such file" in called.out


def test_the_file_may_be_named_by_variable(
    allmende: Call, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLMENDE_CONFIG", str(file))
    assert allmende("check").code == 0


def test_the_published_schema_is_current(allmende: Call) -> None:
    assert PUBLISHED.read_text("utf-8") == write(), "allmende check --schema > aggregator/…"
    assert allmende("check", "--schema").out == write()


def test_the_schema_ties_a_connector_to_its_settings() -> None:
    schema = orjson.loads(PUBLISHED.read_bytes())
    source = schema["$defs"]["SourceSettings"]
    rules = {each["if"]["properties"]["connector"]["const"]: each for each in source["allOf"]}
    assert rules.keys() == {"feed", "freinet", "ical"}
    rule = rules["freinet"]
    name = rule["then"]["properties"]["settings"]["$ref"].rsplit("/", 1)[-1]
    assert schema["$defs"][name]["properties"]["key"]["pattern"].startswith("^(env:")
    assert schema["$defs"][name]["additionalProperties"] is False


def test_every_setting_has_a_description_in_the_schema() -> None:
    definitions = orjson.loads(PUBLISHED.read_bytes())["$defs"]
    for name in ("ServiceSettings", "FetchSettings", "SourceSettings", "PersonalSettings"):
        for setting, said in definitions[name]["properties"].items():
            assert "description" in said, f"{name}.{setting}"


def test_a_wrong_filter_of_a_portal_is_found_by_check_and_keeps_serve_from_starting(
    allmende: Call, file: Path
) -> None:
    file.write_text(GOOD + '[[portal]]\nid = "a"\nfilter = "catgory=energy"\n')
    called = allmende("check", "--config", file)
    assert called.code == 1
    assert f'{file}:11: error: portal[0].filter: there is no filter "catgory"' in called.out
    started = allmende("serve", "--config", file)
    assert started.code == 1
    assert "catgory" in started.err
    file.write_text(GOOD + '[[portal]]\nid = "a"\nfilter = "category=energy"\n')
    assert "portal a: category=energy" in allmende("check", "--config", file).out
