"""Reading follows pages and details no further than it is good for, whatever a source says."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from aggregator.fetch.answers import Fetched, Validators
from aggregator.fetch.limits import Limits
from aggregator.harvest import Batch
from aggregator.reading import Gathered, Key, Memory, Reader
from aggregator.sandbox.parent import Opening, Session
from aggregator.sandbox.pool import Pool
from aggregator.store.records import Stored
from connectors.base import Document, Everything, Facts, Manifest, Request, UnlessKnown

SITE = "https://stadt.example/"
Follow = Callable[[Document], tuple[Request, ...]]
"""A page → what it leads to."""


class Told(Session):
    """A session over pages that say only where they lead."""

    def __init__(self, follow: Follow) -> None:
        super().__init__(Pool(1), Opening(connector="", settings={}, facts=Facts()))
        self.follow = follow
        self.partial = 0

    async def start(self, state: object) -> tuple[Request, ...]:
        return (Request(url=SITE),)

    async def know(self, known: object) -> None:
        pass

    async def read(self, document: Document, limits: Limits) -> AsyncGenerator[Batch, None]:
        self.partial += document.failure is not None
        following = self.follow(document)
        yield Batch(requests=following, complete=None if following else Everything())


class World:
    """Answers everything, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def fetch(
        self,
        request: Request,
        *,
        limits: Limits,
        validators: Validators | None = None,
        origin: str | None = None,
        robots: bool = False,
    ) -> Fetched:
        self.asked.append(request.url)
        return Fetched(url=request.url, status=200, path="/dev/null", sha256=request.url)


async def nothing_known() -> list[tuple[str, str, bytes]]:
    return []


async def nothing_stored() -> Mapping[Key, Stored]:
    return {}


@asynccontextmanager
async def nothing_kept(_: UnlessKnown) -> AsyncIterator[Document | None]:
    yield None


async def gather(
    session: Told, world: World, *, max_pages: int = 100, follow_up_budget: int = 500
) -> Gathered:
    gathered = Gathered()
    manifest = Manifest(
        name="told",
        version=1,
        titles={},
        kinds=("offer",),
        max_pages=max_pages,
        follow_up_budget=follow_up_budget,
    )
    reader = Reader(
        source="stadt",
        manifest=manifest,
        mapping=b"m",
        memory=Memory(),
        session=session,
        fetcher=world,
        know=nothing_known,
        stored=nothing_stored,
        replay=nothing_kept,
        progress=lambda _: None,
    )
    await reader.gather(gathered)
    return gathered


def page(number: int) -> Request:
    return Request(url=f"{SITE}{number}")


async def test_a_page_that_leads_back_ends_the_reading() -> None:
    world = World()
    session = Told(lambda document: (page(len(document.url) % 2),))
    gathered = await gather(session, world, max_pages=50)
    assert gathered.harvest.failed is not None
    assert gathered.harvest.failed.code == "source.repeated_page"
    assert len(world.asked) <= 3


async def test_pages_without_end_are_ended_at_the_cap() -> None:
    world = World()
    session = Told(lambda _: (page(len(world.asked)),) if len(world.asked) < 40 else ())
    gathered = await gather(session, world, max_pages=7)
    assert gathered.harvest.failed is not None
    assert gathered.harvest.failed.code == "source.too_many_pages"
    assert len(world.asked) == 7


def details(document: Document) -> tuple[Request, ...]:
    """The first page's twenty details."""
    if document.url != SITE:
        return ()
    wanted = (UnlessKnown(kind="offer", native_id=str(n), stamp="1") for n in range(20))
    return tuple(Request(url=f"{SITE}{each.native_id}", unless_known=each) for each in wanted)


async def test_details_are_asked_for_within_the_budget() -> None:
    world, session = World(), Told(details)
    gathered = await gather(session, world, follow_up_budget=6)
    assert len(world.asked) == 1 + 6
    assert (session.partial, gathered.harvest.details_failed) == (14, 14)
