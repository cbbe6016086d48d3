"""Where code of connectors ends: whatever it raises becomes a value here, then a problem.

The child's one place that stops exceptions it does not know. A connector's bug must cost one
record, and its text (which may quote the record) must not get out. Running out of memory passes:
nothing can be promised after it.
"""

from dataclasses import replace
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Final, Self

from pydantic import ValidationError

from connectors.base import Unreadable
from schema import Level, Problem, Rejected

MOST_PROBLEMS: Final = 20


class Foreign:
    """`with foreign:` runs a connector's code; afterwards `raised()` says what it raised."""

    def __init__(self) -> None:
        self._error: Exception | None = None

    def raised(self) -> Exception | None:
        """What the last block raised; None when it ended well."""
        return self._error

    def __enter__(self) -> Self:
        self._error = None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception) or isinstance(error, MemoryError):
            return False
        self._error = error
        return True


def problems_of_record(error: Exception) -> tuple[Problem, ...]:
    """What mapping one raw raised → the problems of its refusal."""
    if isinstance(error, Rejected):
        return (replace(error.problem, level=Level.ERROR),)
    if isinstance(error, ValidationError):
        return tuple(
            Problem("record.invalid", ".".join(map(str, each["loc"])), each["msg"])
            for each in error.errors(include_url=False, include_context=False, include_input=False)
        )[:MOST_PROBLEMS]
    return (Problem("record.crashed_reader", "", place_of(error)),)


def problem_of_document(error: Exception) -> Problem:
    """What reading a document raised → the problem of the document."""
    if isinstance(error, Unreadable):
        return error.problem
    return Problem("document.unreadable", "", place_of(error))


def place_of(error: Exception) -> str:
    """The kind of an error and where it was raised; never its text."""
    frames = extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    path = Path(frames[-1].filename)
    return f"{type(error).__name__} in {path.parent.name}/{path.name}, line {frames[-1].lineno}"
