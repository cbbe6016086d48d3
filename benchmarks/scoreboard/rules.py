"""Which expectations are not applicable: reviewed rules over names and patterns, each with a
reason. There is no way to name a file: the same rules hold for documents nobody has seen yet.
"""

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from benchmarks.scoreboard.expectations import Expectation, as_json
from benchmarks.scoreboard.families import family_of
from benchmarks.scoreboard.feeds import entries_in

RULES: Final = Path(__file__).with_name("not_applicable.toml")


class Rule(BaseModel):
    """Every condition that is given must hold. Names may hold `*`; `value`, `args`
    and `upstream` (the test of the origin) are regular expressions that are searched for,
    `unless_value` must not be found. `suffix` is the ending of
    the file's name, `document` and `unless_document` are searched for in its bytes (without NULs,
    so that UTF-16 is seen as well). `entry_fields`: the expected model of a feed (the value, or the
    file it names) has no entry with any other field than these."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: str = Field(min_length=20)
    family: tuple[str, ...] = ()
    check: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    suffix: tuple[str, ...] = ()
    value: str | None = None
    unless_value: str | None = None
    args: str | None = None
    upstream: str | None = None
    document: str | None = None
    unless_document: str | None = None
    entry_fields: frozenset[str] | None = None

    @field_validator("value", "unless_value", "args", "upstream", "document", "unless_document")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            re.compile(pattern)
        return pattern

    def holds(self, expectation: Expectation, data: Callable[[str], bytes]) -> bool:
        """Whether this rule speaks of an expectation; `data` gives a file's bytes."""
        return (
            _named(self.family, family_of(expectation.file) or "")
            and _named(self.check, expectation.check)
            and _named(self.kind, expectation.kind)
            and _named(self.suffix, PurePosixPath(expectation.file).suffix.lower())
            and _found(self.value, expectation.said)
            and not (self.unless_value and _found(self.unless_value, expectation.said))
            and _found(self.args, as_json(dict(expectation.args)))
            and _found(self.upstream, expectation.upstream)
            and self._sees(expectation.file, data)
            and (self.entry_fields is None or _fields(expectation, data) <= self.entry_fields)
        )

    def _sees(self, file: str, data: Callable[[str], bytes]) -> bool:
        if self.document is None and self.unless_document is None:
            return True
        text = data(file).replace(b"\0", b"").decode("latin-1")
        return _found(self.document, text) and not (
            self.unless_document and _found(self.unless_document, text)
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, in the order of the file."""

    rules: tuple[Rule, ...]

    def reason(self, expectation: Expectation, data: Callable[[str], bytes]) -> str | None:
        """Why an expectation is not applicable; None: it is."""
        for rule in self.rules:
            if rule.holds(expectation, data):
                return rule.reason
        return None


def load_rules(path: Path = RULES) -> Rules:
    """The rules of a file. Raises `ValueError` for what is none."""
    said = tomllib.loads(path.read_text("utf-8"))
    return Rules(tuple(Rule.model_validate(each) for each in said["rule"]))


def _fields(expectation: Expectation, data: Callable[[str], bytes]) -> frozenset[str]:
    """The fields of the entries that an expected model of a feed has; of what is no model, one
    that no rule names."""
    model = expectation.value
    if isinstance(model, str):
        try:
            model = json.loads(data(model).decode("utf-8-sig"))
        except ValueError:
            return frozenset({"(no model)"})
    if not isinstance(model, dict):
        return frozenset({"(no model)"})
    return frozenset(field for entry in entries_in(model) for field in entry)


def _named(patterns: Sequence[str], name: str) -> bool:
    return not patterns or any(fnmatch(name, pattern) for pattern in patterns)


def _found(pattern: str | None, text: str) -> bool:
    return pattern is None or re.search(pattern, text, re.IGNORECASE | re.DOTALL) is not None
