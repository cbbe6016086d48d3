"""Real documents lie outside the project; where they are absent, these tests say so."""

import json
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real documents. Skips without it (which counts as failed where CI is set)."""
    if not DATA.is_dir():
        pytest.skip("no folder ../shared/data beside the project")
    return DATA


@pytest.fixture(scope="session")
def expected(real_data: Path) -> dict[tuple[str, str], Any]:
    """(file, check) → the right answer."""
    lines = (real_data / "EXPECTED.shared.jsonl").read_text("utf-8").splitlines()
    return {(line["file"], line["check"]): line["value"] for line in map(json.loads, lines)}
