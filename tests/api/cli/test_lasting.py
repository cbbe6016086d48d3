"""What runs for months collects garbage, but for what it loaded at its start."""

import gc
from collections.abc import Iterator

import pytest

from api.cli.lasting import started, starting


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """Whatever a test froze, the tests after it collect."""
    yield
    gc.unfreeze()


def test_garbage_is_collected_again_as_soon_as_all_is_loaded() -> None:
    with starting():
        assert not gc.isenabled()
        started()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0


def test_a_start_that_fails_leaves_the_collector_on() -> None:
    with pytest.raises(OSError, match="taken"), starting():
        raise OSError("taken")
    assert gc.isenabled()
