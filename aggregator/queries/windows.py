"""The occurrences that overlap a window, by ranges of an index. Builds statements, reads nothing.

What begins in the window and what goes on when it begins lie in different places of an index, so
they are read by statements of their own, in order, and joined.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import CompoundSelect, Select, select, union_all

from aggregator.queries.filters import Pattern
from aggregator.queries.narrowing import AFTER, BEFORE, having_status
from aggregator.store.tables import occurrence

Branch = Callable[[Any], Select[Any]]
"""Given an alias of `occurrence`, rows of it."""


def in_window(pattern: Pattern, branch: Branch) -> CompoundSelect[Any]:
    """Rows of all occurrences in the window that have a status that is asked for, each once."""
    parts = [_begun(pattern, branch), _going_on(pattern, branch)]
    named = [part.subquery(f"part_{at}") for at, part in enumerate(parts)]
    return union_all(*[select(*part.c) for part in named])


def _begun(pattern: Pattern, branch: Branch) -> Select[Any]:
    row = occurrence.alias("begun")
    rows = branch(row).where(row.c.starts >= AFTER, row.c.starts < BEFORE)
    return rows.where(*having_status(row, pattern))


def _going_on(pattern: Pattern, branch: Branch) -> Select[Any]:
    row = occurrence.alias("going_on")
    rows = branch(row).where(row.c.starts < AFTER, row.c.ends > AFTER)
    return rows.where(*having_status(row, pattern))
