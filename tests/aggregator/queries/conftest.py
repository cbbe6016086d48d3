"""Fixtures of what reads real histories."""

import pytest

from aggregator.store.database import Database
from tests.aggregator.queries.telling import TellingBench


@pytest.fixture
def bench(database: Database) -> TellingBench:
    """Runs on an empty database."""
    return TellingBench(database)
