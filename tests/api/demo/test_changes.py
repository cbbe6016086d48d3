"""The fake agency's list follows from seed and minute, and changes as promised."""

import re

import pytest

from api.demo.changes import Life, offers_at
from api.demo.city import BIRTH
from api.demo.offers import TWIN, twin, write_list

LIFE = Life(seed=1, birth=BIRTH)


def by_id(minute: int, life: Life = LIFE) -> dict[int, str]:
    """The list of a minute: id → XML."""
    return {offer.id: offer.xml for offer in offers_at(life, minute)}


def test_the_first_list_is_the_twin_byte_for_byte() -> None:
    offers = offers_at(LIFE, 0)
    assert write_list(offers, 'agenturId="177"') == TWIN.read_text("utf-8")
    assert len(offers) == 429
    assert len({offer.value("einrichtungsname") for offer in offers}) == 249


@pytest.mark.parametrize("start", [0, 19, 40, 1000, 525_600])
def test_every_minute_one_leaves_one_comes_and_ten_change(start: int) -> None:
    before = by_id(start)
    for minute in range(start + 1, start + 30):
        now = by_id(minute)
        changed = {each for each in before.keys() & now.keys() if before[each] != now[each]}
        assert (len(before.keys() - now.keys()), len(now.keys() - before.keys())) == (1, 1)
        assert len(changed) == 10
        before = now


def test_nine_are_edited_with_one_stamp() -> None:
    stamps = [offer.value("bearbeitet") for offer in offers_at(LIFE, 5)]
    assert stamps.count(str(BIRTH + 5 * 60)) == 9 + 1 + 1


def test_an_offer_that_left_comes_back_as_it_was() -> None:
    before, away, back = by_id(0), by_id(1), by_id(22)
    (left,) = before.keys() - away.keys()
    assert back[left] == before[left]


def test_some_leave_for_good() -> None:
    first = by_id(2)
    gone = by_id(1).keys() - first.keys()
    assert not any(gone & by_id(minute).keys() for minute in range(2, 120, 7))


def test_never_more_than_a_seventh_is_away_between_two_visits() -> None:
    for early, late in ((3, 5000), (500, 5001), (40, 3000), (100, 525_600)):
        before, after = by_id(early), by_id(late)
        assert len(before.keys() - after.keys()) < len(before) / 7


def test_an_edited_offer_may_say_that_nobody_is_wanted() -> None:
    stamp = str(BIRTH + 7 * 60)
    wanted = [
        o.value("anzahl_gesuche") for o in offers_at(LIFE, 7) if o.value("bearbeitet") == stamp
    ]
    assert "0" in wanted


def test_the_seed_decides_who_changes() -> None:
    other = Life(seed=2, birth=BIRTH)
    assert by_id(5) == by_id(5, Life(seed=1, birth=BIRTH))
    assert by_id(5).keys() != by_id(5, other).keys()


def test_what_the_agency_thinks_up_is_as_long_as_the_originals() -> None:
    elements = re.compile(r"<(\w+)[ />]")
    novelty = offers_at(LIFE, 1)[-1]
    assert novelty.id >= 950000
    assert elements.findall(novelty.xml) == elements.findall(twin()[0].xml)
