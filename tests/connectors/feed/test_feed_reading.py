"""What samples cannot show: encodings that hide everything, time, guards, and bytes alone."""

import ast
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors import Complete, Document, Facts, Raw, Understood, Unreadable
from connectors.feed import FeedSettings
from connectors.feed.identity import key_of_id, without_counting
from connectors.feed.parsing import parsed
from connectors.fingerprints import fingerprint, mapping_hash
from connectors.registry import load
from connectors.samples import Held
from schema import Offer, Problem, canonical
from tests.growth import seconds
from tests.repo.tree import PACKAGES, files, syntax

FEED = load("feed")
ADDRESS = "https://stadt.example/feed.xml"
PROJECTS = FeedSettings(url=ADDRESS, items="projects", listing="everything")
ITEM = "<item><title>{}</title><guid>g{}</guid>{}</item>"
RSS = '<rss version="2.0"><channel><title>Amt</title>{}</channel></rss>'


def read(
    data: bytes | str, settings: FeedSettings = PROJECTS, charset: str | None = None
) -> list[Understood]:
    data = data.encode() if isinstance(data, str) else data
    held = Held(path=None, url=ADDRESS, data=data, charset=charset)
    return list(FEED.read(held, settings))


def raws(items: list[Understood]) -> list[Raw]:
    return [item for item in items if isinstance(item, Raw)]


def codes(items: list[Understood]) -> list[str]:
    return [item.code for item in items if isinstance(item, Problem)]


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_wide_encodings_are_known_by_their_shape(encoding: str) -> None:
    feed = RSS.format(ITEM.format("Müllsammeln – 2026", 1, ""))
    items = read(feed.encode(encoding))
    assert raws(items)[0].data["title"] == "Müllsammeln – 2026"
    assert isinstance(items[-1], Complete)


@pytest.mark.parametrize("label", ["big5", "gb2312", "euc-jp", "shift_jis", "euc-kr", "tis-620"])
def test_an_encoding_that_is_declared_is_used(label: str) -> None:
    title = {"tis-620": "ประชุม", "euc-kr": "축제"}.get(label, "日本")
    declared = f'<?xml version="1.0" encoding="{label}"?>' + RSS.format(ITEM.format(title, 1, ""))
    assert raws(read(declared.encode(label)))[0].data["title"] == title


NOTICED = 15.0
"""Seconds: ten times what a busy machine needs; growing with the square takes minutes."""
PERSON = (
    "<author>{0}</author><dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>{0}</dc:creator>"
)


@pytest.mark.parametrize("broken", ["", "<br>"], ids=["well-formed", "malformed"])
@pytest.mark.parametrize("pump", ["a", "a.", "a@a.", "-", "&#97;"])
def test_a_long_author_takes_no_time(pump: str, broken: str) -> None:
    person = PERSON.format(pump * (256_000 // len(pump)))
    feed = RSS.format(ITEM.format("Fest", 1, person) + broken)
    assert seconds(lambda: read(feed)) < NOTICED
    assert [raw.data["title"] for raw in raws(read(feed))] == ["Fest"]


HOSTILE = {
    "nested": "<item>" + "<b>" * 20_000,
    "nested and closed": "<item>" + "<b>" * 9_000 + "</b>" * 9_000 + "</item>",
    "many entries": "<item/>" * 10_000,
    "many tags": "<item>" + "".join(f"<category>{n}</category>" for n in range(3_000)) + "</item>",
    "attributes": "<item " + " ".join(f"a{n}='x'" for n in range(20_000)) + "/>",
    "open brackets": "<" * 200_000,
    "comments": "<!--" * 50_000,
    "cdata": "<item><title>" + "<![CDATA[" * 20_000,
    "ampersands": "<item><title>" + "&" * 100_000,
    "blank lines": "\n" * 300_000,
    "links": "<item><description>" + "&lt;a href=" * 20_000 + "</description></item>",
    "a title of 1 MB": "<item><title>" + "x" * 1_000_000 + "</title></item>",
    "odd numbers": "<item><title>&#xfffffffff; &#99999999999; &#x;</title></item>",
    "odd places": "<item xmlns:gml='http://www.opengis.net/gml'><gml:pos>a b</gml:pos></item>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_nobody_means_is_read_or_refused_in_no_time(name: str) -> None:
    def work() -> None:
        for raw in raws(read_or_refused(RSS.format(HOSTILE[name]))):
            if raw.key:
                assert list(FEED.map(raw, PROJECTS, Facts()))

    assert seconds(work) < NOTICED


def read_or_refused(data: str) -> list[Understood]:
    try:
        return read(data)
    except Unreadable:
        return []


def test_feedparser_is_only_ever_given_bytes() -> None:
    calls = [
        f"{path.name}:{node.lineno}"
        for path in files(*PACKAGES, suffix=".py")
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Attribute)
        and node.attr == "parse"
        and isinstance(node.value, ast.Name)
        and node.value.id == "feedparser"
    ]
    assert not calls, "feedparser.parse opens files and addresses"


@pytest.mark.parametrize("text", ["/etc/hostname", "file:///etc/hostname", "https://x.example/"])
def test_what_looks_like_a_path_is_no_feed(text: str) -> None:
    with pytest.raises(Unreadable):
        parsed(BytesIO(text.encode()), None)


def test_a_feed_that_is_never_the_same_has_the_same_fingerprints() -> None:
    moving = (
        "<lastBuildDate>{0}</lastBuildDate><pubDate>{0}</pubDate><item><title>Fest</title>"
        '<guid isPermaLink="true">{1}://stadt.example/fest?utm_source={0}</guid>'
        "<link>https://stadt.example/fest?utm_source={0}</link>"
        '<slash:comments xmlns:slash="http://purl.org/rss/1.0/modules/slash/">{0}</slash:comments>'
        "<views>{0}</views><author>{0}</author></item>"
    )
    mapping = mapping_hash(FEED, PROJECTS, Facts())
    first, second = (
        raws(read(RSS.format(moving.format(number, scheme))))
        for number, scheme in ((17, "http"), (18, "https"))
    )
    marks = [fingerprint(mapping, FEED.manifest, raw) for raw in (*first, *second)]
    assert len(marks) == 2
    assert marks[0] == marks[1]


def test_persons_do_not_even_reach_the_raw() -> None:
    person = PERSON.format("Karla Kanari")
    event = '<ev:organizer xmlns:ev="http://purl.org/rss/1.0/modules/event/">Karla</ev:organizer>'
    events = FeedSettings(url=ADDRESS, items="events")
    held = canonical(
        [raw.data for raw in raws(read(RSS.format(ITEM.format("A", 1, person + event)), events))]
    )
    assert b"Karla" not in held


def test_of_a_cut_feed_the_entry_that_was_cut_is_left_out() -> None:
    whole = RSS.format("".join(ITEM.format(f"Nummer {n}", n, "") for n in range(5)))
    for at in range(whole.index("<item>"), len(whole)):
        items = read(whole[:at])
        complete = [raw.data["title"] for raw in raws(items)]
        assert complete == [f"Nummer {n}" for n in range(whole[:at].count("</item>"))]
        assert "document.cut" in codes(items)
        assert not any(isinstance(item, Complete) for item in items)


def test_a_malformed_feed_keeps_its_last_entry() -> None:
    items = read(RSS.format("<item><title>A & B</title><guid>1</guid>"))
    assert [raw.data["title"] for raw in raws(items)] == ["A & B"]
    assert codes(items) == ["document.malformed"]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("http://a.example/x", "https://a.example/x"),
        ("HTTPS://A.example:443/x", "https://a.example/x"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example/x?b=1&utm_medium=rss&a=2", "https://a.example/x?b=1&a=2"),
        ("https://a.example/x;jsessionid=AB12?id=5", "https://a.example/x?id=5"),
        ("https://a.example/?p=17", "https://a.example/?p=17"),
        ("https://a.example/?sid=17", "https://a.example/?sid=17"),
        ("tag:a.example,2026:1", "tag:a.example,2026:1"),
        ("  event-7\n", "event-7"),
        ("", None),
        ("\x00", None),
    ],
)
def test_an_id_is_known_again(written: str, key: str | None) -> None:
    assert key_of_id(written) == key


def test_an_address_without_anything_to_leave_out_stays_as_it_is() -> None:
    for url in ("https://a.example/x", "http://a.example/?a=&b#c", "https://a.example/a;b"):
        assert without_counting(url) == url


def test_an_offer_ends_on_the_day_its_entry_expires() -> None:
    settings = FeedSettings(url=ADDRESS, items="offers")
    expires = "<expirationDate>Tue, 30 Jun 2026 22:30:00 GMT</expirationDate>"
    (raw,) = raws(read(RSS.format(ITEM.format("Hilfe", 1, expires)), settings))
    (offer,) = FEED.map(raw, settings, Facts())
    assert isinstance(offer, Offer)
    assert str(offer.valid_through) == "2026-07-01"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"url": ADDRESS}, "items"),
        ({"items": "events"}, "url"),
        ({"url": "ftp://x", "items": "events"}, "whole http or https address"),
        ({"url": ADDRESS, "items": "news"}, "items"),
        ({"url": ADDRESS, "items": "events", "dates": "guess"}, "dates"),
    ],
)
def test_settings_say_what_is_missing(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        FeedSettings(**given)


def test_only_fetching_depends_on_the_address() -> None:
    moved = PROJECTS.model_copy(update={"url": "https://neu.example/"})
    assert mapping_hash(FEED, PROJECTS, Facts()) == mapping_hash(FEED, moved, Facts())
    (request,) = FEED.start(PROJECTS, None)
    assert request.url == ADDRESS


def test_a_file_is_read_from_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_text(RSS.format(ITEM.format("Fest", 1, "")))
    items = list(FEED.read(Document(path=str(path), url=ADDRESS), PROJECTS))
    assert [raw.key for raw in raws(items)] == ["g1"]
