"""What a database would do for a statement, and what of it is too much."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from aggregator.store.pages import Shape, Statement, Values
from aggregator.store.tables import metadata

DEAR = ("seqscan", "bitmapscan")
SCAN = re.compile(r"SCAN (?!CONSTANT|\(sub|anon_)(\w+)|Seq Scan on (\w+)")
SORT = re.compile(r"^( *)(?:USE TEMP B-TREE FOR (?:ORDER|GROUP|DISTINCT)|->  Sort\b)")
ALIASES = ("begun", "going_on", "it", "row", "entry", "whole", "earlier", "begins", "goes_on")
CUT = re.compile(
    r"SCAN (?:part|of)_\d+|component|SEARCH facet USING|on facet\b"
    r"|->  (?:Limit|Subquery Scan on (?:part|of)_\d)"
)
"""What is sorted after it was cut to a page; the languages of one event, the values of a facet."""


def plan(
    connection: Connection, shape: Shape, values: Values, avoided: tuple[str, ...] = DEAR
) -> str:
    """What the database would do, one step a line. PostgreSQL would rather scan tables as small
    as those of tests, so it is told not to: what it scans then, no index serves."""
    statement = Statement(shape.select, connection.dialect)
    bound = statement.bound(values)
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        cursor.execute(
            f"EXPLAIN QUERY PLAN {statement.text}", [bound[name] for name in statement.order]
        )
        return _indented(cursor.fetchall())
    for way in avoided:
        connection.execute(text(f"SET LOCAL enable_{way} = off"))
    cursor.execute(f"EXPLAIN {statement.text}", bound)
    return "\n".join(str(row[0]) for row in cursor.fetchall())


def _indented(steps: Sequence[Any]) -> str:
    """SQLite's steps, each below the one it belongs to."""
    depth = {0: -1}
    lines = []
    for id_, parent, _, told in steps:
        depth[id_] = depth[parent] + 1
        lines.append("  " * depth[id_] + told)
    return "\n".join(lines)


def scanned(told: str) -> set[str]:
    """A plan → the tables it reads from end to end."""
    found = {name for hit in SCAN.finditer(told) for name in hit.groups() if name}
    return found & {*metadata.tables, *ALIASES}


def sorts(told: str) -> list[str]:
    """A plan → what it sorts that was not cut to a page before."""
    lines = told.splitlines()
    found = []
    for at, line in enumerate(lines):
        hit = SORT.match(line)
        if hit is None:
            continue
        beside = lines[at + 1 : at + 3] if "Sort" in line else _siblings(lines, at, hit[1])
        if not any(CUT.search(each) for each in beside):
            found.append("\n".join(lines[max(0, at - 4) : at + 4]))
    return found


def _siblings(lines: list[str], at: int, indent: str) -> list[str]:
    """The steps above one that stand beside it in SQLite's plan."""
    found = []
    for line in reversed(lines[:at]):
        if len(line) - len(line.lstrip()) < len(indent):
            break
        if line.startswith(indent) and not line.startswith(f"{indent} "):
            found.append(line)
    return found
