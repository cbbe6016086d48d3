"""`/static/<name>`: files that never change under their name. `/favicon.ico` leads to one."""

from typing import Final

from aiohttp import web

from api.caching import DAY, FOREVER, full, is_known, not_modified, tag_of, validators
from api.keys import LINKS, SITE
from api.params import Query
from api.problems import not_found

ICON: Final = "icon.svg"


async def show_icon(request: web.Request, _query: Query) -> web.Response:
    """To the icon that pages name: browsers ask for this address where no page names one."""
    icon = request.app[SITE].assets[ICON].served
    headers = {"Location": request.app[LINKS].local(f"/static/{icon}"), "Cache-Control": DAY}
    return web.Response(status=302, headers=headers)


async def show_static(request: web.Request, _query: Query) -> web.Response:
    """One static file of the pages."""
    asset = request.app[SITE].asset(request.match_info["name"])
    if asset is None:
        raise not_found()
    headers = validators(tag_of((asset.served,)), FOREVER)
    if is_known(request, headers["ETag"]):
        return not_modified(headers)
    return full(asset.content, headers, asset.media_type)
