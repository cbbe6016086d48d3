"""How the fake city sends an answer: well, wrongly, slowly, or not at all."""

import asyncio
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from aiohttp import web

from api.demo.faults import INSTEAD, STATUS, XML, Fault

DRIP_BYTES: Final = 64
DRIP_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How to answer: content type, what is wrong, whether with an ETag, whether compressed."""

    kind: str = XML
    fault: Fault | None = None
    validators: bool = False
    gzip: bool = True


async def answer(request: web.Request, good: bytes, manner: Manner) -> web.StreamResponse:
    """Send `good` in that manner; some faults send something else instead, or nothing."""
    if manner.fault is Fault.HANG:
        await asyncio.Event().wait()
    if manner.fault is Fault.DRIP:
        return await _drip(request, good, manner.kind)
    if manner.fault in INSTEAD:
        return _instead(manner.fault)
    response = web.Response(body=good, headers={"Content-Type": manner.kind})
    if manner.validators:
        stamp = sha256(good).hexdigest()[:16]
        if any(tag.value == stamp for tag in request.if_none_match or ()):
            return web.Response(status=304, headers={"ETag": f'"{stamp}"'})
        response.etag = stamp
    if manner.gzip:
        response.enable_compression()
    return response


def _instead(fault: Fault) -> web.Response:
    kind, text = INSTEAD[fault]
    headers = {"Content-Type": kind}
    headers |= {"Location": "/anmeldung"} if fault is Fault.REDIRECT else {}
    headers |= {"Retry-After": "120"} if fault is Fault.BUSY else {}
    return web.Response(body=text.encode(), status=STATUS.get(fault, 200), headers=headers)


async def _drip(request: web.Request, good: bytes, kind: str) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": kind})
    await response.prepare(request)
    for start in range(0, len(good), DRIP_BYTES):
        await response.write(good[start : start + DRIP_BYTES])
        await asyncio.sleep(DRIP_SECONDS)
    return response
