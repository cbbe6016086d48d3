from typing import Any

import pytest
from pydantic import ValidationError

from benchmarks.scoreboard.expectations import Expectation
from benchmarks.scoreboard.judging import COMPARISONS
from benchmarks.scoreboard.rules import Rule, load_rules

RULES = load_rules()
DOCUMENTS = {
    "a/expected.json": b'{"items": [{"author": {"name": "x"}}]}',
    "a/titled.json": b'{"items": [{"author": {"name": "x"}, "title": "y"}]}',
    "encodings/x/empty.xml": b"<rss><channel/></rss>",
    "encodings/x/full.xml": b"<rss><channel><item/></channel></rss>",
}


def reason(check: str, value: Any, file: str = "rss-atom-expected/x/y.xml") -> str | None:
    asked = Expectation(file=file, check=check, kind="upstream", value=value)
    return RULES.reason(asked, lambda name: DOCUMENTS.get(name, b""))


def test_every_rule_has_a_reason_of_its_own_and_a_condition() -> None:
    reasons = [rule.reason for rule in RULES.rules]
    assert len(set(reasons)) == len(reasons)
    assert all(each.endswith(".") for each in reasons)
    assert all(rule.family or rule.check for rule in RULES.rules)


def test_no_rule_can_name_a_file() -> None:
    assert not [name for name in Rule.model_fields if "file" in name or "path" in name]
    with pytest.raises(ValidationError):
        Rule.model_validate({"reason": "x" * 30, "file": "a/b.ics"})
    assert not [each for rule in RULES.rules for each in rule.family if each.count("/") > 1]


def test_no_rule_sets_a_whole_check_of_calendars_or_feeds_aside() -> None:
    kept = {"jcal_equals_file"}
    for rule in RULES.rules:
        patterns = (rule.value, rule.unless_value, rule.args, rule.upstream, rule.suffix)
        seen = (rule.document, rule.unless_document, rule.entry_fields)
        narrowed = any(patterns) or any(each is not None for each in seen)
        assert narrowed or not (set(rule.check) & set(COMPARISONS)) - kept


def test_every_check_a_rule_names_is_known() -> None:
    named = {name for rule in RULES.rules for name in rule.check}
    assert named - set(COMPARISONS) == {"jcal_equals_file"}


@pytest.mark.parametrize(
    "value",
    [
        "not bozo and feed['title'] == 'Example'",
        "not bozo and entries[0]['author_detail']['email'] == 'me@example.com'",
        "not bozo and entries[0]['source']['links'][0]['rel'] == 'self'",
        "not bozo and entries[0]['links'][0]['type'] == 'text/html'",
        "not bozo and version == 'rss092'",
    ],
)
def test_what_is_asked_of_the_feed_or_of_persons_is_not_applicable(value: str) -> None:
    assert reason("feedparser_expr", value)


@pytest.mark.parametrize(
    "value",
    [
        "not bozo and entries[0]['title'] == 'Example'",
        "not bozo and entries[0]['title'] == 'feed[0] == author'",
        "not bozo and entries[0]['links'][0]['href'] == 'http://a.example/'",
        "not bozo and encoding == 'utf-8'",
        "not bozo and feed['title'] == 'x' and entries[0]['title'] == 'y'",
        "bozo",
    ],
)
def test_what_is_asked_of_entries_is_applicable(value: str) -> None:
    assert reason("feedparser_expr", value) is None


def test_a_model_of_nothing_but_persons_is_not_applicable() -> None:
    assert reason("model_equals_file", "a/expected.json")
    assert reason("model_equals_file", "a/titled.json") is None
    assert reason("model_equals_file", "a/missing.json") is None
    assert reason("feed_normalised", {"entries": [{"id": "1", "author": "x"}]}) is None


def test_events_are_applicable_wherever_they_stand() -> None:
    events: dict[str, Any] = {"calendars": [{"todos": [{}], "events": [{}]}]}
    assert reason("parsed_calendar", events, "ical-events/x/y.ics") is None
    assert reason("parsed_calendar", {"calendars": [{"todos": [{}]}]}, "ical-events/x/y.ics")


def test_a_feed_with_entries_must_show_its_encoding() -> None:
    assert reason("decoded_contains", "Café", "encodings/x/empty.xml")
    assert reason("decoded_contains", "Café", "encodings/x/full.xml") is None
