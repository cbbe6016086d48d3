"""Are volunteering offers understood as their origin says? Also lists at successive times."""

from pathlib import Path
from typing import Final

from lxml import etree

from benchmarks.scoreboard.cases import Case, Comparison, because, title_of
from benchmarks.scoreboard.reading import Record
from benchmarks.scoreboard.verdicts import Unmet


def offer_count(case: Case) -> Unmet | None:
    """`value`: how many records the document holds; refused ones count."""
    found = len(case.reading.records) + len(case.reading.refusals)
    return None if found == case.value else because(case.reading, "wrong_count", str(found))


def offers_by_id(case: Case) -> Unmet | None:
    """`value`: id → title, organisation, town; each offer of them is there and has these."""
    ours = {record.entity.native_id: record for record in case.reading.records}
    missing = [key for key in case.value if key not in ours]
    if missing:
        return because(case.reading, "missing_offer", str(missing[:5]))
    told = _told(case.reading.path)
    for key, each in case.value.items():
        for name, expected in each.items():
            found = _said(ours[key], name)
            excused = key in told and squeezed(expected) not in told[key]
            if not _agrees(expected, found) and not excused:
                return Unmet(f"wrong_{name}", f"{key}: {expected!r} is {found!r}")
    return None


def _told(path: Path) -> dict[str, frozenset[str]]:
    """What the document says of each offer, by an independent parser: id → the texts of its
    fields. An origin's table is newer here and there, and fills gaps from elsewhere."""
    return {
        element.get("angebotsId", ""): frozenset(
            squeezed(child.text) for child in element.iter(etree.Element)
        )
        for element in etree.parse(path).iter("angebot")
    }


def squeezed(text: object) -> str:
    """A text with single spaces."""
    return " ".join(str(text or "").split())


def _said(record: Record, name: str) -> str | None:
    place = record.entity.place
    match name:
        case "title":
            return title_of(record)
        case "organisation":
            return record.organisation
        case "town":
            parts = (place.locality, place.district) if place else ()
            return "/".join(part for part in parts if part)
    return None


def _agrees(expected: object, ours: str | None) -> bool:
    return squeezed(expected) == squeezed(ours)


def first_offer(case: Case) -> Unmet | None:
    """`value`: id, lat, lon and modified_utc of the first record."""
    if not case.reading.records:
        return because(case.reading, "missing_offer")
    first = case.reading.records[0].entity
    place = first.place
    ours = {
        "id": first.native_id,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "modified_utc": first.source_modified.isoformat() if first.source_modified else None,
    }
    wrong = [name for name, expected in case.value.items() if ours.get(name) != expected]
    return Unmet(f"wrong_{wrong[0]}", str(ours)) if wrong else None


def offers_per_agency(case: Case) -> Unmet | None:
    """`value`: organisation → how many offers name it."""
    ours: dict[str | None, int] = {}
    for record in case.reading.records:
        ours[record.organisation] = ours.get(record.organisation, 0) + 1
    wrong = [name for name, count in case.value.items() if ours.get(name) != count]
    return because(case.reading, "wrong_count", str(wrong)) if wrong else None


def diff_to_previous_snapshot(case: Case) -> Unmet | None:
    """`value`: an earlier file, and which keys were added and removed since."""
    before = {record.key for record in case.other(case.value["previous"]).records}
    now = {record.key for record in case.reading.records}
    if not before and not now:
        return because(case.reading, "missing_records")
    for name, keys in (("added", now - before), ("removed", before - now)):
        if set(case.value.get(name) or ()) != keys:
            return because(case.reading, f"wrong_{name}", str(sorted(keys))[:300])
    return None


COMPARISONS: Final[dict[str, Comparison]] = {
    "offer_count": offer_count,
    "record_count": offer_count,
    "offers_by_id": offers_by_id,
    "first_offer": first_offer,
    "offers_per_agency": offers_per_agency,
    "diff_to_previous_snapshot": diff_to_previous_snapshot,
}
