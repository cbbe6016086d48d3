"""What is known to be right: one JSON object a line. Reads, judges nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class BadExpectations(ValueError):
    """The file of expectations is none. Says which line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One expected value. `value` may be of any type: whoever compares must bear it."""

    file: str
    check: str
    kind: str
    value: Any
    upstream: str = ""
    """Which test of its origin says so."""
    args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """The value as patterns see it: a text as it is, everything else as JSON."""
        return self.value if isinstance(self.value, str) else as_json(self.value)


def as_json(value: object) -> str:
    """A value as JSON with sorted keys and letters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def read_expectations(path: Path) -> tuple[Expectation, ...]:
    """All lines of a file, in their order. Raises `BadExpectations` for a line that is no object
    with a `file` and a `check`."""
    lines = path.read_text("utf-8").splitlines()
    return tuple(_expectation(number, line) for number, line in enumerate(lines, 1) if line.strip())


def _expectation(number: int, line: str) -> Expectation:
    try:
        said = json.loads(line)
        file, check = said["file"], said["check"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadExpectations(f"line {number} is no expectation") from error
    if not isinstance(file, str) or not isinstance(check, str):
        raise BadExpectations(f"line {number} is no expectation")
    args = said.get("args")
    return Expectation(
        file=file,
        check=check,
        kind=str(said.get("kind", "")),
        value=said.get("value"),
        upstream=str(said.get("upstream_test", "")),
        args=args if isinstance(args, dict) else {},
    )
