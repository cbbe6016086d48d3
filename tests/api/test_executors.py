"""The raw executors say exactly what the same selects say on a Connection."""

from aiohttp import ClientResponse

from aggregator.queries import Database
from tests.api.asking import ask, inside, said
from tests.api.conftest import Client, Serve
from tests.api.core import core_pages
from tests.api.seeding import HOUR, NOW, PUBLIC_URL, add_event, changed_at, identity, remove, touch

SINCE = f"modified_since={changed_at(60).isoformat()[:19]}Z"


async def addresses(client: Client) -> list[str]:
    """An address for every shape of a hot read."""
    found = [f"/v1/offers?limit=20&{SINCE}", "/v1/offers?limit=20", "/v1/changes?limit=60"]
    for path in found[:2]:
        second = (await said(client, path))["links"]["next"]
        third = (await said(client, inside(second, PUBLIC_URL)))["links"]
        found += [inside(third[name], PUBLIC_URL) for name in ("next", "prev")]
    found += [f"/v1/offers/{identity('offer', n)}" for n in (1, 2, 3, 4)]
    found += ["/v1/offers", "/v1/organisations", "/v1/changes?afterChangeNumber=100"]
    return [*found, *await event_addresses(client)]


async def event_addresses(client: Client) -> list[str]:
    """An address for every order and filter of events."""
    found = [
        "from=now",
        "to=2027-01-01",
        "expand=occurrences",
        "modified_since=2026-11-01T00:00:00Z",
    ]
    for query in tuple(found):
        second = (await said(client, f"/v1/events?limit=3&{query}"))["links"]["next"]
        third = (await said(client, inside(second, PUBLIC_URL)))["links"]
        found += [inside(third[name], PUBLIC_URL).partition("?")[2] for name in ("next", "prev")]
    narrowed = ["status=scheduled", "near=06108", "bbox=11,51,13,52", "bbox=170,51,13,52", "q=a+b"]
    narrowed += ["category=energy", "category=unmapped", "source=agentur"]
    found += [f"{one}{order}" for one in narrowed for order in ("", "&from=now")]
    return [f"/v1/events?{query}" for query in found]


async def heard(answer: ClientResponse) -> tuple[int, bytes, dict[str, str]]:
    headers = {name: value for name, value in answer.headers.items() if name != "Date"}
    return answer.status, await answer.read(), headers


async def test_both_ways_of_reading_give_the_same_bytes(seeded: Database, serve: Serve) -> None:
    seeded.write_now(remove, "offer", 2, "withdrawn")
    seeded.write_now(remove, "offer", 3, "merged", 1)
    seeded.write_now(touch, "offer", 1)
    for number in range(1, 15):
        spans = [(NOW + n * HOUR, NOW + (n + 1) * HOUR) for n in range(number, number + 3)]
        seeded.write_now(add_event, number, *spans, lat=51.48, lon=11.97)
    raw, core = await serve(seeded), await serve(seeded, pages=core_pages)
    for path in await addresses(raw):
        for more in ({}, {"If_None_Match": '"other"'}):
            headers = {"Accept_Encoding": "identity", **more}
            answers = [await heard(await ask(client, path, **headers)) for client in (raw, core)]
            assert answers[0] == answers[1], path
