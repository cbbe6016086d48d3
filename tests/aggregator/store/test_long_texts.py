"""What is longer than an index holds costs no run, whichever database keeps it."""

from random import Random
from typing import Any

import pytest

from aggregator.sandbox.drafting import Drafted, Drafter
from aggregator.store.tables import facet
from connectors.base import Facts, Raw
from schema.index import LONGEST_FACET
from tests.aggregator.making import Bench, draft
from tests.aggregator.sandbox.odd import Odd, OddSettings
from tests.aggregator.soundness import faults

LETTERS = [chr(code) for code in range(0x4E00, 0x9FA5)]
"""Three bytes each, and at random they cannot be packed."""


def letters(count: int) -> str:
    return "".join(Random(count).choices(LETTERS, k=count))


def values(bench: Bench, name: str) -> set[str]:
    return {row.value for row in bench.rows(facet, name=name)}


@pytest.mark.parametrize(
    "more",
    [
        {"tags": (letters(1000), "Garten")},
        {"tags": ("Garten",), "place": {"locality": letters(1000), "authority": {"ags": "1"}}},
        {"tags": ("Garten",), "summary": {letters(1000): "Text"}},
    ],
    ids=["tag", "city", "language"],
)
def test_a_text_longer_than_anybody_asks_for_is_no_facet(
    bench: Bench, more: dict[str, Any]
) -> None:
    bench.sync(draft("1", **more))
    assert bench.titles() == ["Bäume gießen"]
    assert values(bench, "tag") == {"garten"}
    assert bench.database.read_now(faults) == []


def test_a_text_that_an_index_holds_is_a_facet(bench: Bench) -> None:
    tag = letters(LONGEST_FACET - len("tag"))
    bench.sync(draft("1", tags=(tag,)))
    assert values(bench, "tag") == {tag}


def drafted(bench: Bench, raw: Raw) -> list[Any]:
    """What a source's child makes of a raw: drafts or a refusal."""
    facts = Facts(zone="Europe/Berlin", language="de")
    drafter = Drafter(connector=Odd(), settings=OddSettings(), facts=facts, known={})
    made = drafter.take(raw, "#0")
    return list(made.drafts) if isinstance(made, Drafted) else [made]


@pytest.mark.parametrize("size", [1000, 20_000])
def test_an_organisation_with_a_long_name_or_id_is_kept(bench: Bench, size: int) -> None:
    named = {"ref": {"name": letters(size)}}
    with_id = {"ref": {"name": letters(size + 1), "id": letters(size + 2)}}
    bench.sync(
        *drafted(bench, Raw(key="1", kind="offer", data=named)),
        *drafted(bench, Raw(key="2", kind="offer", data=with_id)),
    )
    assert len(bench.entities("offer")) == 2
    assert len(bench.entities("organisation")) == 2
    assert bench.database.read_now(faults) == []


def test_a_record_whose_key_no_index_holds_is_refused_alone(bench: Bench) -> None:
    bench.sync(
        *drafted(bench, Raw(key=letters(1000), kind="offer", data={})),
        *drafted(bench, Raw(key=letters(600), kind="offer", data={})),
    )
    assert len(bench.entities("offer")) == 1
