"""What the service answers is what its document says."""

from sqlalchemy.exc import OperationalError

from aggregator.settings import HttpSettings
from aggregator.store.database import Database
from api.openapi.examples import FOLDER
from tests.api.conftest import Client, Serve
from tests.api.failing import failing_pages
from tests.contract.asked import EXAMPLES, FURTHER, address
from tests.contract.exemplifying import answered
from tests.contract.judging import Contract, Told
from tests.contract.world import World

AWAY = OperationalError("SELECT 1", {}, Exception("gone"))
ASKED = (*EXAMPLES.values(), *FURTHER)


async def told(client: Client, path: str, method: str = "GET", **headers: str) -> Told:
    """One request → the answer as it came in."""
    answer = await client.request(method, path, headers=headers, allow_redirects=False)
    low = {name.lower(): value for name, value in answer.headers.items()}
    assert len(low) == len(answer.raw_headers), f"{path}: a header stands twice"
    return Told(status=answer.status, headers=low, body=await answer.read())


async def faults(contract: Contract, client: Client, path: str) -> list[str]:
    """What GET, HEAD and a conditional GET say of one address that the document does not."""
    plain, _, _ = path.partition("?")
    got, head = await told(client, path), await told(client, path, "HEAD")
    found = [*contract.faults(plain, got), *contract.faults(plain, head, bodiless=True)]
    if "etag" in got.headers:
        again = await told(client, path, **{"If-None-Match": got.headers["etag"]})
        assert again.status == 304, path
        found += contract.faults(plain, again)
    return found


async def test_every_answer_is_as_documented(
    town: Client, world: World, contract: Contract
) -> None:
    found = [
        f"{asked}: {fault}"
        for asked in ASKED
        for fault in await faults(contract, town, address(asked, world))
    ]
    assert found == []


async def test_every_documented_address_is_asked(world: World, contract: Contract) -> None:
    asked = {contract.template(address(each, world).partition("?")[0]) for each in ASKED}
    assert asked == set(contract.document["paths"])


async def test_an_answer_without_the_database_is_as_documented(
    database: Database, serve: Serve, contract: Contract
) -> None:
    client = await serve(database, pages=failing_pages(AWAY))
    answer = await told(client, "/v1/offers")
    assert answer.status == 503
    assert [*contract.faults("/v1/offers", answer)] == []


async def test_who_asks_too_often_is_told_so_as_documented(
    database: Database, world: World, serve: Serve, contract: Contract
) -> None:
    rate = HttpSettings(requests_per_minute=1, burst=1)
    client = await serve(database, clock=world.clock, http=rate)
    answers = [await told(client, "/v1/offers") for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 429]
    assert [*contract.faults("/v1/offers", answers[-1])] == []


async def test_who_takes_no_coding_is_told_so_as_documented(
    town: Client, contract: Contract
) -> None:
    answer = await told(town, "/v1/offers", **{"Accept-Encoding": "identity;q=0"})
    assert answer.status == 406
    assert [*contract.faults("/v1/offers", answer)] == []


async def test_what_may_not_be_done_is_as_documented(town: Client, contract: Contract) -> None:
    for path in contract.document["paths"]:
        answer = await told(town, path.replace("{", "").replace("}", ""), "POST")
        assert answer.status == 405
        assert [*contract.faults(path, answer)] == []


async def test_examples_are_what_is_answered_today(town: Client, world: World) -> None:
    kept = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    assert await answered(town, world) == kept, "write them anew: tests.contract.exemplifying"
