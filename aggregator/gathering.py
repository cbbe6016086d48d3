"""Where a run's harvest comes from: the world, the documents kept of it, or the past.

Each way ends in the same harvest, which is compared, guarded and applied alike. Writes no row.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial

from aggregator.errors import Unfetchable
from aggregator.fetch.answers import Fetched, Validators
from aggregator.fetch.asking import Asking
from aggregator.fetch.limits import Limits
from aggregator.fetch.politeness import settled
from aggregator.fetch.snapshots import DamagedSnapshot, Snapshots
from aggregator.house import House
from aggregator.reading import Gathered, Key, Memory, Reader, about_detail, identity_of
from aggregator.runs import Cause, Progress
from aggregator.sandbox.parent import Opening
from aggregator.settings import SourceSettings
from aggregator.store import history, records
from aggregator.store.records import Stored
from aggregator.store.snapshots import KeptDocument, kept_answer, kept_detail
from aggregator.store.sources import recall
from connectors.base import Document, Manifest, Request, UnlessKnown
from connectors.registry import load
from schema import Problem

Say = Callable[[Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What gathering needs to know: whose harvest, and the digest of what mapping sees."""

    house: House
    source: SourceSettings
    mapping: bytes
    say: Say

    @property
    def manifest(self) -> Manifest:
        """The connector's, with the source's own limits where they are lower."""
        manifest, limits = load(self.source.connector).manifest, self.source.limits
        return replace(
            manifest,
            max_bytes=min(manifest.max_bytes, limits.max_bytes or manifest.max_bytes),
            max_seconds=min(manifest.max_seconds, limits.max_seconds or manifest.max_seconds),
            max_pages=min(manifest.max_pages, limits.max_pages or manifest.max_pages),
        )


Gather = Callable[[Visit, Gathered], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to a harvest. `judged`: whether the guard has a say; `pause`: the code of the
    problem that lets the source rest afterwards."""

    cause: Cause
    gather: Gather
    judged: bool = True
    pause: str | None = None

    @property
    def visits(self) -> bool:
        """Whether the source itself is asked."""
        return self.cause in (Cause.SCHEDULE, Cause.REQUEST)


async def from_the_world(visit: Visit, gathered: Gathered) -> None:
    """Ask the source. Raises `SourceError`."""
    memory = await visit.house.database.read(recall, visit.source.id)
    await _read(
        visit,
        gathered,
        Memory(
            state=memory.state,
            validators=tuple(memory.validators) if memory.complete_run is not None else (),
            current=memory.settings_hash == visit.mapping,
            moves=settled(memory.moves),
        ),
        visit.house.fetcher,
        know=lambda: visit.house.database.read(records.fingerprints, visit.source.id),
    )


async def from_kept_documents(visit: Visit, gathered: Gathered) -> None:
    """Read again what the source answered last, all of it, as if nothing of it were known.
    Raises `SourceError` when nothing was kept."""
    memory = await visit.house.database.read(recall, visit.source.id)
    kept = KeptAnswers(
        lambda asked: visit.house.database.read(kept_answer, visit.source.id, asked),
        visit.house.snapshots,
    )
    await _read(visit, gathered, Memory(state=None), kept, know=_nothing)
    read = [validators["sha256"] for validators in gathered.validators]
    still = read == [validators["sha256"] for validators in memory.validators]
    gathered.validators = memory.validators if still else []
    gathered.documents.clear()
    gathered.harvest.complete = None  # what is missing in an old answer was said before


def from_history(run: int) -> Gather:
    """What the source's records were before a run."""

    async def gather(visit: Visit, gathered: Gathered) -> None:
        gathered.harvest = await visit.house.database.read(history.before, visit.source.id, run)

    return gather


SCHEDULED = Way(cause=Cause.SCHEDULE, gather=from_the_world)
REQUESTED = Way(cause=Cause.REQUEST, gather=from_the_world)
REPLAY = Way(cause=Cause.REPLAY, gather=from_kept_documents)


def rollback_of(run: int) -> Way:
    """Take a run back. A person asked for just this, and the source rests, lest its next visit
    brings it all again."""
    return Way(
        cause=Cause.ROLLBACK, gather=from_history(run), judged=False, pause="run.rolled_back"
    )


async def _read(
    visit: Visit,
    gathered: Gathered,
    memory: Memory,
    asking: Asking,
    know: Callable[[], Awaitable[list[tuple[str, str, bytes]]]],
) -> None:
    source, house = visit.source, visit.house
    opening = Opening(connector=source.connector, settings=source.settings, facts=source.facts())
    async with house.sandbox.session(opening) as session:
        reader = Reader(
            source=source.id,
            manifest=visit.manifest,
            mapping=visit.mapping,
            memory=memory,
            session=session,
            fetcher=asking,
            know=know,
            stored=partial(_stored, visit, known=asking is house.fetcher),
            replay=lambda wanted: _replay(visit, wanted),
            progress=visit.say,
            reopen=partial(_reopen, house.snapshots),
        )
        await reader.gather(gathered)


async def _reopen(snapshots: Snapshots, sha256: str) -> str | None:
    try:
        return await snapshots.reopen(sha256)
    except (FileNotFoundError, DamagedSnapshot):
        return None


async def _nothing() -> list[tuple[str, str, bytes]]:
    return []


async def _stored(visit: Visit, *, known: bool) -> Mapping[Key, Stored]:
    """What the store has. Unless it counts as known, every kept detail is read again."""
    stored = await visit.house.database.read(records.stored_stamps, visit.source.id)
    if known:
        return stored
    return {key: replace(one, mapping=None) for key, one in stored.items()}


@asynccontextmanager
async def _replay(visit: Visit, wanted: UnlessKnown) -> AsyncIterator[Document | None]:
    house = visit.house
    kept = await house.database.read(
        kept_detail, visit.source.id, about_detail(wanted), wanted.stamp
    )
    async with AsyncExitStack() as stack:
        document = None
        if kept is not None:
            with suppress(FileNotFoundError, DamagedSnapshot):
                path = await stack.enter_async_context(house.snapshots.open_plain(kept.sha256))
                document = Document(
                    path=path, url=kept.url, media_type=kept.media_type, charset=kept.charset
                )
        yield document


class KeptAnswers:
    """Answers requests with the documents that were kept as their last answers."""

    def __init__(
        self, find: Callable[[str], Awaitable[KeptDocument | None]], snapshots: Snapshots
    ) -> None:
        self._find = find
        self._snapshots = snapshots

    async def fetch(
        self,
        request: Request,
        *,
        limits: Limits,
        validators: Validators | None = None,
        origin: str | None = None,
        robots: bool = False,
    ) -> Fetched:
        """The kept answer. Raises `Unfetchable` (source.not_kept)."""
        del limits, validators, origin, robots
        kept = await self._find(identity_of(request))
        if kept is None:
            raise _not_kept()
        path = await _reopen(self._snapshots, kept.sha256)
        if path is None:
            raise _not_kept()
        return Fetched(
            url=kept.url,
            status=200,
            path=path,
            sha256=kept.sha256,
            size=kept.size,
            media_type=kept.media_type,
            charset=kept.charset,
        )


def _not_kept() -> Unfetchable:
    return Unfetchable(Problem("source.not_kept", message="no answer to this request is kept"))
