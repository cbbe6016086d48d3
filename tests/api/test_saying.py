"""Sources and runs in plain words: complete in both languages, right for every span of time."""

from datetime import timedelta
from typing import get_args

import pytest

from aggregator.queries.sources import Condition
from aggregator.queries.withheld import Waiting
from aggregator.runs import Outcome
from api.meanings_de import GERMAN
from api.saying import CONDITIONS, OUTCOMES, ago, ahead, at_stake, ended, meaning, spoken, standing
from schema.problems import MEANINGS
from tests.api.seeding import NOW


def test_every_outcome_condition_and_problem_has_plain_words() -> None:
    assert set(OUTCOMES) == set(Outcome)
    assert set(CONDITIONS) == set(get_args(Condition))
    assert set(GERMAN) == set(MEANINGS)


def test_both_languages_are_spoken() -> None:
    assert (ended("held", "de"), ended("held")) != (ended("held"), ended("held", "de"))
    assert standing("fresh", "de").word == "Aktuell"
    assert meaning("record.no_title", "de").title == "Ein Eintrag ohne Titel"
    assert meaning("new.code", "de").title == "new.code"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "less than a second"), (119, "119 s"), (600, "10 min"), (7200, "2 h")],
)
def test_durations_are_spoken(seconds: float, words: str) -> None:
    assert spoken(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("minutes", "german", "english"),
    [
        (0.5, "gerade eben", "just now"),
        (1, "vor 1 Minute", "1 minute ago"),
        (89, "vor 89 Minuten", "89 minutes ago"),
        (120, "vor 2 Stunden", "2 hours ago"),
        (60 * 35, "vor 35 Stunden", "35 hours ago"),
        (60 * 48, "vor 2 Tagen", "2 days ago"),
        (60 * 24 * 90, "vor 3 Monaten", "3 months ago"),
        (60 * 24 * 800, "vor 2 Jahren", "2 years ago"),
    ],
)
def test_what_was_is_told_from_now(minutes: float, german: str, english: str) -> None:
    then = NOW - timedelta(minutes=minutes)
    assert (ago(then, NOW, "de"), ago(then, NOW, "en")) == (german, english)


def test_what_will_be_is_told_from_now() -> None:
    then = NOW + timedelta(minutes=40)
    assert (ahead(then, NOW, "de"), ahead(NOW, NOW, "en")) == ("in 40 Minuten", "in a moment")


def test_what_is_held_back_is_counted_out() -> None:
    held = Waiting(removals=8, changes=1, since=NOW, run=5, approved=0, rejected=0)
    assert at_stake(held, "en") == "8 entries would vanish, 1 entry would change"
    assert at_stake(held, "de") == "8 Einträge würden verschwinden, 1 Eintrag würde sich ändern"
