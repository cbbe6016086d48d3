"""The vocabularies: every word of theirs can be said to people, in each language."""

from typing import get_args

import pytest

from schema import vocabulary
from schema.vocabulary import LABELS, LANGUAGES

WORDS = {
    "attendance": vocabulary.Attendance,
    "climate": vocabulary.Climate,
    "commitment": vocabulary.Commitment,
    "form": vocabulary.ProjectForm,
    "initiative_type": vocabulary.InitiativeType,
    "licence": vocabulary.Licence,
    "status": vocabulary.OfferStatus,
    "type": vocabulary.EventType,
}
FURTHER = {"status": vocabulary.EventStatus, "type": vocabulary.OrganisationType}
NAMES = sorted(
    {
        f"{name}.{value}"
        for words in (WORDS, FURTHER, {"status": vocabulary.ProjectStatus})
        for name, of in words.items()
        for value in get_args(of)
    }
)


@pytest.mark.parametrize("name", NAMES)
def test_every_value_of_a_vocabulary_has_a_label_in_each_language(name: str) -> None:
    assert set(LABELS[name]) == set(LANGUAGES)
    assert all(LABELS[name].values())


@pytest.mark.parametrize("name", ["remote", "open_for_cooperation"])
def test_yes_and_no_have_labels_too(name: str) -> None:
    for value in ("true", "false"):
        assert set(LABELS[f"{name}.{value}"]) == set(LANGUAGES)
