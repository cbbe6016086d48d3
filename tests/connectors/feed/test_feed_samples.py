"""Every sample beside this file is a test: drop in a document and what must come of it."""

from pathlib import Path

import pytest

from connectors.conformance import failures
from connectors.registry import load
from connectors.samples import Sample, difference, outcome_of, samples

FEED = load("feed")
SAMPLES = samples(FEED, Path(__file__).with_name("samples"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_sample_becomes_what_is_expected(sample: Sample) -> None:
    different = difference(sample.expected, outcome_of(FEED, sample))
    assert not different, f"\n{different}"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_connector_keeps_its_promises_over_the_sample(sample: Sample) -> None:
    assert not failures(FEED, (sample,))


def test_every_trap_has_a_sample() -> None:
    assert len(SAMPLES) >= 60
