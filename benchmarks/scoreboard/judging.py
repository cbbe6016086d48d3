"""Each expectation's verdict: a rule says it is not applicable, or its comparison says what is
wrong. An expected value that does not fit its check is unmet, like a check nobody knows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.scoreboard import (
    calendars,
    encodings,
    expressions,
    feeds,
    merging,
    occurrences,
    offers,
    zones,
)
from benchmarks.scoreboard.cases import Case, Comparison, MissingFile
from benchmarks.scoreboard.expectations import Expectation
from benchmarks.scoreboard.expressions import conjuncts
from benchmarks.scoreboard.families import reader_of
from benchmarks.scoreboard.headers import is_charset
from benchmarks.scoreboard.moments import zone_named
from benchmarks.scoreboard.reading import ZONE, Reading, Want
from benchmarks.scoreboard.rules import Rules
from benchmarks.scoreboard.verdicts import MET, Verdict
from schema import Rejected

COMPARISONS: Final[dict[str, Comparison]] = {
    **calendars.COMPARISONS,
    **occurrences.COMPARISONS,
    **zones.COMPARISONS,
    **merging.COMPARISONS,
    **feeds.COMPARISONS,
    **encodings.COMPARISONS,
    **expressions.COMPARISONS,
    **offers.COMPARISONS,
}
MALFORMED: Final = (
    *(LookupError, TypeError, ValueError, AttributeError, ArithmeticError),
    *(SyntaxError, AssertionError, RecursionError),
)
"""What a comparison raises over an expected value of another form than its check has."""
ZONES: Final = ("tz", "default_tz", "floating_tz", "tzinfo")
"""Arguments that name the zone in which times without one are meant."""


def want_of(expectation: Expectation) -> Want:
    """How the file of an expectation is to be read for it."""
    named = (zone_named(name) for name in _zones(expectation))
    charset = expectation.args.get("http_charset")
    return Want(
        file=expectation.file,
        zone=next(filter(None, named), ZONE),
        charset=charset if is_charset(charset) else None,
    )


def _zones(expectation: Expectation) -> Iterator[object]:
    """The zones that an expectation names: in its arguments, or at all its points."""
    yield from (expectation.args.get(name) for name in ZONES)
    points = expectation.value.get("points") if isinstance(expectation.value, dict) else None
    for each in points if isinstance(points, list) else ():
        yield each.get("tz") if isinstance(each, dict) else None


def wants_of(expectation: Expectation) -> tuple[Want, ...]:
    """All documents an expectation needs."""
    return (want_of(expectation), *merging.joined(expectation))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Everything that verdicts depend on."""

    folder: Path
    readings: Mapping[Want, Reading]
    rules: Rules

    def verdict(self, expectation: Expectation) -> Verdict:
        """What is said of an expectation."""
        asked = [(part, self.rules.reason(part, self._data)) for part in _parts(expectation)]
        answered = [part for part, reason in asked if reason is None]
        if not answered:
            return Verdict(outcome="not_applicable", cause=asked[0][1] or "")
        expectation = _of_parts(expectation, answered)
        compare = COMPARISONS.get(expectation.check)
        if compare is None:
            return Verdict(outcome="unmet", cause="unknown_check", detail=expectation.check)
        reading = self.readings.get(want_of(expectation))
        if reading is None:
            return Verdict(outcome="unmet", cause=self._why_unread(expectation))
        return _judged(
            compare,
            Case(
                expectation=expectation,
                reading=reading,
                folder=self.folder,
                readings=self.readings,
            ),
        )

    def _why_unread(self, expectation: Expectation) -> str:
        if not (self.folder / expectation.file).is_file():
            return "missing_file"
        return "not_read" if reader_of(expectation.file) else "no_connector"

    def _data(self, file: str) -> bytes:
        """A file's bytes; none where it is missing."""
        path = self.folder / file
        return path.read_bytes() if path.is_file() else b""


def _parts(expectation: Expectation) -> tuple[Expectation, ...]:
    """The questions that an expectation asks: an expression may ask several at once."""
    if expectation.check != "feedparser_expr":
        return (expectation,)
    return tuple(replace(expectation, value=each) for each in conjuncts(expectation.value))


def _of_parts(expectation: Expectation, parts: Sequence[Expectation]) -> Expectation:
    if expectation.check != "feedparser_expr":
        return expectation
    return replace(expectation, value=" and ".join(f"({part.value})" for part in parts))


def _judged(compare: Comparison, case: Case) -> Verdict:
    try:
        wrong = compare(case)
    except MissingFile as error:
        return Verdict(outcome="unmet", cause="missing_file", detail=str(error))
    except Rejected as error:
        return Verdict(outcome="unmet", cause="rule_not_followed", detail=error.problem.message)
    except MALFORMED as error:
        detail = f"{type(error).__name__}: {error}"
        return Verdict(outcome="unmet", cause="malformed_value", detail=detail)
    if wrong is None:
        return MET
    return Verdict(outcome="unmet", cause=wrong.cause, detail=wrong.detail)
