"""What the demo says to people when all is ready."""

import pytest

from api.cli.demo_telling import telling

READY = {"offers": 429, "organisations": 249, "seconds": 9.5, "urls": {}, "failed": []}


@pytest.mark.parametrize(("events", "is_hinted"), [(0, True), (85, False)])
def test_a_folder_without_calendars_is_explained(
    capsys: pytest.CaptureFixture[str], events: int, *, is_hinted: bool
) -> None:
    with telling(as_json=False) as say:
        say("ready", {**READY, "events": events})
    said = capsys.readouterr().out
    assert f"429 offers, 249 organisations and {events} events stand after 9.5 s." in said
    assert ("from before the city had calendars" in said) is is_hinted


def test_sources_that_brought_nothing_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    failed = {"failed": ["nordstadt", "naturfreunde"], "problem": "source.failing: 503"}
    with telling(as_json=False) as say:
        say("ready", {**READY, "events": 0, **failed})
    said = " ".join(capsys.readouterr().out.split())
    assert "nordstadt, naturfreunde brought nothing: source.failing: 503" in said
