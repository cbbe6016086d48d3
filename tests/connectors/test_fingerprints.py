from typing import Annotated

import pytest

from connectors import ConnectorSettings, Facts, Fetch, Personal, Raw, SecretRef
from connectors.fingerprints import fingerprint, mapping_hash
from connectors.freinet import Freinet


class Settings(ConnectorSettings):
    address: Annotated[str, Fetch] = "https://one.example/"
    """Where to fetch."""
    key: Annotated[str, SecretRef, Fetch()] = "env:ONE"
    """Key."""
    status: str = "open"
    """What mapping sees."""


FREINET = Freinet()
MANIFEST = FREINET.manifest
MAPPING = mapping_hash(FREINET, Settings(), Facts())


def mark(raw: Raw) -> bytes:
    return fingerprint(MAPPING, MANIFEST, raw)


def raw(partial: bool = False, **data: str) -> Raw:
    return Raw(key="1", kind="offer", data=data, partial=partial)


def test_settings_that_steer_fetching_make_nothing_stale() -> None:
    elsewhere = Settings(address="https://two.example/", key="env:TWO")
    assert mapping_hash(FREINET, elsewhere, Facts()) == MAPPING


def test_settings_that_mapping_sees_make_records_stale() -> None:
    assert mapping_hash(FREINET, Settings(status="paused"), Facts()) != MAPPING


@pytest.mark.parametrize(
    "facts",
    [
        Facts(language="en"),
        Facts(zone="Europe/Lisbon"),
        Facts(terms={"Umwelt": ("energy",)}),
        Facts(climate=()),
        Facts(categories=("energy",)),
        Facts(page_url="https://x.example/{id}"),
        Facts(personal=Personal(free_text="keep")),
    ],
)
def test_what_mapping_sees_of_the_source_makes_records_stale(facts: Facts) -> None:
    assert mapping_hash(FREINET, Settings(), facts) != MAPPING


def test_the_order_of_terms_does_not_matter() -> None:
    one = Facts(terms={"a": ("energy",), "b": ("health",)})
    two = Facts(terms={"b": ("health",), "a": ("energy",)})
    assert mapping_hash(FREINET, Settings(), one) == mapping_hash(FREINET, Settings(), two)


def test_volatile_fields_do_not_count() -> None:
    one = raw(titel="a", wertigkeit="1", anzahl_vermittlungen="2")
    assert mark(one) == mark(raw(titel="a", wertigkeit="9")) == mark(raw(titel="a"))


def test_every_other_field_counts() -> None:
    assert len({mark(raw()), mark(raw(titel="a")), mark(raw(titel=""))}) == 3


def test_a_partial_raw_is_another_one() -> None:
    assert mark(raw(titel="a")) != mark(raw(titel="a", partial=True))


def test_a_fingerprint_has_sixteen_bytes() -> None:
    assert len(mark(raw())) == len(MAPPING) == 16
