"""`/v1/changes`: everything that changed, in order, once each (Realtime Paged Data Exchange 1.0).

A reader follows `next` until a page is empty and `next` is the page's own address, then asks that
again later. `modified` is the change number. `epoch` names the counting: when it differs from the
one last seen, the numbers began anew and the reader starts again at the first page.
"""

from collections.abc import Iterable

import orjson
from aiohttp import web

from aggregator.queries.changes import Change, change_numbers, counting, read_changes
from api.caching import (
    CHANGES,
    asks_conditionally,
    full,
    is_known,
    not_modified,
    tag_of,
    validators,
)
from api.keys import LINKS, PAGES
from api.params import MOST, Query

PATH = "/v1/changes"


async def list_changes(request: web.Request, query: Query) -> web.Response:
    """A page of changes after a number."""
    pages = request.app[PAGES]
    after, limit = query.values.get("afterChangeNumber", 0), query.values.get("limit", MOST)
    count = await counting(pages)
    fixed = (count.epoch, count.view, request.query_string)
    if asks_conditionally(request):
        tag = tag_of((*fixed, await change_numbers(pages, after, limit)))
        if is_known(request, tag):
            return not_modified(validators(tag, CHANGES))
    changes = await read_changes(pages, after, limit)
    tag = tag_of((*fixed, tuple([change.number for change in changes])))
    links = request.app[LINKS]
    rest = {
        "next": links.absolute(PATH, _next(request, query, changes)),
        "epoch": count.epoch,
        "license": f"{links.public_url}#licences",
    }
    return full(_joined(changes, rest), validators(tag, CHANGES))


def _next(request: web.Request, query: Query, changes: tuple[Change, ...]) -> str:
    """The query of the next page; an empty page repeats its own, letter by letter."""
    if not changes:
        return request.rel_url.raw_query_string
    return query.but(afterChangeNumber=str(changes[-1].number))


def _joined(changes: Iterable[Change], rest: dict[str, str]) -> bytes:
    items = b",".join([_item(change) for change in changes])
    return b'{"items":[' + items + b"]," + orjson.dumps(rest)[1:]


def _item(change: Change) -> bytes:
    """One item. Kind and id are words of ours, so they are written as they are."""
    named = f'"kind":"{change.kind}","id":"{change.id}","modified":{change.number}'
    if change.document is None:
        return f'{{"state":"deleted",{named}}}'.encode()
    if change.previous_ids:
        named += f',"previousIds":{orjson.dumps(change.previous_ids).decode()}'
    return f'{{"state":"updated",{named},"data":'.encode() + change.document + b"}"
