"""Calendars as producers write them, beside what must come of each."""

from pathlib import Path

import pytest

from connectors.conformance import failures
from connectors.registry import load
from connectors.samples import Sample, difference, outcome_of, samples

CONNECTOR = load("ical")
SAMPLES = samples(CONNECTOR, Path(__file__).with_name("samples"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_sample_becomes_what_is_expected(sample: Sample) -> None:
    different = difference(sample.expected, outcome_of(CONNECTOR, sample))
    assert not different, different


def test_connector_keeps_every_promise() -> None:
    assert len(SAMPLES) >= 40
    assert not failures(CONNECTOR, SAMPLES)
