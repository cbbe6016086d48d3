"""`allmende quarantine` says what was refused, why, and what helps; no secret, nothing to obey."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from aggregator.queries import Database
from aggregator.store.compression import compress
from schema.problems import MEANINGS
from tests.api.cli.conftest import Call
from tests.api.seeding import add_quarantined, add_run, add_source

KEY = "kanarienvogel-4711"
CONFIGURATION = """
[[source]]
id = "agentur"
connector = "freinet"
[source.settings]
agency = 177
key = "env:AGENTUR_KEY"
"""


@pytest.fixture
def config(
    database: Database, database_setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Two sources with something in quarantine; one sent our own key back."""
    monkeypatch.setenv("ALLMENDE_SERVICE__DATABASE", database_setting)
    monkeypatch.setenv("AGENTUR_KEY", KEY)
    for source in ("agentur", "andere"):
        database.write_now(add_source, source)
        database.write_now(add_run, source)
    database.write_now(add_quarantined, "17", **_row({"id": "17", "link": f"https://x/?q={KEY}"}))
    database.write_now(add_quarantined, "at \x1b[2J 9", source="andere", **_row({"id": None}))
    file = tmp_path / "allmende.toml"
    file.write_text(CONFIGURATION)
    return file


def _row(raw: Mapping[str, Any]) -> dict[str, Any]:
    problem = {"code": "record.no_title", "path": "title", "message": f"looked at {KEY}"}
    return {
        "problems": orjson.dumps([problem]).decode(),
        "raw": compress(orjson.dumps(raw)),
        "last_run": 2,
    }


def test_a_row_says_what_is_wrong_and_what_helps(allmende: Call, config: Path) -> None:
    called = allmende("quarantine", "agentur", "--config", config)
    meaning = MEANINGS["record.no_title"]
    assert (called.code, called.err) == (0, "")
    for said in (
        "agentur: offer 17, since run 1 (2026-11-21 11:59), last in run 2",
        "record.no_title: title: looked at",
        f"{meaning.title}. {meaning.advice}",
    ):
        assert said in called.out
    assert "https://x/" not in called.out


def test_the_raw_record_comes_without_our_secrets(allmende: Call, config: Path) -> None:
    for more in ((), ("--json",)):
        called = allmende("quarantine", "agentur", "--raw", *more, "--config", config)
        assert "https://x/" in called.out
        assert "***" in called.out
        assert KEY not in called.out + called.err
    (row,) = allmende("quarantine", "agentur", "--raw", "--config", config, "--json").json
    assert orjson.loads(row["raw"])["id"] == "17"


def test_a_terminal_is_not_told_what_to_do(allmende: Call, config: Path) -> None:
    called = allmende("quarantine", "--config", config)
    assert "andere: offer at �[2J 9" in called.out
    assert "\x1b" not in called.out


def test_rows_speak_json_and_can_be_limited(allmende: Call, config: Path) -> None:
    rows = allmende("quarantine", "--config", config, "--json").json
    assert [(row["source"], row["raw"]) for row in rows] == [("agentur", None), ("andere", None)]
    assert rows[0]["problems"][0]["code"] == "record.no_title"
    called = allmende("quarantine", "-n", 1, "--config", config)
    assert "andere" not in called.out
    assert called.err == "There are more; see --limit.\n"


def test_an_empty_quarantine_is_said_so(allmende: Call, config: Path) -> None:
    called = allmende("quarantine", "nobody", "--config", config)
    assert (called.code, called.out) == (0, "Quarantine: nothing lies there\n")
