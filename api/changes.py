"""`/v1/changes`: everything that changed, in order, once each (Realtime Paged Data Exchange 1.0).

A reader follows `next` until a page is empty and `next` is the page's own address, then asks that
again later. `modified` is the change number. `epoch` names the counting: when it differs from the
one last seen, the numbers began anew and the reader starts again at the first page.
"""

import orjson
from aiohttp import web

from aggregator.queries.changes import Changes, Named, counting, read_changes, read_reach
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
from schema.formats.json import ID, KIND, KIND_SAID

PATH = "/v1/changes"
QUOTE = b'"'


async def list_changes(request: web.Request, query: Query) -> web.Response:
    """A page of changes after a number."""
    pages = request.app[PAGES]
    after, limit = query.values.get("afterChangeNumber", 0), query.values.get("limit", MOST)
    count = await counting(pages)
    fixed = (count.epoch, count.view, request.query_string)
    if asks_conditionally(request):
        tag = tag_of((*fixed, await read_reach(pages, after, limit)))
        if is_known(request, tag):
            return not_modified(validators(tag, CHANGES))
    changes = await read_changes(pages, after, limit)
    tag = tag_of((*fixed, changes.reach))
    links = request.app[LINKS]
    rest = {
        "next": links.absolute(PATH, _next(request, query, changes.reach.last)),
        "epoch": count.epoch,
        "license": f"{links.public_url}#licences",
    }
    return full(_joined(changes, rest), validators(tag, CHANGES))


def _next(request: web.Request, query: Query, last: int | None) -> str:
    """The query of the next page; an empty page repeats its own, letter by letter."""
    if last is None:
        return request.rel_url.raw_query_string
    return query.but(afterChangeNumber=str(last))


def _joined(changes: Changes, rest: dict[str, str]) -> bytes:
    """The page. Hundreds of documents are joined once, as they are, with what stands before each:
    no other copy is made of them."""
    count = len(changes.numbers)
    pieces = [b'{"items":['] + [b""] * (2 * count) + [b"],", orjson.dumps(rest)[1:]]
    if count:
        heads = _heads(changes)
        heads[0] = heads[0].removeprefix(b"},")
        pieces[1:-2:2] = heads
        pieces[2:-2:2] = [said or b"" for said in changes.documents]
        pieces[-2] = b"}],"
    return b"".join(pieces)


def _heads(changes: Changes) -> list[bytes]:
    """What stands before each document, and ends the item before it. Nearly all are alike, so they
    are made in one go; a document says itself what it is of."""
    rows = zip(changes.numbers, changes.documents, strict=True)
    if changes.gone or changes.previous:
        return [_head(number, said, changes) for number, said in rows]
    return [
        b'},{"state":"updated",%b,%b,"modified":%d,"data":'
        % (said[KIND : said.index(QUOTE, KIND_SAID) + 1], said[ID], number)
        for number, said in rows
        if said is not None
    ]


def _head(number: int, said: bytes | None, changes: Changes) -> bytes:
    if said is None:
        return _deleted(number, changes.gone[number])
    previous = changes.previous.get(number)
    kind = said[KIND : said.index(QUOTE, KIND_SAID) + 1]
    earlier = b"" if previous is None else b',"previousIds":' + orjson.dumps(previous)
    before = (kind, said[ID], number, earlier)
    return b'},{"state":"updated",%b,%b,"modified":%d%b,"data":' % before


def _deleted(number: int, named: Named) -> bytes:
    """Kind and id are words of ours, so they are written as they are."""
    what = f'"kind":"{named.kind}","id":"{named.id}","modified":{number}'
    return f'}},{{"state":"deleted",{what}'.encode()
