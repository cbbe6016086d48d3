"""Pages that servers send in place of a document: `pages/KIND/NAME.page`, each a test."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from connectors import Unreadable
from connectors.cleaning.pages import kind_of, refusal
from connectors.cleaning.xml import XmlReader
from connectors.registry import load, names
from connectors.samples import Held, Sample, samples, understood
from schema.problems import MEANINGS

TOP = Path(__file__).parents[1]
FOLDER = Path(__file__).with_name("pages")
PAGES = sorted(FOLDER.glob("*/*.page"))
BLANK = (b"", b" ", b"\n\n", b"\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\t \x0b", b"\0\0\0")


def entries() -> list[tuple[str, Sample]]:
    """Every way in: each connector under each settings and step of which it has a sample."""
    found: dict[str, tuple[str, Sample]] = {}
    for name in names():
        for sample in samples(load(name), TOP / name / "samples"):
            step = sample.document.tag["step"] if sample.document.tag else "first"
            if sample.document.failure is None:
                entry = f"{name}/{sample.settings.model_dump().get('mode')}/{step}"
                found.setdefault(entry, (name, sample))
    return list(found.values())


def code_of(kind: str) -> str:
    return f"document.{kind}" if kind == "wrong_root" else f"document.{kind}_page"


def name_of(value: Any) -> str:
    return f"{value.parent.name}/{value.stem}" if isinstance(value, Path) else ""


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_is_recognised_by_its_shape(path: Path) -> None:
    problem = refusal(path.read_bytes(), "a feed").problem
    assert problem.code == code_of(path.parent.name)
    assert problem.message.startswith("a feed expected, not ")
    assert MEANINGS[problem.code].advice


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_way_into_a_connector_takes_a_page(path: Path) -> None:
    for name, sample in entries():
        with pytest.raises(Unreadable) as refused:
            understood(load(name), sample, path.read_bytes())
        assert refused.value.problem.code == code_of(path.parent.name)


@pytest.mark.parametrize("blank", BLANK)
def test_an_empty_answer_is_refused_by_every_connector(blank: bytes) -> None:
    assert refusal(blank, "a feed").problem.code == "document.blank"
    for name, sample in entries():
        with pytest.raises(Unreadable) as refused:
            understood(load(name), sample, blank)
        assert refused.value.problem.code == "document.blank"


def test_there_are_pages_and_ways_in() -> None:
    assert len(PAGES) >= 60
    assert len(BLANK) == 8
    assert len(entries()) >= 5


@pytest.mark.parametrize("piece", ["<script>", "<!--", "<input ", "<p", "&#", "<a b=", "login "])
def test_a_page_made_to_take_long_does_not(piece: str) -> None:
    """65,536 characters are looked at, whatever comes behind them."""
    text = "<html>" + piece * 2_000_000
    assert kind_of(text) is not None
    reader = XmlReader(BytesIO(text.encode()))
    with pytest.raises(Unreadable, match=r"document\.\w+_page"):
        reader.expect("list")


def test_only_the_beginning_of_a_page_is_looked_at() -> None:
    field = "<input type=password>"
    assert kind_of("<html><p>Garten</p>" + " " * 60_000 + field) == "login"
    assert kind_of("<html><p>Garten</p>" + " " * 66_000 + field) == "web"


def test_what_a_page_says_of_persons_is_not_quoted() -> None:
    page = b"<html><head><title>Profil von Karla Kanari</title></head><body>x</body></html>"
    assert "Karla" not in refusal(page, "a feed").problem.message


def test_a_document_that_is_no_page_is_named_by_its_root() -> None:
    data = Held(path=None, url="https://x.example/", data=b"<rss><channel/></rss>").data
    assert refusal(data, "iCalendar").problem.message == "iCalendar expected, not <rss>"
