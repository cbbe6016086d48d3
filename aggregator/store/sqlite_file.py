"""Which file a SQLite database is. One that is moved away, or put in another's place, keeps being
read by whoever has it open; here that is noticed. Reads no data.
"""

from pathlib import Path
from sqlite3 import DatabaseError, OperationalError

Mark = tuple[int, int]
"""Device and number of a file: what stays the same as long as it is that file."""


class SqliteFile:
    """The file at a path (None: in memory, which cannot be moved)."""

    def __init__(self, path: str | None) -> None:
        self.path = None if path in {None, "", ":memory:"} else Path(path or "")
        self.seen = False
        """Whether it was there once; from then on nobody makes it anew."""

    def mark(self) -> Mark | None:
        """Which file it is now. Raises `sqlite3.OperationalError` where one that was there is
        gone."""
        if self.path is None:
            return None
        try:
            status = self.path.stat()
        except FileNotFoundError:
            if self.seen:
                raise OperationalError("the database file is gone") from None
            return None
        self.seen = True
        return status.st_dev, status.st_ino


def is_no_database(error: BaseException) -> bool:
    """Whether the driver says that the file is damaged or none of SQLite's: half a backup, say,
    that is being copied into the place. It has no finer class for that."""
    return type(error) is DatabaseError
