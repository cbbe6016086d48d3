"""How a list is answered: at its one address, and not as if all were well where it is not."""

from collections.abc import Mapping
from typing import Any, Protocol

from aiohttp import web

from api.caching import HTML, LIST, NEVER
from api.keys import LINKS, SITE
from api.site.answering import answered
from api.site.here import Here
from api.site.lists.reading import Reading


class Told(Protocol):
    """What is shown to a reader: in which language, where, and what was read of the question."""

    @property
    def reading(self) -> Reading:
        """The question, as far as it could be read."""

    @property
    def language(self) -> str:
        """The reader's language."""

    @property
    def here(self) -> Here:
        """Where the reader is."""


def tidied(request: web.Request, reading: Reading) -> web.Response | None:
    """A redirect to the address without the empty fields that a form sends along; None where
    there are none."""
    if not reading.untidy:
        return None
    path = request.app[LINKS].local(request.path)
    address = f"{path}?{reading.tidy}" if reading.tidy else path
    return web.Response(status=302, headers={"Location": address, "Cache-Control": LIST})


def given(
    request: web.Request, template: str, around: Told, values: Mapping[str, Any]
) -> web.Response:
    """The page. What could not be read makes it a 400 that says so, and that nobody keeps."""
    if not around.reading.faults:
        return answered(request, template, around.language, around.here, **values)
    html = request.app[SITE].render(template, around.language, here=around.here, **values)
    headers = {
        "Content-Type": HTML,
        "Content-Language": around.language,
        "Vary": "Accept-Language",
        "Cache-Control": NEVER,
    }
    return web.Response(status=400, body=html.encode(), headers=headers)
