"""Makes the door of `/admin` when the application starts: reads the password behind its reference,
and the instance it is good for."""

import asyncio
import logging
from collections.abc import AsyncIterator

from aiohttp import web

from aggregator.configuring.secrets import look_up
from aggregator.queries.published import edition_of
from api.admin.door import door_of
from api.admin.session import Lock
from api.keys import DATABASE, DOOR, LINKS, SETTINGS

log = logging.getLogger(__name__)


async def hang_door(app: web.Application) -> AsyncIterator[None]:
    """Put the door into the application. A password that is not there leaves it shut."""
    reference = app[SETTINGS].admin.password
    lock = None if reference is None else await _lock(app, reference)
    app[DOOR] = door_of(app[SETTINGS], app[LINKS], lock)
    yield


async def _lock(app: web.Application, reference: str) -> Lock | None:
    password = look_up(reference)
    if password is None:
        log.error("/admin stays closed: %s leads to no password", reference)
        return None
    edition = await app[DATABASE].read(edition_of)
    return await asyncio.to_thread(Lock.of, password, edition.instance)
