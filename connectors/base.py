"""The contract of a connector. It does no I/O: it says what to fetch and what it understood.

A connector may import `schema` and this package, nothing else of the house. `start`, `read` and
`map` run in a sandboxed child process: they see settings with secret *references*, one document
at a time, and no clock, no network, no database.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO, ClassVar, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from schema import Entity, Problem


class ConnectorSettings(BaseModel):
    """Base of every connector's settings: frozen, unknown names refused. The text under a setting
    is its description in the published JSON Schema; errors never show a value."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True
    )


S = TypeVar("S", bound=ConnectorSettings)


class Fetch:
    """Marks a setting that only steers fetching (base URL, key, limit, paging): changing it
    does not make stored records stale. Use as `Annotated[int, Fetch]`."""


class SecretRef:
    """Marks a setting that must be a secret reference: `env:NAME` or `file:/path`."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A reference (`env:NAME`, `file:/path`) that the pipeline replaces when it dials."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlessKnown:
    """Skip the request when the stored record (kind, native id) carries this stamp."""

    kind: str
    native_id: str
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Something to fetch. `tag` (JSON-able) comes back with the document. `query` values may be
    secrets. Follow-up requests must stay on the origin of the first one."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    query: tuple[tuple[str, str | Secret], ...] = ()
    headers: tuple[tuple[str, str | Secret], ...] = ()
    body: str | None = None
    tag: Any = None
    unless_known: UnlessKnown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One fetched answer: the file that holds its decoded bytes, and what HTTP said of it.

    `failure` is set (and `path` is None) when a follow-up request that carried `unless_known`
    could not be fetched: the connector then makes a partial Raw from `tag` alone.
    """

    path: str | None
    url: str
    media_type: str | None = None
    charset: str | None = None
    tag: Any = None
    failure: str | None = None

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The document's bytes from the start. Raises `ValueError` for a failed document."""
        if self.path is None:
            raise ValueError("a failed document has no bytes")
        with open(self.path, "rb") as file:
            yield file


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One record as the source sent it. `key` identifies the raw within the source ("" or None:
    unreadable), `stamp` is the source's own version mark. `data` is JSON-able; its volatile
    fields (manifest) are left out of the fingerprint."""

    key: str | None
    kind: str
    data: Mapping[str, Any]
    stamp: str | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """The source says this record is deleted; believed at once."""

    kind: str
    native_id: str


@dataclass(frozen=True, slots=True)
class Everything:
    """The listing names every record the source has."""


@dataclass(frozen=True, slots=True)
class Between:
    """The listing names every record that lies in [start, end)."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Complete:
    """What this listing is complete for. Not yielded = complete for nothing, removes nothing."""

    scope: Everything | Between


@dataclass(frozen=True, slots=True)
class Cursor:
    """State for the next `start` (JSON-able, at most 64 KiB)."""

    data: Any


Understood = Raw | Gone | Request | Complete | Cursor | Problem


class Unreadable(Exception):
    """The document is not what this connector reads. Carries `document.*` problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """Personal-field policy of a source. `fields` names the person-level fields that may be
    published (empty: none); `free_text` says what happens to private mail addresses and phone
    numbers in free text."""

    fields: tuple[str, ...] = ()
    free_text: Literal["mask", "keep"] = "mask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What mapping sees of the source besides the connector's settings."""

    language: str = "de"
    zone: str = "Europe/Berlin"
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Source word → category terms (`term` of the default scheme or `scheme:term`)."""
    climate: tuple[str, ...] | None = None
    categories: tuple[str, ...] = ()
    page_url: str | None = None
    """Template of the public page of a record; `{id}` is its native id."""
    personal: Personal = field(default_factory=Personal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a connector is. `version` counts up when its mapping changes: stored records are
    then mapped again. Limits: decoded bytes and seconds for one document. `robots`: its documents
    are pages made for people, so that a site's robots.txt has a say."""

    name: str
    version: int
    titles: Mapping[str, str]
    kinds: tuple[str, ...]
    volatile: frozenset[str] = frozenset()
    max_bytes: int = 20_000_000
    max_seconds: float = 30.0
    max_pages: int = 100
    follow_up_budget: int = 500
    robots: bool = False


class Connector(Protocol[S]):
    """What every connector offers. Instances hold no state."""

    manifest: ClassVar[Manifest]
    Settings: type[S]

    def start(self, settings: S, state: Any) -> Iterable[Request]:
        """Settings and the last cursor's data (or None) → first requests."""
        ...

    def read(self, document: Document, settings: S) -> Iterable[Understood]:
        """One document → what was understood, piece by piece. Raises `Unreadable` when the
        document is not of this connector's format."""
        ...

    def map(self, raw: Raw, settings: S, facts: Facts) -> Iterable[Entity | Problem]:
        """One raw → its entities, and findings about it (below ERROR) that only mapping can see.
        Raises `schema.Rejected` (or pydantic's ValidationError) when the record cannot be
        published."""
        ...
