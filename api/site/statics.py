"""`/static/<name>`: files that never change under their name."""

from aiohttp import web

from api.caching import FOREVER, full, is_known, not_modified, tag_of, validators
from api.keys import SITE
from api.params import Query
from api.problems import not_found


async def show_static(request: web.Request, _query: Query) -> web.Response:
    """One static file of the pages."""
    asset = request.app[SITE].asset(request.match_info["name"])
    if asset is None:
        raise not_found()
    headers = validators(tag_of((asset.served,)), FOREVER)
    if is_known(request, headers["ETag"]):
        return not_modified(headers)
    return full(asset.content, headers, asset.media_type)
