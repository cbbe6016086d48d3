"""The envelope of every list, as in OParl 1.1: `data`, `pagination`, `links`. Bodies are joined as
the bytes they are kept as, and parsed only where some of their members are asked for."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from aggregator.queries.wanted import Page, Total
from api.cursors import Cursor
from api.params import Query

ALWAYS: Final = ("id", "kind", "self")
"""Members that every entry has, whatever is asked for."""


@dataclass(frozen=True, slots=True)
class Pagination:
    """How many entries the whole list has and how many fit on a page."""

    total: Total
    limit: int

    def said(self) -> dict[str, Any]:
        """As the envelope shows it."""
        least = {"totalIsMinimum": True} if self.total.at_least else {}
        return {"totalElements": self.total.n, **least, "elementsPerPage": self.limit}


def enveloped(
    bodies: Iterable[bytes],
    pagination: Pagination,
    links: Mapping[str, str],
    **more: object,
) -> bytes:
    """JSON bytes of the whole answer; `bodies` are JSON objects."""
    rest = orjson.dumps({"pagination": pagination.said(), "links": links, **more})
    begin, end = b'{"data":[', b"]," + rest[1:]
    pieces = list(bodies)
    if not pieces:
        return begin + end
    pieces[0] = begin + pieces[0]
    pieces[-1] += end
    return b",".join(pieces)  # the whole is copied once


def narrowed(bodies: Iterable[bytes], names: Collection[str] | None) -> Iterable[bytes]:
    """Bodies with only these members, and what says which entry it is; None: all. Parses each."""
    if names is None:
        return bodies
    kept = {*ALWAYS, *names}
    parsed = (orjson.loads(body) for body in bodies)
    return [orjson.dumps({name: b[name] for name in b if name in kept}) for b in parsed]


def neighbours(page: Page, query: Query, epoch: str) -> dict[str, str]:
    """The queries of the pages beside this one: `next` and `prev`, as far as there are any."""
    here: Cursor | None = query.values.get("cursor")
    backwards = here is not None and here.position.back
    found: dict[str, str] = {}
    if page.last is not None and (page.more or backwards):
        found["next"] = query.on(str(Cursor(epoch, page.last)))
    if page.first is not None and here is not None and (page.more or not backwards):
        before = replace(page.first, back=True)
        found["prev"] = query.on(str(Cursor(epoch, before)))
    return found


def link_header(links: Mapping[str, str]) -> str:
    """The links once more, for clients that read headers (RFC 8288)."""
    return ", ".join(f'<{address}>; rel="{relation}"' for relation, address in links.items())
