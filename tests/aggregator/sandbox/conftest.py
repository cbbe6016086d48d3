"""Sandboxes of one child, and documents of the odd connector."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest
import pytest_asyncio

from aggregator.errors import SourceError
from aggregator.harvest import Batch, Draft, Refusal
from aggregator.sandbox.parent import Limits, Opening, Sandbox, Session
from connectors.base import Document, Facts
from schema import Problem
from tests.aggregator.sandbox.odd import NAME

LIMITS = Limits(max_bytes=1_000_000, max_seconds=20)
OPENING = Opening(connector=NAME, settings={}, facts=Facts())
Write = Callable[..., Document]


@dataclass
class Heard:
    """Everything a session said of a document."""

    batches: list[Batch] = field(default_factory=list)
    error: SourceError | None = None

    @property
    def drafts(self) -> list[Draft]:
        return [draft for batch in self.batches for draft in batch.drafts]

    @property
    def refusals(self) -> list[Refusal]:
        return [refusal for batch in self.batches for refusal in batch.refusals]

    @property
    def same(self) -> list[tuple[str, str]]:
        return [key for batch in self.batches for key in batch.same]

    @property
    def findings(self) -> list[Problem]:
        return [problem for batch in self.batches for problem in batch.findings]

    @property
    def keys(self) -> list[str]:
        return [draft.raw_key for draft in self.drafts]

    @property
    def code(self) -> str | None:
        return self.error.problem.code if self.error else None


async def hear(session: Session, document: Document, limits: Limits = LIMITS) -> Heard:
    heard = Heard()
    try:
        async for batch in session.read(document, limits):
            heard.batches.append(batch)
    except SourceError as error:
        heard.error = error
    return heard


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[Sandbox]:
    """For tests that leave its child alive; they share the module's event loop."""
    async with Sandbox(1) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def session(shared: Sandbox) -> AsyncIterator[Session]:
    """A session in the shared sandbox."""
    async with shared.session(OPENING) as opened:
        yield opened


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(1) as opened:
        yield opened


@pytest.fixture
async def fragile(sandbox: Sandbox) -> AsyncIterator[Session]:
    """A session whose child may die."""
    async with sandbox.session(OPENING) as opened:
        yield opened


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Lines → a document of them."""

    def write(*lines: dict[str, Any], name: str = "document") -> Document:
        path = tmp_path / name
        path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
        return Document(path=str(path), url="https://odd.example/")

    return write


def offers(count: int, start: int = 0, **more: Any) -> list[dict[str, Any]]:
    return [{"key": str(number), **more} for number in range(start, start + count)]
