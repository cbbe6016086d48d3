"""Words are compared without case, marks and ways of writing an umlaut, in five languages."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schema import Offer
from schema.normal.words import HALF, LONGEST, Term, terms_in, words_in
from schema.searching import naming, words_of

SENTENCES = [
    ("Stadtbäume gießen", "baum"),
    ("Stadtbäume gießen", "bäume"),
    ("Stadtbäume gießen", "BAEUME"),
    ("Stadtbäume gießen", "baume"),
    ("Stadtbaeume giessen", "Stadtbäume"),
    ("Stadtbäume gießen", "giessen"),
    ("Blumen giessen", "gießen"),
    ("Straßenfest", "strasse"),
    ("STRASSENFEST", "straße"),
    ("Repair-Café", "cafe"),
    ("Repair-Café", "Repaircafé"),
    ("Repaircafe", "Repair-Café"),
    ("Helfer*innen gesucht", "Helferinnen"),
    ("Helfer/-innen gesucht", "Helferinnen"),
    ("Helferinnen gesucht", "Helfer:innen"),
    ("CO₂ sparen", "co2"),
    ("Ökologie", "oekologie"),
    ("Oekologie", "öko"),
    ("Neue Aktuelle Reihe", "aktuell"),
    ("Tree planting and watering", "WATER"),
    ("Children's library", "childrens"),
    ("Children\u2019s library", "children's"),
    ("Bomen water geven bij het Klimaatplein", "plein"),
    ("Thema\u2019s in de wĳk", "wijk"),
    ("Coördinatie van vrijwilligers", "coordinatie"),
    ("Plantação de árvores no coração da cidade", "plantacao"),
    ("Limões e ações", "acoes"),
    ("Žąsų šėrimas ir įrankių čiuožykla, ūkis", "zasu"),
    ("Žąsų šėrimas ir įrankių čiuožykla, ūkis", "šerimas"),
    ("Žąsų šėrimas ir įrankių čiuožykla, ūkis", "ciuozykla"),
    ("Žąsų šėrimas ir įrankių čiuožykla, ūkis", "ukis"),
    ("Æbler fra Ærø, smørrebrød", "aero"),
    ("Æbler fra Ærø, smørrebrød", "smorrebrod"),
    ("Łódź", "lodz"),
    ("\ufb01nden", "finden"),
]


def occurs(term: Term, words: list[str]) -> bool:
    return any(spelling in word for spelling in term.spellings for word in words)


@pytest.mark.parametrize(("text", "sought"), SENTENCES)
def test_what_people_write_in_other_ways_is_the_same(text: str, sought: str) -> None:
    words = words_in(text)
    assert all(occurs(term, words) for term in terms_in(sought))
    assert terms_in(sought)


@pytest.mark.parametrize(("text", "sought"), [("Bäume", "Busch"), ("Kuchen", "Kirche"), ("", "a")])
def test_other_words_are_other_words(text: str, sought: str) -> None:
    words = words_in(text)
    assert not all(occurs(term, words) for term in terms_in(sought))


@pytest.mark.parametrize("signs", ["", "%", "_", "* / -", "\x00", "😀🌳", "\ud800", "''"])
def test_signs_alone_are_no_words(signs: str) -> None:
    assert terms_in(signs) == ()
    assert words_in(signs) == []


@given(st.text(max_size=120))
@example("x" * (LONGEST + 1))
@example("Bäume" * 12)
@example("ß" * 60)
@example("Garten-" * 9 + "Neueröffnung" * 10)
def test_every_piece_of_a_word_occurs_in_it(text: str) -> None:
    words = words_in(text)
    for term in terms_in(text):
        assert occurs(term, words)
        assert all(0 < len(spelling) <= HALF + 1 for spelling in term.spellings)
    assert all(0 < len(word) <= LONGEST for word in words)


@given(st.text("aeouäöüßnrtIÉŠž", min_size=3, max_size=90), st.integers(0, 87), st.integers(3, 90))
def test_what_is_cut_out_of_a_word_is_found_in_it(word: str, start: int, length: int) -> None:
    cut = word[start : start + length]
    assert all(occurs(term, words_in(word)) for term in terms_in(cut))


OFFER = Offer.model_validate(
    {
        "native_id": "1",
        "title": {"de": "Bäume gießen", "en": "Watering trees"},
        "description": {"de": "Bäume brauchen Wasser."},
        "place": {"name": "Volkspark", "locality": "Halle"},
        "tags": ("Garten",),
        "categories": ({"scheme": "topics", "term": "energy", "by": "source"},),
    }
)


def test_words_stand_once_on_the_line_that_weighs_most() -> None:
    title, around, further = words_of(OFFER).split("\n")
    assert title == " baume giessen watering trees "
    assert around == " volkspark halle garten "
    assert further.startswith(" brauchen wasser ")
    assert further.split()[2:] == ["energie", "energy", "energia", "energija"]


def test_who_is_named_stands_beside_where() -> None:
    words = naming(words_of(OFFER), "Grünhof Halle")
    assert words.split("\n")[1] == " volkspark halle garten grunhof "
    assert naming(words_of(OFFER), None) == words_of(OFFER)


def test_an_entity_has_three_lines_and_no_end_of_words() -> None:
    bare = words_of(Offer(native_id="1", title={"de": "…"}))
    assert naming(bare, "Hof") == " \n hof \n "
    for title in (" ".join(f"wort{n}" for n in range(9_000)), "x" * 9_000):
        found = words_of(Offer(native_id="1", title={"de": title}))
        assert found.count("\n") == 2
        assert len(found) < 12_100
        assert naming(found, "Hof").split("\n")[1].strip() == "hof"
