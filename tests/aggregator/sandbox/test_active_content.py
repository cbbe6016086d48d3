"""Scripts, handlers and other active content from a source: inert in everything that goes out.

Two hundred payloads in every text field of an offer go the whole way: list, sandbox, store, HTTP.
"""

from collections.abc import Iterator
from html import escape
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from lxml import html as parser
from lxml.etree import _Element

from aggregator.harvest import Harvest
from aggregator.sandbox.parent import Limits, Opening, Sandbox
from aggregator.store.database import Database
from connectors.base import Document, Facts
from connectors.cleaning.html import ALLOWED
from schema.normal.urls import is_web_url
from tests.aggregator.making import Bench
from tests.api.asking import ask, said
from tests.api.conftest import Client, Serve, serve

__all__ = ["serve"]

MARK = "alert(4711)"
SCHEMES = ("http://", "https://", "mailto:", "tel:")
TAGS = ("img", "svg", "body", "video", "details", "iframe", "input", "a", "math", "p", "b", "div")
HANDLERS = ("onerror", "onload", "onclick", "onmouseover", "onfocus", "ontoggle", "OnError")
ADDRESSES = (
    *("javascript:{}", "JaVaScRiPt:{}", "java\tscript:{}", "java\nscript:{}", " javascript:{}"),
    *("\x01javascript:{}", "javascript&colon;{}", "&#106;avascript:{}", "&#x6A;avascript:{}"),
    *("data:text/html,<script>{}</script>", "data:text/html;base64,PHN2Zy9vbmxvYWQ9YWxlcnQoMSk+"),
    *("vbscript:{}", "//evil.example/{}", "file:///etc/passwd?{}", "blob:{}", "view-source:{}"),
)
LINKS = ('<a href="{}">x</a>', "<a href='{}'>x</a>", "<a href={}>x</a>", '<img src="{}">', "{}")
OTHERS = (
    *("<script>{}</script>", "<SCRIPT>{}</SCRIPT>", "<scr<script>ipt>{}</scr</script>ipt>"),
    *(
        "<script src=//evil.example/x?{}></script>",
        "<script/x>{}</script>",
        "<script\n>{}</script >",
    ),
    *("<style>@import '{}';</style>", '<p style="background:url(javascript:{})">x</p>'),
    *('<link rel="stylesheet" href="javascript:{}">', '<base href="javascript:{}//">'),
    *('<meta http-equiv="refresh" content="0;url=javascript:{}">', "<!--<img src=x onerror={}>-->"),
    *(
        '<object data="javascript:{}">',
        '<embed src="javascript:{}">',
        '<form action="javascript:{}">',
    ),
    *('<iframe srcdoc="<script>{}</script>">', "<svg><script>{}</script></svg>", "<svg/onload={}>"),
    *(
        '<svg><a xlink:href="javascript:{}"><text>x</text></a></svg>',
        "<svg><style><img onerror={}>",
    ),
    *("<math><mtext><table><mglyph><style><img src onerror={}>", '<a href="x" onclick="{}">x</a>'),
    *(
        "<noscript><p title='</noscript><img src=x onerror={}>'>",
        "<p title='</p><script>{}</script>'>",
    ),
    *(
        "<template><script>{}</script></template>",
        "<xmp><script>{}</script></xmp>",
        '"><script>{}</script>',
    ),
    *("'><script>{}</script>", "</textarea><script>{}</script>", "</title><script>{}</script>"),
    *(
        "<![CDATA[<script>{}</script>]]>",
        "<?php echo '{}' ?>",
        "<%= {} %>",
        "{{{{ {} }}}}",
        "${{{}}}",
    ),
    *("&lt;script&gt;{}&lt;/script&gt;", "&amp;lt;script&amp;gt;{}&amp;lt;/script&amp;gt;"),
    *("&#60;script&#62;{}&#60;/script&#62;", "\u003cscript\u003e{}", "＜script＞{}＜/script＞"),
    *(
        "<b onmouseover={}//",
        "<img src=x onerror={}",
        "<x onclick={}>x</x>",
        "<marquee onstart={}>x",
    ),
    *(
        "<select><style></select><img src=x onerror={}>",
        '<p id="x" data-x="{}" onpointerenter={}>x</p>',
    ),
)


def payloads() -> list[str]:
    """More than two hundred texts that would do something in a browser."""
    handled = [f"<{t} src=x {h}={MARK}>x</{t}>" for t, h in product(TAGS, HANDLERS)]
    linked = [link.format(to.format(MARK)) for link, to in product(LINKS, ADDRESSES)]
    return [*handled, *linked, *(each.format(MARK, MARK) for each in OTHERS)]


PAYLOADS = payloads()
NAMES = (
    *("kurz_beschreibung", "beschreibung", "einrichtungsname", "strasse", "ort", "homepage"),
    *("avatar", "zeitlicherrahmen", "anforderungen", "leistungen", "handlungsfelder", "seite"),
)


def offer(number: int, payload: str) -> str:
    """An offer that says the payload everywhere."""
    told = escape(payload.replace("\x01", ""), quote=False)
    fields = "".join(f"<{name}>{told}</{name}>" for name in NAMES)
    title = f"<angebotsname>Garten {told}</angebotsname>"
    return f'<angebot angebotsId="{number}">{title}{fields}</angebot>'


@pytest.fixture
async def client(database: Database, serve: Serve, tmp_path: Path) -> Client:
    """A client of an application in which all of them are published."""
    path = tmp_path / "list.xml"
    offers = "".join(offer(number, each) for number, each in enumerate(PAYLOADS, start=1))
    path.write_text(f"<angebotsliste>{offers}</angebotsliste>", "utf-8")
    settings = {"mode": "full_export", "address": "https://stadt.example/export"}
    harvest = Harvest()
    opening = Opening(connector="freinet", settings=settings, facts=Facts())
    async with Sandbox(1) as sandbox, sandbox.session(opening) as session:
        document = Document(path=str(path), url="https://stadt.example/export")
        async for batch in session.read(document, Limits(10_000_000, 30)):
            harvest.add(batch)
    bench = Bench(database)
    bench.register(name=PAYLOADS[0], attribution=PAYLOADS[1])
    bench.run(harvest)
    return await serve(database)


def elements(markup: str) -> Iterator[_Element]:
    if markup.strip():
        yield from (each for each in parser.fromstring(f"<div>{markup}</div>").iter() if each.tag)


def attributes(element: _Element) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in element.attrib.items()]


def active_in_html(markup: str) -> list[str]:
    """What a browser would do with a fragment that we call safe."""
    found = []
    for each in elements(markup):
        if each.tag not in ALLOWED | {"div"}:
            found.append(str(each.tag))
        for name, value in attributes(each):
            allowed = name == "rel" or (name == "href" and value.lower().startswith(SCHEMES))
            found += [] if allowed else [f"{name}={value}"]
    return found


def active_in_json(value: Any, name: str = "") -> list[str]:
    """Addresses that are none, and fragments that are not safe, anywhere in a document."""
    if isinstance(value, dict):
        inside = value.items()
        return [
            each
            for key, item in inside
            for each in active_in_json(item, name if name == "description_html" else key)
        ]
    if isinstance(value, list):
        return [each for item in value for each in active_in_json(item, name)]
    if not isinstance(value, str):
        return []
    if name == "description_html":
        return active_in_html(value)
    return [f"{name}: {value}"] if name in ("url", "self") and not is_web_url(value) else []


def active_in_page(text: str) -> list[str]:
    """What of the payloads would run in a page of ours."""
    found = []
    for each in parser.fromstring(text).iter():
        inside = str(each.text or "") if each.tag in ("script", "style") else ""
        said = [f"{name}={value}" for name, value in attributes(each)]
        found += [part for part in (inside, *said) if MARK in part and "q=" not in part]
        found += [part for part in said if part.lower().startswith("on")]
        addresses = (str(each.get(name, "")).strip().lower() for name in ("href", "src", "action"))
        found += [a for a in addresses if a.startswith(("javascript:", "data:text", "vbscript:"))]
    return found


async def test_lists_and_the_change_feed_hold_nothing_active(client: Client) -> None:
    seen = 0
    for path in ("/v1/offers?limit=500", "/v1/organisations?limit=500", "/v1/changes?limit=500"):
        answer = await ask(client, path)
        assert answer.status == 200, await answer.text()
        assert answer.content_type in ("application/json", "application/rpde+json"), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        value = await answer.json(content_type=None)
        assert active_in_json(value) == [], path
        seen += str(value).count("Garten")
    assert seen >= 200


async def test_what_is_active_costs_no_offer(client: Client) -> None:
    """It is taken out; that a record with it would be set aside too is a second guard."""
    pages = [await said(client, "/v1/offers?limit=500")]
    assert sum(len(page["data"]) for page in pages) == len(PAYLOADS)


async def test_pages_hold_nothing_active(client: Client) -> None:
    listed = await said(client, "/v1/offers?limit=1")
    own = listed["data"][0]["id"]
    paths = ["/", "/admin", f"/v1/offers/{own}", "/problems/document.web_page", "/nowhere"]
    for path in (*paths, f"/?q={PAYLOADS[0]}", f"/problems/{PAYLOADS[3]}"):
        answer = await ask(client, path, Accept="text/html")
        if answer.content_type == "text/html":
            assert active_in_page(await answer.text()) == [], path
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"], path


def test_there_are_two_hundred_payloads_and_they_would_be_noticed() -> None:
    assert len(set(PAYLOADS)) >= 200
    noticed = [each for each in PAYLOADS if active_in_html(each)]
    assert len(noticed) >= 150
    assert active_in_page(f"<html><body><img src=x onerror={MARK}></body></html>")
    assert active_in_json({"data": [{"url": "javascript:1"}]})
