"""What is wrong with a configuration, as data: code, place, message, suggestion. Finds nothing.

No message ever repeats a value of the file: it might be a secret in the wrong place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from aggregator.configuring.lines import Path, line_of
from schema import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing to mend, or (a warning) to know. `line` counts from 1. `variable` is set, and
    `line` is not, when the value came from an environment variable."""

    code: str
    path: Path
    message: str
    suggestion: str | None = None
    level: Level = Level.ERROR
    file: str | None = None
    line: int | None = None
    variable: str | None = None

    @property
    def setting(self) -> str:
        """The path as one word: `source[0].settings.url`, "" for the whole file."""
        return dotted(self.path)

    def as_json(self) -> dict[str, Any]:
        """JSON-able, absent values left out."""
        fields = {
            "code": self.code,
            "level": self.level.value,
            "file": self.file,
            "line": self.line,
            "variable": self.variable,
            "setting": self.setting,
            "message": self.message,
            "suggestion": self.suggestion,
        }
        return {name: value for name, value in fields.items() if value is not None}


class Misconfigured(Exception):
    """The configuration cannot be used. Carries every mistake, warnings included."""

    def __init__(self, file: FilePath, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__(f"{file}: {sum(is_error(each) for each in mistakes)} mistakes")
        self.file = file
        self.mistakes = mistakes


def is_error(mistake: Mistake) -> bool:
    """Whether the mistake keeps the service from starting."""
    return mistake.level is Level.ERROR


def dotted(path: Path) -> str:
    """("source", 0, "url") → `source[0].url`."""
    written = ""
    for part in path:
        if isinstance(part, int):
            written += f"[{part}]"
        else:
            written += f".{part}" if written else part
    return written


@dataclass(frozen=True, slots=True)
class Places:
    """Where values came from: the file's lines, and variables by path."""

    file: str
    lines: Mapping[Path, int]
    variables: Mapping[Path, str]

    def of(self, mistake: Mistake) -> Mistake:
        """The mistake with its place filled in."""
        for end in range(len(mistake.path), 0, -1):
            if variable := self.variables.get(mistake.path[:end]):
                return replace(mistake, variable=variable)
        line = mistake.line or line_of(self.lines, mistake.path)
        return replace(mistake, file=self.file, line=line)
