"""A key is read when it is needed, and shows nowhere."""

import logging
import secrets
from pathlib import Path

import pytest

from aggregator.errors import SourceError, Unfetchable
from aggregator.fetch.client import Fetcher, Limits
from aggregator.fetch.redact import redact
from aggregator.fetch.secrets import resolve
from connectors.base import Request, Secret
from tests.aggregator.fetch.conftest import LIMITS
from tests.upstreams.faults import Script, answer, drip, redirect, reset, serving


def test_a_secret_is_read_from_environment_or_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CITY_KEY", "abc123")
    (tmp_path / "key").write_text("def456\n")
    assert resolve(Secret("env:CITY_KEY")) == "abc123"
    assert resolve(Secret(f"file:{tmp_path / 'key'}")) == "def456"
    assert resolve("plain") == "plain"


def test_a_value_once_read_is_masked_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    canary = secrets.token_hex(16)
    monkeypatch.setenv("CITY_KEY", canary)
    resolve(Secret("env:CITY_KEY"))
    assert redact(f"a path/{canary}/without a name") == "a path/***/without a name"


@pytest.mark.parametrize("content", [None, b"", b" \n", b"two\nlines", b"\xff\xfe", b"nul\0"])
def test_a_secret_without_usable_value_is_missing(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Unfetchable) as raised:
        resolve(Secret(f"file:{path}"))
    assert raised.value.problem.code == "source.secret_missing"
    assert str(path) in raised.value.problem.message


@pytest.mark.parametrize("reference", ["env:NOWHERE_SET", "env:", "file:", "s3cr3t", "vault:x"])
def test_a_reference_that_leads_nowhere_is_missing(reference: str) -> None:
    with pytest.raises(Unfetchable) as raised:
        resolve(Secret(reference))
    assert raised.value.problem.code == "source.secret_missing"
    assert "s3cr3t" not in str(raised.value)


async def test_a_key_travels_in_the_query_and_nowhere_else(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITY_KEY", "a b/ü&=")
    request_query = (("agencyID", "177"), ("accessKey", Secret("env:CITY_KEY")))
    async with serving(answer(b"x")) as upstream:
        request = Request(url=f"{upstream.url}q?a=1", query=request_query)
        fetched = await fetcher.fetch(request, limits=LIMITS)
    assert upstream.asked[0].target == "/q?a=1&agencyID=177&accessKey=a+b/%C3%BC%26%3D"
    assert fetched.url == f"{upstream.url}q?a=1&agencyID=177&accessKey=***"


FAULTS = {
    "forbidden": answer(status=403),
    "failing": answer(status=500),
    "limited": answer(status=429),
    "large": answer(b"x" * 2_000_000),
    "cut": answer(b"x", length=10),
    "coded": answer(b"x", "Content-Encoding: gzip"),
    "loop": redirect("/?key=again"),
    "reset": reset(),
    "drip": drip(),
}


@pytest.mark.parametrize("script", FAULTS.values(), ids=FAULTS)
async def test_no_error_shows_the_key(
    fetcher: Fetcher,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    script: Script,
) -> None:
    canary = secrets.token_hex(16)
    monkeypatch.setenv("CITY_KEY", canary)
    caplog.set_level(logging.DEBUG)
    key = Secret("env:CITY_KEY")
    async with serving(script) as upstream:
        request = Request(
            url=upstream.url, query=(("accessKey", key),), headers=(("X-Api-Key", key),)
        )
        with pytest.raises(SourceError) as raised:
            await fetcher.fetch(request, limits=Limits(1_000_000, 0.5))
    logging.getLogger("test").error("failed", exc_info=raised.value)
    shown = f"{raised.value!r} {raised.value} {raised.value.problem} {caplog.text}"
    assert canary not in shown
