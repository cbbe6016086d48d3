"""The wheel carries everything the packages hold: code, templates, data, migrations."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.repo.tree import PACKAGES, TOP, files, name


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names in a wheel built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=TOP, check=True, capture_output=True)
    (wheel,) = folder.glob("allmende-*.whl")
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_carries_every_file_of_the_packages(shipped: set[str]) -> None:
    assert {name(path) for path in files(*PACKAGES)} <= shipped


def test_the_wheel_carries_nothing_else(shipped: set[str]) -> None:
    tops = {Path(path).parts[0] for path in shipped}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_the_wheel_carries_the_licence(shipped: set[str]) -> None:
    assert [path for path in shipped if path.endswith("licenses/LICENSE")]
