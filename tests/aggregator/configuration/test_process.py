"""Process settings come from the file and, stronger, from the environment."""

from pathlib import Path

import pytest

from aggregator.settings import AdminSettings, FetchSettings, Section, ServiceSettings
from tests.aggregator.configuration.conftest import Check


def test_a_variable_is_stronger_than_the_file(
    configured: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLMENDE_SERVICE__PORT", "9000")
    settings = configured('[service]\nport = 1\ntitle = "Klima"').settings
    assert settings is not None
    assert (settings.service.port, settings.service.title) == (9000, "Klima")


@pytest.mark.parametrize("section", [ServiceSettings, FetchSettings, AdminSettings])
def test_every_process_setting_has_a_variable(
    configured: Check,
    monkeypatch: pytest.MonkeyPatch,
    section: type[Section],
) -> None:
    table = section.__name__.removesuffix("Settings").upper()
    for name in section.model_fields:
        monkeypatch.setenv(f"ALLMENDE_{table}__{name.upper()}", "⚡")
    variables = {mistake.variable for mistake in configured("").mistakes}
    free = {"data", "host", "title", "contact", "name"}
    expected = {f"ALLMENDE_{table}__{n.upper()}" for n in section.model_fields if n not in free}
    assert variables == expected


def test_a_wrong_variable_is_named_instead_of_a_line(
    configured: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLMENDE_SERVICE__PROT", "9000")
    (mistake,) = configured("[service]\nport = 1").mistakes
    assert (mistake.variable, mistake.line) == ("ALLMENDE_SERVICE__PROT", None)
    assert mistake.suggestion == 'did you mean "port"?'


def test_a_variable_without_a_setting_is_explained(
    configured: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLMENDE_SERVICE", "nonsense")
    (mistake,) = configured("").mistakes
    assert "ALLMENDE_SERVICE__NAME=value" in mistake.message


def test_variables_that_clusters_set_by_themselves_do_no_harm(
    configured: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLMENDE_PORT", "tcp://10.0.0.1:80")
    monkeypatch.setenv("ALLMENDE_SERVICE_HOST", "10.0.0.1")
    assert configured("").mistakes == ()


def test_the_database_may_be_a_reference(
    configured: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DB", "postgresql://u:secret@h/d")
    settings = configured('[service]\ndatabase = "env:DB"').settings
    assert settings is not None
    assert settings.service.database == "postgresql://u:secret@h/d"


def test_a_database_reference_that_leads_nowhere_is_an_error(configured: Check) -> None:
    (mistake,) = configured('[service]\ndatabase = "file:nowhere"').mistakes
    assert (mistake.code, mistake.line) == ("source.secret_missing", 2)


@pytest.mark.parametrize("setting", ["mysql://h/d", "sqlite://", "sqlite:///:memory:", "data.db"])
def test_other_databases_are_refused(configured: Check, setting: str) -> None:
    (mistake,) = configured(f'[service]\ndatabase = "{setting}"').mistakes
    assert (mistake.code, mistake.line) == ("settings.invalid", 2)


def test_a_section_that_is_no_table_is_explained(configured: Check) -> None:
    (mistake,) = configured("service = 1").mistakes
    assert (mistake.line, mistake.message) == (1, "write a table: name = value")


def test_a_password_may_come_by_variable_but_not_by_file(
    configured: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = "postgresql://u:secret@h/d"
    (mistake,) = configured(f'[service]\ndatabase = "{url}"').mistakes
    assert mistake.code == "settings.plain_secret"
    monkeypatch.setenv("ALLMENDE_SERVICE__DATABASE", url)
    assert configured("").mistakes == ()
