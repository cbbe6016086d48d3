"""A short run of the fuzzing that `tests.contract.fuzz` does at length."""

from copy import deepcopy
from pathlib import Path

import pytest
import requests

from tests.contract.fuzz import DATABASES, empty, fuzz, hold
from tests.contract.serving import served

pytestmark = [pytest.mark.contract, pytest.mark.timeout(900)]

LEAST = 1_000


@pytest.mark.parametrize("kind", DATABASES)
def test_whatever_is_asked_the_answer_is_as_documented(kind: str) -> None:
    tally = fuzz(kind, LEAST, boundaries=kind == "sqlite")
    assert tally.cases >= LEAST
    assert not tally.failed, f"{tally}"


def test_an_answer_that_the_document_does_not_know_would_be_noticed(tmp_path: Path) -> None:
    with empty("sqlite", tmp_path) as url, served(url, tmp_path) as found:
        document = requests.get(f"{found.url}/openapi.json", timeout=20).json()
        silent = deepcopy(document)
        silent["paths"] = {"/v1/projects": document["paths"]["/v1/projects"]}
        del silent["paths"]["/v1/projects"]["get"]["responses"]["400"]
        tally = hold(silent, found, 1, 1)
    assert tally.failed
    assert "/v1/projects: status 400" in tally.faults
