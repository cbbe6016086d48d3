"""What one run brought home: drafts and everything else a connector understood. No decisions.

Draft bodies beyond 16 MiB a run lie in an unlinked temporary file, so that a large source does
not stay in the worker's memory.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from tempfile import TemporaryFile
from typing import IO, Any

from connectors.base import Between, Everything, Request
from schema import Index, Level, Problem, canonical, digest, telling

SPOOL_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Spooled:
    """Where a body lies in the spool's file."""

    offset: int
    length: int


Body = bytes | Spooled


class Spool:
    """Keeps bodies: in memory up to `limit` bytes, then in an unlinked temporary file."""

    def __init__(self, limit: int = SPOOL_BYTES) -> None:
        self._left = limit
        self._file: IO[bytes] | None = None
        self._end = 0

    def put(self, body: bytes) -> Body:
        """Body → a handle for `get`."""
        if len(body) <= self._left:
            self._left -= len(body)
            return body
        self._left = 0
        self._file = self._file or TemporaryFile(prefix="allmende-")  # noqa: SIM115 - closed in close()
        self._file.seek(self._end)
        self._file.write(body)
        handle = Spooled(self._end, len(body))
        self._end += len(body)
        return handle

    def get(self, body: Body) -> bytes:
        """Handle → body bytes."""
        if isinstance(body, bytes):
            return body
        assert self._file is not None
        self._file.seek(body.offset)
        return self._file.read(body.length)

    def close(self) -> None:
        """Give the file's space back."""
        if self._file is not None:
            self._file.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """How a record names an organisation. `fold` is the folded name; `said` the canonical JSON
    of what the source states about the organisation."""

    native_id: str | None
    name: str
    fold: str
    said: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entity as the sandbox made it, checked and ready to be kept."""

    kind: str
    native_id: str
    raw_key: str
    fingerprint: bytes
    body: Body
    index: Index
    stamp: str | None = None
    mention: Mention | None = None
    partial: bool = False
    likeness: bytes | None = None
    """What it is recognised by under another id; None: its id alone."""
    digest: bytes = b""
    """Of body and mention; set when the harvest takes the draft in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A raw that did not become a record: goes to quarantine. `key` None = unreadable key."""

    kind: str
    key: str | None
    locator: str
    fingerprint: bytes | None
    problems: tuple[Problem, ...]
    raw: bytes
    """The raw as canonical JSON, cut to at most 64 KiB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one frame from the sandbox holds, in the order of reading."""

    drafts: tuple[Draft, ...] = ()
    same: tuple[tuple[str, str], ...] = ()
    """(kind, raw key) of raws whose fingerprint is known."""
    refusals: tuple[Refusal, ...] = ()
    findings: tuple[Problem, ...] = ()
    gone: tuple[tuple[str, str], ...] = ()
    requests: tuple[Request, ...] = ()
    complete: Everything | Between | None = None
    cursor: Any = None
    stages: dict[str, float] = field(default_factory=dict)
    """Seconds by stage (read, hash, map, dump), in the last batch of a document only."""


@dataclass(slots=True)
class Harvest:
    """All batches of a run, gathered. Mutable only while the run is reading."""

    spool: Spool = field(default_factory=Spool)
    drafts: list[Draft] = field(default_factory=list)
    same: list[tuple[str, str]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    findings: list[Problem] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)
    complete: Everything | Between | None = None
    cursor: Any = None
    failed: Problem | None = None
    """The first failure that makes the listing incomplete."""
    mapping: bytes | None = None
    """Digest of what mapped it: connector version and settings. None: not mapped now."""
    repeats: bool = False
    """The last complete listing, said again: nothing was read."""
    details_failed: int = 0
    documents: int = 0

    def add(self, batch: Batch) -> Iterable[Request]:
        """Take a batch in; what is left to do are its requests. A finding that is an error
        says that the listing is not whole."""
        self.drafts.extend(self._keep(draft) for draft in batch.drafts)
        self.same.extend(batch.same)
        self.refusals.extend(batch.refusals)
        self.findings.extend(batch.findings)
        errors = (finding for finding in batch.findings if finding.level is Level.ERROR)
        self.failed = self.failed or next(errors, None)
        self.gone.extend(batch.gone)
        self.complete = batch.complete or self.complete
        self.cursor = batch.cursor if batch.cursor is not None else self.cursor
        return batch.requests

    def _keep(self, draft: Draft) -> Draft:
        assert isinstance(draft.body, bytes)
        mark = digest(telling(draft.body), *_mention_parts(draft.mention))
        return replace(draft, digest=mark, body=self.spool.put(draft.body))


def _mention_parts(mention: Mention | None) -> tuple[bytes, ...]:
    if mention is None:
        return ()
    return (canonical([mention.native_id, mention.name]), mention.said or b"")
