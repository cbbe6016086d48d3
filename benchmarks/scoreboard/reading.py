"""Reading one document as a sync does: in the sandbox, under its limits, and what came of it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import perf_counter
from typing import Any, Final

import orjson

from aggregator.errors import SourceError
from aggregator.harvest import Batch, Draft, Refusal
from aggregator.sandbox.parent import CODES, Limits, Session
from benchmarks.scoreboard.families import address_of
from benchmarks.scoreboard.headers import BEGINNING, is_charset, served
from connectors.base import Document
from schema import Entity, Problem
from schema.codec import decode

ZONE: Final = "Europe/Berlin"
"""The zone of a source that says nothing else."""
RAISED: Final = re.compile(r"\w+(?: in [^,]+, line \d+)?")
"""How the sandbox names an exception of a connector: its kind and place, never its text."""
SLOW: Final = tuple(CODES[cause][1] for cause in ("time", "cpu"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """A document to be read: the source's zone, what HTTP says of the charset, and files that
    follow in the same document (several calendars in one)."""

    file: str
    zone: str = ZONE
    charset: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record that was understood."""

    key: str
    entity: Entity
    organisation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of a document. `failure` is why it could not be read to its end."""

    want: Want
    path: Path
    records: tuple[Record, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    findings: tuple[Problem, ...] = ()
    failure: Problem | None = None
    undecodable: int = 0
    """Records that came out and are none."""
    seconds: float = 0.0

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What kept the document or a record out."""
        refused = tuple(problem for refusal in self.refusals for problem in refusal.problems)
        return refused if self.failure is None else (self.failure, *refused)

    @property
    def hangs(self) -> int:
        """How often reading was ended because it took too long."""
        return sum(map(is_hang, self.problems))

    @property
    def crashes(self) -> int:
        """How often the reader raised what it should not, ran out of memory, or died."""
        return sum(map(is_crash, self.problems)) + self.undecodable

    def count(self, code: str) -> int:
        """How many findings and problems carry this code."""
        return sum(problem.code == code for problem in (*self.findings, *self.problems))

    def refused(self) -> list[tuple[Refusal, dict[str, Any]]]:
        """Refusals, each with what it was made of, as far as that is readable."""
        pairs = ((refusal, _raw(refusal.raw)) for refusal in self.refusals)
        return [(refusal, raw) for refusal, raw in pairs if raw is not None]


def is_hang(problem: Problem) -> bool:
    """Whether a problem says that reading took too long."""
    if problem.code == "record.crashed_reader":
        return problem.message.startswith(SLOW)
    return problem.code in {"document.limit_time", "document.limit_cpu"}


def is_crash(problem: Problem) -> bool:
    """Whether a problem says that the reader failed in a way it should not."""
    if problem.code == "document.unreadable":
        died = any(problem.message.startswith(CODES[why][1]) for why in ("crash", "killed"))
        return died or RAISED.fullmatch(problem.message) is not None
    if problem.code == "record.crashed_reader":
        return not is_hang(problem)
    return problem.code == "document.limit_memory"


async def read(session: Session, folder: Path, want: Want, limits: Limits) -> Reading:
    """Read a document in an open session."""
    began = perf_counter()
    with _document(folder, want) as document:
        batches, failure = await _understand(session, document, limits)
    drafts = [draft for batch in batches for draft in batch.drafts]
    records = tuple(filter(None, map(_record, drafts)))
    return Reading(
        want=want,
        path=folder / want.file,
        records=records,
        undecodable=len(drafts) - len(records),
        refusals=tuple(refusal for batch in batches for refusal in batch.refusals),
        findings=tuple(finding for batch in batches for finding in batch.findings),
        failure=failure,
        seconds=perf_counter() - began,
    )


@contextmanager
def _document(folder: Path, want: Want) -> Iterator[Document]:
    """The document as a snapshot would hold it."""
    path = folder / want.file
    with path.open("rb") as file:
        said = served(file.read(BEGINNING))
    with NamedTemporaryFile(prefix="allmende-") as joined:
        for also in (want.file, *want.also) if want.also else ():
            joined.write((folder / also).read_bytes() + b"\r\n")
        joined.flush()
        yield Document(
            path=joined.name if want.also else str(path),
            url=address_of(want.file),
            media_type=said.media_type,
            charset=want.charset if is_charset(want.charset) else said.charset,
        )


async def _understand(
    session: Session, document: Document, limits: Limits
) -> tuple[list[Batch], Problem | None]:
    batches: list[Batch] = []
    try:
        async for batch in session.read(document, limits):
            batches += [batch]
    except SourceError as error:
        return batches, error.problem
    return batches, None


def _record(draft: Draft) -> Record | None:
    assert isinstance(draft.body, bytes)
    try:
        entity = decode(draft.kind, draft.native_id, draft.body)
    except (ValueError, KeyError):
        return None
    name = draft.mention.name if draft.mention else None
    return Record(key=draft.raw_key, entity=entity, organisation=name)


def _raw(data: bytes) -> dict[str, Any] | None:
    try:
        raw = orjson.loads(data)
    except ValueError:  # cut
        return None
    return raw if isinstance(raw, dict) else None
