"""What must stand nowhere in the tree: machine paths, registry hosts, locks with addresses."""

import re
from pathlib import Path

from tests.repo.tree import everything, name

HERE = Path(__file__)
TEXT_LIMIT = 5_000_000
PATHS = re.compile(r"(?<![\w.])/(?:work|root|opt|Users)/\w|(?<![\w.])/home/\w")
HOSTS = re.compile(r"pypi\.org|pythonhosted|npmjs|deb\.debian|crates\.io|proxy\.golang")
LOCKS = {"poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "package-lock.json"}


def texts() -> list[tuple[str, str]]:
    found = [p for p in everything() if p != HERE and p.stat().st_size < TEXT_LIMIT]
    return [(name(path), path.read_text(encoding="utf-8", errors="ignore")) for path in found]


def test_no_machine_path_and_no_registry_host() -> None:
    said = {
        f"{where}: {hit.group()}"
        for where, text in texts()
        for hit in [*PATHS.finditer(text), *HOSTS.finditer(text)]
    }
    assert not said


def test_no_lock_file_with_addresses() -> None:
    assert not [name(path) for path in everything() if path.name in LOCKS]


def test_the_lock_of_the_day_stays_out_of_the_project() -> None:
    ignored = (HERE.parents[2] / ".gitignore").read_text().splitlines()
    assert "uv.lock" in ignored
