"""`/docs`: the page, its files, and that all of it is ours."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from aggregator.store.database import Database
from api.openapi.page import FILES, OWN, VENDORED
from tests.api.asking import ask, inside
from tests.api.conftest import Client, Serve
from tests.api.seeding import PUBLIC_URL

ADDRESS = re.compile(r'(?:src|href)="([^"]*)"')
LINES = (VENDORED / "SHA256SUMS").read_text().splitlines()
SUMS = {name: digest for digest, name in (line.split("  ") for line in LINES)}
OURS = {"README.md", "SHA256SUMS"}


async def test_the_page_runs_our_scripts_and_no_others(face: Client) -> None:
    answer = await ask(face, "/docs")
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    html = await answer.text()
    assert re.findall(r"<script(?! src=)|<style|\son\w+=|\sstyle=|javascript:", html) == []


async def test_the_page_leads_to_files_of_ours_that_are_kept_for_ever(face: Client) -> None:
    html = await (await ask(face, "/docs")).text()
    prefix = inside(PUBLIC_URL, "https://stadt.example/")
    found = [each for each in ADDRESS.findall(html) if each.startswith(f"{prefix}docs/")]
    assert len(set(found)) == len(FILES)
    for each in found:
        answer = await ask(face, f"/{each.removeprefix(prefix)}")
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (await ask(face, "/docs/swagger-ui.js")).status == 404


async def test_a_title_is_written_as_text(seeded: Database, serve: Serve) -> None:
    client = await serve(seeded, title='<script>"&')
    html = await (await ask(client, "/docs")).text()
    assert '<script>"&' not in html
    assert "&lt;script&gt;&quot;&amp;" in html


async def test_an_unchanged_page_is_not_sent_again(face: Client) -> None:
    tag = (await ask(face, "/docs")).headers["ETag"]
    assert (await ask(face, "/docs", If_None_Match=tag)).status == 304


def test_vendored_files_are_the_ones_that_were_looked_at() -> None:
    there = {path.name for path in VENDORED.iterdir()} - OURS
    assert there == set(SUMS)
    for name, expected in SUMS.items():
        assert sha256((VENDORED / name).read_bytes()).hexdigest() == expected, name


def test_vendored_files_come_with_their_licence() -> None:
    assert "Apache License" in (VENDORED / "LICENSE.txt").read_text()
    assert "5.35.0" in (VENDORED / "README.md").read_text()


@pytest.mark.parametrize("path", sorted(OWN.iterdir()), ids=lambda path: path.name)
def test_files_of_ours_name_no_other_host(path: Path) -> None:
    assert re.findall(r"https?:|//[a-z0-9.-]+\.[a-z]{2,}", path.read_text()) == []
