"""One expectation beside what came of its file, and of the other files it speaks of. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from benchmarks.scoreboard.expectations import Expectation
from benchmarks.scoreboard.reading import Reading, Record, Want
from benchmarks.scoreboard.verdicts import Unmet
from schema import Problem
from schema.entities import Event


class MissingFile(LookupError):
    """An expected value names a file that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a comparison sees."""

    expectation: Expectation
    reading: Reading
    folder: Path
    readings: Mapping[Want, Reading]

    @property
    def value(self) -> Any:
        """The expected value."""
        return self.expectation.value

    @property
    def events(self) -> list[Event]:
        """The events that were understood."""
        return events_of(self.reading)

    def beside(self, name: str) -> str:
        """A file of the same folder, by its name."""
        return str(PurePosixPath(self.expectation.file).with_name(name))

    def other(self, file: object) -> Reading:
        """What came of another file. Raises `MissingFile`."""
        found = self.readings.get(Want(file=str(file)))
        if found is None:
            raise MissingFile(str(file))
        return found

    def path(self, file: object) -> Path:
        """Where another file lies. Raises `MissingFile`."""
        path = self.folder / str(file)
        if not path.is_file():
            raise MissingFile(str(file))
        return path


Comparison = Callable[[Case], Unmet | None]
"""Says what is wrong; None: the expectation is met."""


def events_of(reading: Reading) -> list[Event]:
    """The events among what was understood."""
    entities = (record.entity for record in reading.records)
    return [entity for entity in entities if isinstance(entity, Event)]


def title_of(record: Record) -> str:
    """A record's title, in whichever language it is."""
    return next(iter(record.entity.title.values()), "")


def kept_out(reading: Reading) -> Unmet | None:
    """Why the document, or a record of it, was refused; the likely cause of what is missing."""
    if reading.failure is not None:
        return Unmet(f"document_refused:{reading.failure.code}", said(reading.failure))
    for refusal in reading.refusals:
        for problem in refusal.problems:
            return Unmet(f"record_refused:{problem.code}", said(problem))
    return None


def said(problem: Problem) -> str:
    """A problem in a line."""
    return f"{problem.path}: {problem.message}" if problem.path else problem.message


def because(reading: Reading, cause: str, detail: str = "") -> Unmet:
    """Something is missing or differs: the refusal that explains it, else what is seen."""
    why = kept_out(reading)
    return Unmet(cause, detail) if why is None else Unmet(why.cause, f"{detail} ({why.detail})")
