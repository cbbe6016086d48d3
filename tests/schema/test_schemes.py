import pytest

from schema import schemes
from schema.vocabulary import LANGUAGES

TERMS = [term for name in schemes.names() for term in schemes.scheme(name).terms.values()]


def test_the_default_scheme_comes_first_and_has_eight_terms() -> None:
    assert schemes.names()[0] == schemes.DEFAULT
    assert len(schemes.scheme(schemes.DEFAULT).terms) == 8


@pytest.mark.parametrize("term", TERMS, ids=lambda term: f"{term.scheme}:{term.id}")
def test_every_term_speaks_all_languages(term: schemes.Term) -> None:
    assert tuple(term.labels) == tuple(term.sentence) == tuple(term.examples) == LANGUAGES
    assert all(len(two) == 2 and all(two) for two in term.examples.values())
    assert all([*term.labels.values(), *term.sentence.values()])


@pytest.mark.parametrize("name", schemes.names())
def test_every_scheme_has_labels_in_all_languages(name: str) -> None:
    assert tuple(schemes.scheme(name).labels) == LANGUAGES


def test_a_bare_term_belongs_to_the_default_scheme() -> None:
    bare, named = schemes.find("energy"), schemes.find("topics:energy")
    assert bare is not None
    assert bare == named


@pytest.mark.parametrize(
    "text", ["", "x", ":energy", "x:energy", "energy:", "partner_cities:energy"]
)
def test_a_term_that_no_scheme_has_is_none(text: str) -> None:
    assert schemes.find(text) is None


def test_every_term_as_written_is_found() -> None:
    assert len(schemes.written()) == len(TERMS)
    assert all(schemes.find(text) for text in schemes.written())


def test_related_terms_exist() -> None:
    assert all(schemes.find(other) for term in TERMS for other in term.related)


def test_a_label_falls_back_to_english() -> None:
    term = schemes.find("energy")
    assert term is not None
    assert (schemes.label(term, "pt"), schemes.label(term, "fi")) == ("Energia", "Energy")


def test_an_unknown_scheme_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        schemes.scheme("nobody")
