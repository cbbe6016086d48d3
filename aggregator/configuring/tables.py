"""Tables of which the file may have many (`[[source]]`, `[[portal]]`): finding them, and telling
those that share an id. Judges nothing that stands in one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aggregator.configuring.lines import Path, find_lines, line_of
from aggregator.configuring.mistakes import Mistake

Tables = Sequence[tuple[int, dict[str, Any]]]
"""Tables of one name with their positions."""


def tables_of(document: Mapping[str, Any], name: str) -> tuple[Tables, list[Mistake]]:
    """The tables of a name with their positions, and what stands there instead of one."""
    written = document.get(name, [])
    if not isinstance(written, list):
        return [], [_no_table((name,), f"write [[{name}]], with two brackets")]
    tables = [(at, table) for at, table in enumerate(written) if isinstance(table, dict)]
    wrong = [
        _no_table((name, at), f"write a table, starting with [[{name}]]")
        for at, table in enumerate(written)
        if not isinstance(table, dict)
    ]
    return tables, wrong


def _no_table(path: Path, message: str) -> Mistake:
    return Mistake(code="settings.invalid", path=path, message=message)


def duplicates(name: str, tables: Tables, text: str) -> Iterator[Mistake]:
    """Every table whose id one before it has; `text` is the file's."""
    first: dict[str, int] = {}
    lines: Mapping[Path, int] = {}
    for position, table in tables:
        id_ = table.get("id")
        if not isinstance(id_, str):
            continue
        if id_ in first:
            lines = lines or find_lines(text)
            line = line_of(lines, (name, first[id_], "id"))
            yield Mistake(
                code=f"settings.duplicate_{name}",
                path=(name, position, "id"),
                message=f"the {name} in line {line} has the same id",
                suggestion=f"give each {name} its own id",
            )
        first.setdefault(id_, position)
