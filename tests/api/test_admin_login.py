"""The login of `/admin`: who has no password sees nothing, decides nothing and guesses slowly."""

import logging
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from lxml import html
from sqlalchemy import Connection, update

from aggregator.queries import Database
from aggregator.settings import AdminSettings
from aggregator.store.tables import feed
from api.routes import ROUTES
from tests.api.administering import (
    COOKIE,
    NAME,
    ORIGIN,
    PASSWORD,
    get,
    guarded,
    inner,
    log_in,
    post,
    token,
)
from tests.api.conftest import Client, Serve
from tests.api.seeding import HOUR, NOW, FixedClock, identity

PAGES = [route.path for route in ROUTES if route.path.startswith("/admin")]
CLOSED = AdminSettings()
ELSEWHERE = [
    "//evil.example/admin",
    "https://evil.example/admin",
    "/\\evil.example",
    "/admin/../../v1/offers",
    "/v1/offers",
    "/admin/runs/1/decision",
    "/admin/logout",
    "/admin\r\nSet-Cookie: a=b",
    "javascript:alert(1)",
    "",
]


@pytest.fixture
async def client(seeded: Database, serve: Serve, tmp_path: Path) -> Client:
    """A client of an instance with a password."""
    return await serve(seeded, admin=guarded(tmp_path))


def filled(path: str) -> str:
    """A route's path with what it needs."""
    return path.replace("sources/{id}", "sources/agentur").replace("{id}", "1")


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/admin/login"])
async def test_nothing_is_seen_or_done_without_a_login(client: Client, path: str) -> None:
    posts = path.endswith(("decision", "logout"))
    answer = await (post if posts else get)(client, filled(path))
    assert answer.status == 303
    assert inner(answer).startswith("/admin/login?next=%2Fadmin")
    assert answer.headers["Cache-Control"] == "no-store"
    assert await answer.text() == ""


async def test_the_right_password_leads_to_the_page_that_was_asked_for(client: Client) -> None:
    answer = await post(client, "/admin/login?lang=en", password=PASSWORD, next="/admin/runs/1")
    assert (answer.status, inner(answer)) == (303, "/admin/runs/1?lang=en")
    page = await get(client, "/admin/runs/1?lang=en", answer.cookies[COOKIE].value)
    assert page.status == 200
    assert f"Logged in as {NAME}" in await page.text()


async def test_the_cookie_is_kept_from_scripts_other_sites_and_other_paths(client: Client) -> None:
    answer = await post(client, "/admin/login", password=PASSWORD)
    cookie = answer.cookies[COOKIE]
    assert (cookie["path"], cookie["max-age"], cookie["samesite"]) == (
        "/klima/admin",
        "43200",
        "Strict",
    )
    assert cookie["httponly"]
    assert cookie["secure"]
    assert not cookie["domain"]


def test_no_page_behind_the_door_is_kept_for_others() -> None:
    assert [route.path for route in ROUTES if route.keep and route.path.startswith("/admin")] == []


async def test_on_plain_http_the_cookie_is_sent_too(
    seeded: Database, serve: Serve, tmp_path: Path
) -> None:
    client = await serve(seeded, "http://127.0.0.1:8080/", admin=guarded(tmp_path))
    headers = {"Origin": "http://127.0.0.1:8080"}
    answer = await post(client, "/admin/login", password=PASSWORD, headers=headers)
    cookie = answer.cookies["allmende-admin"]
    assert (cookie["secure"], cookie["path"]) == ("", "/admin")


@pytest.mark.parametrize("back", ELSEWHERE)
async def test_a_login_leads_nowhere_but_to_pages_of_its_own(client: Client, back: str) -> None:
    answer = await post(client, "/admin/login", password=PASSWORD, next=back)
    assert (answer.status, answer.headers["Location"]) == (303, "/klima/admin")
    form: Any = html.fromstring(
        await (await client.get("/admin/login", params={"next": back})).text()
    )
    assert form.xpath("//input[@name='next']/@value") == ["/admin"]


async def test_who_is_logged_in_is_not_asked_again(client: Client) -> None:
    cookie = await log_in(client)
    answer = await get(client, "/admin/login?next=/admin/runs", cookie)
    assert (answer.status, inner(answer)) == (303, "/admin/runs")


async def test_logging_out_takes_the_cookie_away(client: Client) -> None:
    cookie = await log_in(client)
    refused = await post(client, "/admin/logout", cookie, token="guessed")
    assert refused.status == 403
    answer = await post(client, "/admin/logout", cookie, token=await token(client, cookie))
    assert (answer.status, inner(answer)) == (303, "/admin/login")
    gone = answer.cookies[COOKIE]
    assert (gone.value, gone["max-age"], gone["path"]) == ("", "0", "/klima/admin")


async def refused(client: Client, cookie: str) -> None:
    answer = await get(client, "/admin", cookie)
    assert answer.status == 303, cookie


async def test_a_forged_cookie_opens_nothing(client: Client) -> None:
    cookie = await log_in(client)
    expires, nonce, mark = cookie.split(".")
    later = f"{int(expires) + 1}.{nonce}.{mark}"
    other = f"{expires}.{nonce}x.{mark}"
    for forged in ("x", "..", cookie[:-1], f"{cookie}0", later, other, f"{expires}.{nonce}.", mark):
        await refused(client, forged)
    assert (await get(client, "/admin", cookie)).status == 200


async def test_a_session_ends_after_twelve_hours(
    seeded: Database, serve: Serve, tmp_path: Path
) -> None:
    clock = FixedClock()
    client = await serve(seeded, clock=clock, admin=guarded(tmp_path))
    cookie = await log_in(client)
    clock.at = NOW + 11.9 * HOUR
    assert (await get(client, "/admin", cookie)).status == 200
    clock.at = NOW + 12 * HOUR
    await refused(client, cookie)
    clock.at = NOW - HOUR  # a cookie of the future is no cookie of ours
    await refused(client, cookie)


def become_another(connection: Connection) -> None:
    connection.execute(update(feed).values(instance=identity("offer", 4711)))


async def test_another_instance_and_another_password_end_the_session(
    seeded: Database, serve: Serve, tmp_path: Path
) -> None:
    cookie = await log_in(await serve(seeded, admin=guarded(tmp_path)))
    await refused(await serve(seeded, admin=guarded(tmp_path, "another password")), cookie)
    again = await serve(seeded, admin=guarded(tmp_path))
    assert (await get(again, "/admin", cookie)).status == 200
    seeded.write_now(become_another)
    await refused(await serve(seeded, admin=guarded(tmp_path)), cookie)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": None},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://stadt.example"},
        {"Origin": f"{ORIGIN}:8443"},
        {"Origin": f"{ORIGIN}.evil.example"},
        {"Origin": "https://[::1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_a_form_from_elsewhere_is_refused(client: Client, headers: Any) -> None:
    answer = await post(client, "/admin/login", password=PASSWORD, headers=headers)
    assert answer.status == 403
    assert COOKIE not in answer.cookies
    assert (await answer.json(content_type=None))["type"].endswith("/request.not_from_here")


async def test_a_browser_that_reaches_the_service_by_another_name_may_log_in(
    client: Client,
) -> None:
    here = {"Origin": f"http://127.0.0.1:{client.port}", "Sec-Fetch-Site": None}
    answer = await post(client, "/admin/login", password=PASSWORD, headers=here)
    assert answer.status == 303


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"password": "x"}', "application/json"),
        (b"password=%FF", "application/x-www-form-urlencoded"),
        ("password=ä".encode(), "application/x-www-form-urlencoded"),
        (b"a=1&" * 9, "application/x-www-form-urlencoded"),
        (b"password=" + b"x" * 9000, "application/x-www-form-urlencoded"),
        (b"x" * 9, "multipart/form-data; boundary=x"),
    ],
)
async def test_what_is_no_form_of_ours_is_refused(client: Client, body: bytes, kind: str) -> None:
    headers = {"Origin": ORIGIN, "Content-Type": kind}
    answer = await client.post("/admin/login", data=body, headers=headers)
    assert answer.status == 400
    assert (await answer.json(content_type=None))["type"].endswith("/request.not_from_here")


@pytest.mark.parametrize("path", ["/admin/logout", "/admin/runs/1/decision"])
async def test_reading_does_not_decide(client: Client, path: str) -> None:
    answer = await get(client, path, await log_in(client))
    assert answer.status == 405
    assert "GET" not in answer.headers["Allow"]
    assert answer.headers["Cache-Control"] == "no-store"


async def guess(client: Client, n: int) -> ClientResponse:
    return await post(client, "/admin/login?lang=en", password=f"guess {n}")


async def test_twenty_wrong_passwords_are_slowed_down_and_never_logged(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = [await guess(client, n) for n in range(20)]
    assert [answer.status for answer in answers] == [403] * 10 + [429] * 10
    assert "That is not the password." in await answers[0].text()
    assert "Too many wrong passwords." in await answers[-1].text()
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 90
    assert (await post(client, "/admin/login", password=PASSWORD)).status == 429
    assert "a wrong password for /admin from 127.0.0.1" in caplog.text
    assert "guess" not in caplog.text
    assert PASSWORD not in caplog.text


async def test_the_right_password_lets_one_begin_anew(client: Client) -> None:
    for n in range(9):
        await guess(client, n)
    cookie = await log_in(client)
    assert [(await guess(client, n)).status for n in range(10)] == [403] * 10
    assert (await guess(client, 10)).status == 429
    assert (await get(client, "/admin", cookie)).status == 200


@pytest.mark.parametrize("wrong", ["", "a long password", PASSWORD.upper(), f"{PASSWORD} "])
async def test_what_is_not_the_password_is_wrong(client: Client, wrong: str) -> None:
    answer = await post(client, "/admin/login", password=wrong)
    assert (answer.status, COOKIE in answer.cookies) == (403, False)
    tree: Any = html.fromstring(await answer.text())
    assert tree.xpath("//input[@name='password']/@value") == []


@pytest.mark.parametrize("path", [path for path in PAGES if not path.endswith("login")])
async def test_without_a_password_a_public_instance_keeps_the_pages_closed(
    seeded: Database, serve: Serve, path: str
) -> None:
    client = await serve(seeded, admin=CLOSED)
    posts = path.endswith(("decision", "logout"))
    answer = await (post if posts else get)(client, filled(path))
    assert answer.status == 403
    assert (await answer.json(content_type=None))["type"].endswith("/admin.closed")
    assert answer.headers["Cache-Control"] == "no-store"


async def test_without_a_password_only_this_machine_may_read_and_nobody_decides(
    seeded: Database, serve: Serve
) -> None:
    client = await serve(seeded, "http://127.0.0.1:8080/", admin=CLOSED)
    assert (await get(client, "/admin")).status == 200
    here = {"Origin": "http://127.0.0.1:8080"}
    for path in ("/admin/runs/1/decision", "/admin/login", "/admin/logout"):
        answer = await post(client, path, headers=here, decision="approved", token="")
        assert answer.status == 404, path
    outside = await serve(seeded, "http://127.0.0.1:8080/", admin=CLOSED, host="0.0.0.0")
    assert (await get(outside, "/admin")).status == 403


async def test_a_password_that_vanished_keeps_the_pages_closed(
    seeded: Database, serve: Serve, tmp_path: Path
) -> None:
    admin = guarded(tmp_path)
    (tmp_path / "admin-password").unlink()
    client = await serve(seeded, "http://127.0.0.1:8080/", admin=admin)
    assert (await get(client, "/admin")).status == 403
