"""Every address, in every way it is asked, finds no fault with httplint.

The linter is installed by pip into a folder that is thrown away: it brings a package that is
called like ours.
"""

import json
import re
import subprocess
import venv
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import urljoin

import pytest
from aiohttp import ClientSession

from api.routes import ROUTES
from tests.api.conftest import Client
from tests.contract.asked import EXAMPLES, FURTHER, address
from tests.contract.world import World

pytestmark = [pytest.mark.contract, pytest.mark.timeout(600)]

HERE: Final = Path(__file__).parent
CODINGS: Final = ("identity", "gzip", "zstd", "br", "gzip, deflate, br, zstd")
FILLED: Final = {"code": "entity.gone", "id": "1"}
EXCEPTIONS: Final = {
    "STATUS_BAD_REQUEST": "it is asked for, to see the answer",
    "STORE_PUBLIC_UNNECESSARY": "RPDE asks for `public`, and so do people who look for it",
}
"""Note → why it stands here."""
ALLOWED: Final = tuple(f"{name}:" for name in EXCEPTIONS)

Judge = Callable[[Any, Any], list[dict[str, str]]]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """One exchange → the notes that find fault."""
    folder = tmp_path_factory.mktemp("httplint")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    listed = ("--require-hashes", "--quiet", "-r", str(HERE / "httplint.txt"))
    subprocess.run(
        [python, "-m", "pip", "--disable-pip-version-check", "install", *listed],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    with subprocess.Popen(
        [python, HERE / "linting.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as linter:

        def judged(asked: Any, told: Any) -> list[dict[str, str]]:
            to, from_ = piped(linter.stdin), piped(linter.stdout)
            to.write(json.dumps({"asked": asked, "told": told}) + "\n")
            to.flush()
            notes: list[dict[str, str]] = json.loads(from_.readline())
            return notes

        yield judged
        piped(linter.stdin).close()


def piped(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


@pytest.fixture
async def plain(town: Client) -> AsyncIterator[ClientSession]:
    """A client that shows bodies as they were sent."""
    del town
    async with ClientSession(auto_decompress=False, skip_auto_headers=["Accept-Encoding"]) as one:
        yield one


def decoded(headers: Any) -> list[list[str]]:
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in headers]


async def exchange(
    session: ClientSession, method: str, url: str, headers: dict[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """One request → it and its answer, for the linter."""
    async with session.request(method, url, headers=headers, allow_redirects=False) as answer:
        body = await answer.read()
        asked = {"method": method, "address": url, "headers": [*map(list, headers.items())]}
        told = {
            "status": answer.status,
            "reason": answer.reason or "",
            "headers": decoded(answer.raw_headers),
            "body": b64encode(body).decode(),
        }
    return asked, told


def header(told: dict[str, Any], name: str) -> str | None:
    return next((v for n, v in told["headers"] if n.lower() == name), None)


def pages() -> list[str]:
    """Every address for people, filled with something that is there."""
    paths = [route.path for route in ROUTES if not route.path.startswith("/v1")]
    return [re.sub(r"\{(\w+)\}", lambda name: FILLED.get(name[1], "1"), path) for path in paths]


async def linked(session: ClientSession, url: str) -> set[str]:
    """The files that a page loads."""
    async with session.get(url) as answer:
        html = await answer.text()
    found = re.findall(r'(?:src|href)="([^"]*/(?:static|docs)/[^"]+)"', html)
    return {urljoin(url, each).replace("/klima/", "/") for each in found}


async def ways(session: ClientSession, url: str) -> AsyncIterator[tuple[Any, Any]]:
    """One address in every way: methods, codings, conditions, and again from what is kept."""
    for coding in CODINGS:
        asked, told = await exchange(session, "GET", url, {"Accept-Encoding": coding})
        yield asked, told
        yield await exchange(session, "GET", url, {"Accept-Encoding": coding})
        yield await exchange(session, "HEAD", url, {"Accept-Encoding": coding})
        tag = header(told, "etag")
        if tag is not None:
            known = {"If-None-Match": tag, "Accept-Encoding": coding}
            yield await exchange(session, "GET", url, known)
            yield await exchange(session, "HEAD", url, known)
    yield await exchange(session, "GET", url, {"If-None-Match": '"other", W/"another"'})
    yield await exchange(session, "GET", url, {"Accept": "text/html", "Accept-Language": "en"})
    yield await exchange(session, "GET", url, {"Range": "bytes=0-9"})
    yield await exchange(session, "OPTIONS", url, {})
    yield await exchange(session, "POST", url, {})


async def test_no_address_gives_cause_for_a_warning(
    town: Client, world: World, plain: ClientSession, judge: Judge
) -> None:
    asked = [address(each, world) for each in (*EXAMPLES.values(), *FURTHER)]
    urls = {str(town.make_url(path)) for path in (*asked, *pages())}
    for page in ("/", "/docs"):
        urls |= await linked(plain, str(town.make_url(page)))
    found: dict[str, str] = {}
    for url in sorted(urls):
        async for request, told in ways(plain, url):
            for note in judge(request, told):
                where = f"{request['method']} {url} {request['headers']} → {told['status']}"
                found.setdefault(f"{note['name']}: {note['summary']}", where)
    faults = {said: where for said, where in found.items() if not said.startswith(ALLOWED)}
    assert not faults, "\n".join(f"{said} ({where})" for said, where in faults.items())


def test_a_bad_answer_would_be_noticed(judge: Judge) -> None:
    told = {
        "status": 200,
        "reason": "OK",
        "headers": [["Content-Length", "4"], ["Cache-Control", "max-age=soon"]],
        "body": b64encode(b"five!").decode(),
    }
    asked = {"method": "GET", "address": "http://stadt.example/", "headers": []}
    assert judge(asked, told)
