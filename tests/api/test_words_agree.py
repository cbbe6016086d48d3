"""What has one name in a list's filters has it on the pages of entries too."""

import pytest

from api.site.words import LANGUAGES, words_in

SAME = {
    "field.commitment": "fact.commitment",
    "field.type": "fact.type",
    "field.initiative_type": "fact.initiative_type",
    "field.open_for_cooperation": "fact.open_for_cooperation",
    "field.form": "fact.form",
    "field.climate": "climate",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_filters_and_entries_use_the_same_words(language: str) -> None:
    say = words_in(language)
    assert {name: say[name] for name in SAME} == {name: say[SAME[name]] for name in SAME}
