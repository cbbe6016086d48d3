"""What commands say, and where: answers on standard output, everything else on standard error.

What draws tables and bars is imported when something is drawn: the server and the worker, which
run for months and say nothing to people, are spared it.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import orjson

from aggregator.configuring.mistakes import Mistake, is_error

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, ProgressColumn

PLAIN_WIDTH: Final = 160
"""Columns where nobody looks at a terminal."""
UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What a terminal would obey instead of showing it: a source may send it in a key or a message."""
JSON_OPTIONS: Final = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS | orjson.OPT_NON_STR_KEYS


def answers() -> "Console":
    """Where answers for people go."""
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else PLAIN_WIDTH)


def remarks() -> "Console":
    """Where progress and complaints go."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else PLAIN_WIDTH)


def bars(*columns: "ProgressColumn") -> "Progress":
    """Progress bars on standard error; none where nobody looks at a terminal."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = remarks()
    shown = (TextColumn("{task.description}"), BarColumn(), *columns, TimeElapsedColumn())
    return Progress(*shown, console=console, transient=True, disable=not console.is_terminal)


def note(line: str) -> None:
    """One plain line on standard error, at once."""
    sys.stderr.write(f"{shown(line)}\n")
    sys.stderr.flush()


def print_json(value: object) -> None:
    """One JSON value on one line of standard output, at once. Instants are UTC."""
    sys.stdout.write(orjson.dumps(value, option=JSON_OPTIONS).decode() + "\n")
    sys.stdout.flush()


def print_table(title: str, heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """A table for people; absent cells stay empty. Says so when there is no row."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else Text(shown(str(cell))) for cell in row))
    answers().print(table if table.row_count else Text(f"{title}: none"))


def shown(text: str) -> str:
    """Text of a source → the same, safe to be written on a terminal."""
    return UNPRINTABLE.sub("�", text)


def say(console: "Console", line: str) -> None:
    """One line for people, wrapped by the terminal only."""
    from rich.text import Text

    console.print(Text(shown(line)), soft_wrap=True)


def print_mistake(console: "Console", mistake: Mistake) -> None:
    """`file:line: level: setting: message`, and the suggestion below."""
    from rich.text import Text

    place = mistake.variable or ":".join(filter(None, (mistake.file, str(mistake.line or ""))))
    style = "bold red" if is_error(mistake) else "yellow"
    line = Text(f"{place}: ")
    line.append(mistake.level.value, style)
    line.append(": ".join(("", *filter(None, (mistake.setting, mistake.message)))))
    console.print(line, soft_wrap=True)
    if mistake.suggestion:
        console.print(Text(f"    {mistake.suggestion}", "dim"), soft_wrap=True)


def local(instant: datetime | None, zone: str) -> str | None:
    """An aware instant → date and minute on the city's clocks."""
    return None if instant is None else f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def counted(counts: Mapping[str, int]) -> str:
    """Name → number, as "429 offer, 249 organisation"."""
    return ", ".join(f"{number} {name}" for name, number in counts.items())
