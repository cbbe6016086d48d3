"""No page asks a host but ours: nothing served names another one in a place that is loaded.

Links that people follow may lead anywhere. What a script does when it runs is watched in a real
browser (`tests/browser`).
"""

import re
from urllib.parse import urlsplit

import pytest

from api.openapi.page import FILES
from api.routes import ROUTES
from api.site.assets import load
from tests.api.asking import ask
from tests.api.conftest import Client
from tests.api.seeding import PUBLIC_URL, identity

HERE = urlsplit(PUBLIC_URL).netloc
FILLED = {"code": "entity.gone", "id": str(identity("offer", 1)), "collection": "offers"}
LOADED = re.compile(
    r"""<(?:script|img|iframe|source|audio|video|embed|object|track|use|image|input)\b[^>]*?
        \b(?:src|srcset|data|href|xlink:href|poster)\s*=\s*["']?([^"'\s>]+)
      | <link\b(?=[^>]*\brel=["']?[^"'>]*(?:stylesheet|icon|preload|prefetch|preconnect|manifest))
        [^>]*?\bhref=["']?([^"'\s>]+)
      | <form\b[^>]*?\baction=["']?([^"'\s>]+)
      | <meta\b[^>]*?http-equiv=["']?refresh["']?[^>]*?url=([^"'\s>]+)
      | \burl\(\s*["']?(?!data:)([^"')\s]+)
      | @import\s+["']([^"']+)
      | \b(?:fetch|importScripts|import|EventSource|WebSocket|open)\(\s*["'`]([^"'`]+)
      | \bfrom\s+["'](https?:[^"']+)""",
    re.VERBOSE | re.IGNORECASE,
)


def foreign(text: str) -> list[str]:
    """Addresses on other hosts that a browser would ask for by itself."""
    found = ["".join(groups) for groups in LOADED.findall(text)]
    hosts = ((each, urlsplit(each).netloc) for each in found)
    return [each for each, host in hosts if host and host != HERE]


def pages() -> list[str]:
    """Every address that answers people, filled with something that is there."""
    paths = [route.path for route in ROUTES if not route.path.startswith("/v1")]
    return [re.sub(r"\{(\w+)\}", lambda name: FILLED.get(name[1], "1"), path) for path in paths]


async def test_no_page_names_another_host_where_it_is_loaded(client: Client) -> None:
    html = 0
    for path in pages():
        answer = await ask(client, path, Accept="text/html")
        html += answer.content_type == "text/html"
        assert foreign(await answer.text()) == [], path
    assert html >= 5


def test_no_style_sheet_or_script_of_ours_names_another_host() -> None:
    for name, asset in load().items():
        assert foreign(asset.content.decode("latin-1")) == [], name


def test_no_style_sheet_or_script_of_swagger_ui_loads_from_another_host() -> None:
    for name, file in FILES.items():
        assert foreign(file.content.decode()) == [], name


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/a.js">',
        "<img alt='' src=//cdn.example/a.png>",
        '<link rel="preconnect" href="https://fonts.example">',
        '<link href="https://fonts.example/a.css" rel=stylesheet>',
        "@import 'https://fonts.example/a.css'",
        "a { background: url(https://cdn.example/a.png) }",
        'fetch("https://api.example/")',
        '<form method="get" action="https://search.example/">',
        '<meta http-equiv="refresh" content="0; url=https://other.example/">',
    ],
)
def test_a_foreign_host_would_be_noticed(text: str) -> None:
    assert foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://agentur.example/">',
        f'<script src="{PUBLIC_URL}static/a.js">',
        '<link rel="canonical" href="https://a.example/">',
        "a { background: url(data:image/png;base64,AA) }",
    ],
)
def test_what_only_people_follow_is_allowed(text: str) -> None:
    assert not foreign(text)
