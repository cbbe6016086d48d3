"""The tables in docs/ that follow from the code. Run as a module, it writes them anew:

uv run python -m tests.repo.tables
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from aggregator.settings import (
    FetchSettings,
    PersonalSettings,
    ServiceSettings,
    SourceSettings,
)
from schema.problems import MEANINGS
from tests.repo.tree import TOP

BLOCK = re.compile(r"(?s)(<!-- table: ([\w.-]+) -->\n).*?(<!-- end -->)")


def row(*cells: str) -> str:
    """Cells → a line of a table."""
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |\n"


def table(*heads: str, rows: Iterator[tuple[str, ...]]) -> str:
    """Heads and rows → a table."""
    return row(*heads) + row(*("---" for _ in heads)) + "".join(row(*cells) for cells in rows)


def problems() -> str:
    """Every code, what it means and what to do."""
    rows = ((f"`{code}`", each.title, each.advice) for code, each in MEANINGS.items())
    return table("code", "meaning", "what to do", rows=rows)


def default_of(value: Any) -> str:
    """A default → how it would be written in the file."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return "`[" + ", ".join(f'"{part}"' for part in value) + "]`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def settings(model: type[BaseModel]) -> str:
    """Every setting of one section, its default and what it is for."""

    def rows() -> Iterator[tuple[str, ...]]:
        for name, field in model.model_fields.items():
            if field.is_required():
                default = "required"
            elif (
                field.default is None
                or isinstance(field.default, BaseModel)
                or (field.default_factory is not None)
            ):
                default = "–"
            else:
                default = default_of(field.default)
            yield f"`{name}`", default, field.description or ""

    return table("setting", "default", "what it is for", rows=rows())


TABLES: dict[str, Callable[[], str]] = {
    "problems": problems,
    "service": lambda: settings(ServiceSettings),
    "fetch": lambda: settings(FetchSettings),
    "source": lambda: settings(SourceSettings),
    "source.personal": lambda: settings(PersonalSettings),
}


def renewed(text: str) -> str:
    """A page's text → the same with its tables as the code has them now."""
    return BLOCK.sub(lambda block: block[1] + TABLES[block[2]]() + block[3], text)


def pages() -> list[Path]:
    """The pages that may hold tables."""
    return sorted((TOP / "docs").glob("*.md"))


def main() -> None:
    """Write every table anew."""
    for page in pages():
        page.write_text(renewed(page.read_text()))


if __name__ == "__main__":
    main()
