"""Errors: problem documents for programs, pages for people, nothing inner for anybody."""

import logging

import pytest

from aggregator.queries import Database, DatabaseUnavailable
from aggregator.store.migrate import downgrade
from api.routes import ROUTES
from schema.problems import MEANINGS
from tests.api.asking import ask, said
from tests.api.conftest import Client, Serve
from tests.api.failing import failing_pages
from tests.api.seeding import PUBLIC_URL

SCRIPT = "/%3Cscript%3Ealert(1)%3C/script%3E"
EVERYWHERE = ("/", "/admin", "/v1/offers", "/v1/nothing", "/nothing", "/healthz", "/v1/offers?x=1")


async def test_a_problem_document_has_its_type_title_and_status(face: Client) -> None:
    answer = await ask(face, "/v1/nothing")
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert await answer.json(content_type=None) == {
        "type": f"{PUBLIC_URL}problems/request.not_found",
        "title": "Nothing at this address",
        "status": 404,
    }


async def test_every_problem_has_a_page(face: Client) -> None:
    for code in MEANINGS:
        for language, helps in (("de", "Was hilft"), ("en", "What helps")):
            answer = await ask(face, f"/problems/{code}?lang={language}")
            text = await answer.text()
            assert answer.status == 200
            assert code in text
            assert helps in text


async def test_a_problem_nobody_knows_has_no_page(face: Client) -> None:
    assert (await ask(face, "/problems/nonsense")).status == 404


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), (SCRIPT, 404)])
async def test_a_browser_gets_a_page_and_the_address_is_not_repeated(
    face: Client, path: str, status: int
) -> None:
    for language, title in (("de", "Unter dieser Adresse"), ("en", "Nothing at this address")):
        answer = await ask(face, path, Accept="text/html,*/*;q=0.8", Accept_Language=language)
        text = await answer.text()
        assert answer.status == status
        assert answer.headers["Content-Type"].startswith("text/html")
        assert answer.headers["Content-Language"] == language
        assert title in text
        assert "alert(1)" not in text


async def test_data_routes_never_answer_in_html(face: Client) -> None:
    answer = await ask(face, "/v1/nothing", Accept="text/html")
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_nothing_can_be_written_where_nothing_says_so(face: Client, method: str) -> None:
    for route in ROUTES:
        if route.methods != ("GET",):
            continue
        answer = await face.request(method, route.path.replace("{", "").replace("}", ""))
        assert answer.status == 405, route
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_every_answer_is_locked_down(face: Client, path: str) -> None:
    headers = (await ask(face, path)).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"].split("; ")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Server"] == "allmende"


@pytest.mark.parametrize("path", ["/v1/offers", "/v1/changes", "/v1/nothing", "/v1/offers?x=1"])
async def test_scripts_of_other_sites_may_read_the_data(face: Client, path: str) -> None:
    headers = (await ask(face, path)).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in headers["Access-Control-Expose-Headers"]


async def test_scripts_of_other_sites_may_not_read_the_pages(face: Client) -> None:
    for path in ("/", "/admin"):
        assert "Access-Control-Allow-Origin" not in (await ask(face, path)).headers


ADVANCE = {"Origin": "https://portal.example", "Access-Control-Request-Method": "GET"}
"""What a browser says when it asks in advance (Fetch, 4.8)."""


async def test_a_browser_may_ask_conditionally_from_elsewhere(face: Client) -> None:
    answer = await face.options("/v1/offers", headers=ADVANCE)
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    plain = await face.options("/v1/offers")
    assert "Access-Control-Allow-Methods" not in plain.headers


async def test_every_address_says_what_may_be_done_with_it(face: Client) -> None:
    for route in ROUTES:
        path = route.path.replace("{", "").replace("}", "")
        answer = await face.options(path, headers=ADVANCE)
        assert answer.status == 204, route
        methods = {*route.methods, "OPTIONS", *(["HEAD"] if "GET" in route.methods else [])}
        assert answer.headers["Allow"] == ", ".join(sorted(methods))
        if route.path.startswith("/v1/"):
            assert answer.headers["Access-Control-Allow-Methods"] == answer.headers["Allow"]


@pytest.mark.parametrize("debug", [False, True])
async def test_an_error_of_ours_says_nothing_of_itself(
    seeded: Database, serve: Serve, caplog: pytest.LogCaptureFixture, *, debug: bool
) -> None:
    client = await serve(seeded, pages=failing_pages(RuntimeError("hush-hush")), debug=debug)
    with caplog.at_level(logging.CRITICAL):
        answer = await ask(client, "/v1/offers", Accept="text/html")
    assert answer.status == 500
    assert await answer.json(content_type=None) == {
        "type": f"{PUBLIC_URL}problems/request.failed",
        "title": "An error of ours",
        "status": 500,
    }


async def test_a_database_that_is_away_is_said_to_be(seeded: Database, serve: Serve) -> None:
    client = await serve(seeded, pages=failing_pages(DatabaseUnavailable("hush-hush")))
    answer = await ask(client, "/v1/offers")
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "2"
    assert "hush" not in await answer.text()


async def test_a_start_page_without_database_is_a_page_that_says_so(
    database: Database, serve: Serve
) -> None:
    client = await serve(database)
    database.write_now(downgrade)
    answer = await ask(client, "/", Accept="text/html")
    assert answer.status in {500, 503}
    assert "SELECT" not in await answer.text()


@pytest.mark.parametrize("public_url", ["http://127.0.0.1:9/", "https://a.example/x/y"])
async def test_every_link_starts_with_the_public_address(
    seeded: Database, serve: Serve, public_url: str
) -> None:
    client = await serve(seeded, public_url)
    base = public_url.rstrip("/") + "/"
    page = await said(client, "/v1/offers?limit=5")
    links = [*page["links"].values(), (await said(client, "/v1/changes?limit=5"))["next"]]
    links += (await said(client, "/v1/sources"))["links"].values()
    links.append((await said(client, "/v1/x", status=404))["type"])
    assert [link for link in links if not link.startswith(base)] == []
