"""The four import names are ours: they resolve to this tree, and nobody else ships them."""

from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.repo.tree import PACKAGES, TOP

OURS = {*PACKAGES, "tests", "benchmarks"}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_name_resolves_to_this_tree(package: str) -> None:
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).parent == TOP / package


def test_no_other_distribution_ships_our_names() -> None:
    intruders = {
        f"{distribution.name}: {path}"
        for distribution in distributions()
        if distribution.name != "allmende"
        for path in distribution.files or []
        if path.parts[0].removesuffix(".py") in OURS
    }
    assert not intruders
