"""`/v1` names everything that programs can begin with."""

from api.routes import ROUTES
from tests.api.asking import ask, inside, said
from tests.api.conftest import Client
from tests.api.seeding import PUBLIC_URL


async def test_the_root_leads_to_every_list_and_feed(face: Client) -> None:
    links = (await said(face, "/v1"))["links"]
    below = [each.path for each in ROUTES if each.path.startswith("/v1/") and "{" not in each.path]
    found = {inside(address, PUBLIC_URL) for address in links.values()}
    assert found == {"/v1", "/openapi.json", "/docs", *below}


async def test_the_root_is_kept_and_open_to_pages_of_others(face: Client) -> None:
    answer = await ask(face, "/v1")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = await ask(face, "/v1", If_None_Match=answer.headers["ETag"])
    assert again.status == 304
    assert (await ask(face, "/v1?a=1")).status == 400
