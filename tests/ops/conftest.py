"""An image's file system, made once."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops.building import Image, build


@pytest.fixture(scope="session")
def image() -> Iterator[Image]:
    """The steps of the Dockerfile, done where every user may read."""
    root = Path(tempfile.mkdtemp(prefix="allmende-image-", dir="/var/tmp"))
    root.chmod(0o755)
    try:
        yield build(root)
    finally:
        shutil.rmtree(root)
