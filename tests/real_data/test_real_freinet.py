from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from connectors import Complete, Document, Everything, Facts, Raw, Understood
from connectors.fingerprints import fingerprint, mapping_hash
from connectors.freinet import FreinetSettings
from connectors.mapping import finish
from connectors.registry import load
from schema import Offer, Problem, Ref, encode
from schema.checks import check
from schema.normal.names import fold_name

FREINET = load("freinet")
AGENCY = FreinetSettings(agency=177, key="env:KEY")
TOP = FreinetSettings(mode="top_offers", address="https://top.example/", agency=177)
TWIN = "dialects/freinet/liste_shape_twin_429.xml"
SLICE = "freinet/tilweb+ehrenamtagentur-poc/_extracted/shortList_slice.xml"
TOP_OFFERS = "dialects/freinet/topoffers_shape.json"


def read(path: Path, settings: FreinetSettings = AGENCY) -> list[Understood]:
    return list(FREINET.read(Document(path=str(path), url="https://x.example/"), settings))


def offers(items: list[Understood], settings: FreinetSettings = AGENCY) -> list[Offer]:
    raws = [item for item in items if isinstance(item, Raw)]
    mapped = [e for raw in raws for e in FREINET.map(raw, settings, Facts())]
    found = [finish(e, Facts())[0] for e in mapped if isinstance(e, Offer)]
    assert len(found) == len(mapped)
    assert not [problem for entity in found for problem in check(entity)]
    return [entity for entity in found if isinstance(entity, Offer)]


def findings(items: list[Understood]) -> Counter[str]:
    return Counter(item.code for item in items if isinstance(item, Problem))


def test_the_twin_gives_all_its_offers_although_its_header_lies(real_data: Path) -> None:
    items = read(real_data / TWIN)
    assert len({offer.native_id for offer in offers(items)}) == 429
    assert items[-1] == Complete(Everything())
    assert findings(items) == {"place.no_coordinates": 26, "text.cut": 1}


def test_the_twin_names_249_organisations(real_data: Path) -> None:
    refs = [offer.organisation for offer in offers(read(real_data / TWIN))]
    by_id = {ref.native_id: fold_name(ref.name) for ref in refs if ref and ref.native_id}
    unnumbered = {fold_name(ref.name) for ref in refs if ref and ref.native_id is None}
    assert all(isinstance(ref, Ref) for ref in refs)
    assert len(by_id) == 237
    assert (len(unnumbered), len(unnumbered & set(by_id.values()))) == (22, 10)
    assert len(by_id) + len(unnumbered - set(by_id.values())) == 249


def test_the_twins_odd_values_become_what_they_mean(real_data: Path) -> None:
    found = offers(read(real_data / TWIN))
    assert Counter(offer.status for offer in found) == {"unknown": 226, "open": 203}
    assert sum(1 for o in found if o.place and o.place.lat is not None) == 390
    pictures = [image for offer in found for image in offer.images or ()]
    assert (len(pictures), sum(1 for image in pictures if image.stock)) == (354, 17)
    assert all(offer.url and offer.respond for offer in found)
    assert not [offer for offer in found if "<br" in str(offer.title) + str(offer.summary)]


def test_offers_that_share_an_edit_time_have_fingerprints_of_their_own(real_data: Path) -> None:
    raws = [item for item in read(real_data / TWIN) if isinstance(item, Raw)]
    mapping = mapping_hash(FREINET, AGENCY, Facts())
    marks = {fingerprint(mapping, FREINET.manifest, raw) for raw in raws}
    stamps = Counter(raw.stamp for raw in raws)
    assert len(marks) == 429
    assert [count for _, count in stamps.most_common(2)] == [9, 6]


OTHER_ORGANISATION = {"32469"}
"""Where the file holds an older name than the table of its origin."""
NO_TOWN = {"144314", "144315", "239402", "296981", "330339", "333017", "335875", "336596"}
"""Where the file's `ort` is empty and the table holds the agency's own town."""
OTHER_TOWN = {"331918"}
"""Where the file names a town nearby."""


def test_the_real_list_is_read_as_its_origin_says(
    real_data: Path, expected: dict[tuple[str, str], Any]
) -> None:
    items = read(real_data / SLICE)
    wanted = expected[SLICE, "offers_by_id"]
    found = {offer.native_id: offer for offer in offers(items)}
    assert len(found) == expected[SLICE, "offer_count"]
    assert found.keys() == wanted.keys()
    assert {key: offer.title["de"] for key, offer in found.items()} == {
        key: " ".join(value["title"].split()) for key, value in wanted.items()
    }
    named = {key: offer.organisation and offer.organisation.name for key, offer in found.items()}
    assert {k for k in found if named[k] != wanted[k]["organisation"]} == OTHER_ORGANISATION
    assert {k for k in found if town(found[k]) != wanted[k]["town"]} == NO_TOWN | OTHER_TOWN
    assert not [town(found[key]) for key in NO_TOWN if town(found[key])]


def town(offer: Offer) -> str | None:
    """What the source wrote into one field."""
    place = offer.place
    if place is None or place.district is None:
        return place.locality if place else None
    return f"{place.locality}/{place.district}"


def test_no_number_or_address_is_masked_that_is_none(real_data: Path) -> None:
    for raw in read(real_data / SLICE):
        if isinstance(raw, Raw):
            (entity,) = FREINET.map(raw, AGENCY, Facts())
            assert isinstance(entity, Offer)
            assert not finish(entity, Facts())[1]


def test_top_offers_are_read_although_they_are_no_geojson(real_data: Path) -> None:
    items = read(real_data / TOP_OFFERS, TOP)
    found = offers(items, TOP)
    assert [offer.native_id for offer in found] == ["900000", "900001", "900002", "900003"]
    assert all((offer.url or "").endswith(f"detail={offer.native_id}") for offer in found)
    assert items[-1] == Complete(Everything())
    assert not findings(items)


@pytest.mark.parametrize("name", [TWIN, SLICE])
def test_reading_twice_gives_equal_bytes(real_data: Path, name: str) -> None:
    once, again = ([encode(e) for e in offers(read(real_data / name))] for _ in range(2))
    assert once == again
