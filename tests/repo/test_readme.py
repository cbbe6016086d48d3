"""The README's commands are those that CI runs, with the versions that are pinned."""

import os
import re

from tests.repo.test_pins import constraints
from tests.repo.tree import TOP

README = (TOP / "README.md").read_text()
CI = (TOP / ".ci" / "run").read_text()


def test_the_first_commands_stand_in_the_readme() -> None:
    assert "\n    pip install uv && uv run allmende demo\n" in README
    assert "\n    uv run pytest\n" in README


def test_ci_calls_the_readmes_test_command() -> None:
    assert re.search(r'^step ".*" uv run pytest$', CI, re.MULTILINE)


def test_the_pages_name_the_pinned_uv() -> None:
    said = {
        version
        for page in ("README.md", "CONTRIBUTING.md")
        for version in re.findall(r"uv==([\w.]+)", (TOP / page).read_text())
    }
    assert said == constraints()["uv"]


def test_ci_can_be_executed() -> None:
    assert os.access(TOP / ".ci" / "run", os.X_OK)
