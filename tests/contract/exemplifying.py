"""The examples of the OpenAPI document, asked of the town. Run as a module, it writes them anew:

uv run python -m tests.contract.exemplifying
"""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from aiohttp.test_utils import TestClient, TestServer

from aggregator.settings import ServiceSettings, Settings
from aggregator.store.database import Database
from aggregator.store.migrate import migrate
from api.app import make_app
from api.openapi.examples import FOLDER
from tests.api.conftest import Client
from tests.contract.asked import EXAMPLES, address
from tests.contract.world import PORTALS, World, settle
from tests.postgres import PUBLIC_URL


async def answered(client: Client, world: World) -> dict[str, bytes]:
    """File name → what the service answers now, as the file holds it."""
    found = {}
    for name, asked in EXAMPLES.items():
        answer = await client.get(address(asked, world), allow_redirects=False)
        body = await answer.read()
        if answer.content_type.endswith("json"):
            pretty = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
            found[f"{name}.json"] = orjson.dumps(orjson.loads(body), option=pretty)
        else:
            found[f"{name}.ics"] = body
    return found


async def _write(folder: Path) -> None:
    database = Database(f"sqlite:///{folder / 'town.db'}")
    database.write_now(migrate, PUBLIC_URL)
    world = settle(database)
    service = ServiceSettings(public_url=PUBLIC_URL, title="Klima in Halle")
    settings = Settings(service=service, portals=PORTALS)
    server = TestServer(make_app(database, settings, world.clock))
    async with TestClient(server) as client:
        for name, content in (await answered(client, world)).items():
            (FOLDER / name).write_bytes(content)
    database.close()


def main() -> None:
    """Write every example anew."""
    for path in FOLDER.iterdir():
        path.unlink()
    with TemporaryDirectory() as folder:
        asyncio.run(_write(Path(folder)))


if __name__ == "__main__":
    main()
