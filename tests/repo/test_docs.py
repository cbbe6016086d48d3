"""Docs say what the code says: every problem, setting, route and command stands there."""

import re
from difflib import unified_diff
from pathlib import Path

import pytest

from api.routes import ROUTES
from tests.repo.tables import BLOCK, TABLES, pages, renewed
from tests.repo.tree import TOP, name

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
HOW = "write the tables anew with `uv run python -m tests.repo.tables`"


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_tables_in_docs_are_what_the_code_says(page: Path) -> None:
    written, wanted = (t.splitlines() for t in (page.read_text(), renewed(page.read_text())))
    differing = "\n".join(unified_diff(written, wanted, "docs", "code", lineterm="", n=0))
    assert not differing, f"{HOW}\n{differing}"


def test_every_form_of_every_parameter_is_told() -> None:
    told = TABLES["parameters"]()
    missing = [each.form for route in ROUTES for each in route.parameters if each.form not in told]
    assert not missing


def test_every_table_stands_on_one_page() -> None:
    found = [block[2] for page in pages() for block in BLOCK.finditer(page.read_text())]
    assert sorted(found) == sorted(TABLES)


@pytest.mark.parametrize("page", [*pages(), *TOP.glob("*.md")], ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    inside = [target for target in LINK.findall(page.read_text()) if "://" not in target]
    assert not [t for t in inside if not (page.parent / t).exists()], name(page)
