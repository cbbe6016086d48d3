"""What the faces may ask of the store, one file per noun. Nothing here writes.

Most are plain functions of a Connection that return frozen values. The hot public reads take
`Pages` instead and are awaited.
"""

from typing import Final

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from aggregator.store.database import Database
from aggregator.store.pages import DatabaseUnavailable, Pages, open_pages

UNAVAILABLE: Final[tuple[type[Exception], ...]] = (
    DatabaseUnavailable,
    OperationalError,
    PoolExhausted,
)
"""What a read raises when the database does not answer."""

__all__ = ["UNAVAILABLE", "Database", "DatabaseUnavailable", "Pages", "open_pages"]
