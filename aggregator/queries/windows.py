"""The occurrences that overlap a window, by ranges of an index. Builds statements, reads nothing.

What begins in the window and what goes on when it begins lie in different places of an index, so
they are read by statements of their own, in order, and joined.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import CompoundSelect, Select, bindparam, literal_column, select, union_all

from aggregator.occurrences import SPANS
from aggregator.queries.filters import Pattern
from aggregator.queries.narrowing import AFTER, BEFORE, having_status
from aggregator.store.tables import UtcDateTime, occurrence

Branch = Callable[[Any], Select[Any]]
"""Given an alias of `occurrence`, rows of it."""


def in_window(pattern: Pattern, branch: Branch) -> CompoundSelect[Any]:
    """Rows of all occurrences in the window that have a status that is asked for, each once."""
    going_on = (_going_on(pattern, branch, at) for at in range(1, len(SPANS) + 2))
    parts = [_begun(pattern, branch), *going_on]
    named = [part.subquery(f"part_{at}") for at, part in enumerate(parts)]
    return union_all(*[select(*part.c) for part in named])


def _begun(pattern: Pattern, branch: Branch) -> Select[Any]:
    row = occurrence.alias("begun")
    rows = branch(row).where(row.c.starts >= AFTER, row.c.starts < BEFORE)
    return rows.where(*having_status(row, pattern))


def _going_on(pattern: Pattern, branch: Branch, span: int) -> Select[Any]:
    """What is of one length and began before the window: no longer ago than it is long."""
    row = occurrence.alias(f"going_on_{span}")
    here = row.c.span == literal_column(str(span))
    rows = branch(row).where(here, row.c.starts < AFTER, row.c.ends > AFTER)
    if span <= len(SPANS):
        rows = rows.where(row.c.starts > bindparam(f"window_{span}", type_=UtcDateTime))
    return rows.where(*having_status(row, pattern))
