"""Ready bytes as an answer: head and body in one piece, without making headers anew each time."""

from collections.abc import Mapping

from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.helpers import rfc822_formatted_time
from aiohttp.http import HttpVersion10

TOGETHER = 256 * 1024
"""Up to so many bytes a body is copied behind its head, which saves a packet and a call."""


class Ready(web.StreamResponse):
    """An answer whose head (status line and headers, without the empty line) is made. `more` are
    headers of this one answer."""

    def __init__(self, status: int, head: bytes, body: bytes) -> None:
        super().__init__(status=status)
        self._head = head
        self._body_bytes = body
        self.more: Mapping[str, str] | None = None

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send it all."""
        self._keep_alive = keep = request.keep_alive
        body = b"" if request.method == hdrs.METH_HEAD else self._body_bytes
        more = b"" if self.more is None else _lines(self.more)
        if not keep:
            more += b"Connection: close\r\n"
        elif request.version == HttpVersion10:
            more += b"Connection: keep-alive\r\n"
        head = b"%sDate: %s\r\n%s\r\n" % (self._head, rfc822_formatted_time().encode(), more)
        writer = request.writer
        if len(body) <= TOGETHER:
            await writer.write_eof(head + body)
        else:
            await writer.write(head)
            await writer.write_eof(body)
        return writer

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing is left to be sent."""


def _lines(headers: Mapping[str, str]) -> bytes:
    return "".join([f"{name}: {text}\r\n" for name, text in headers.items()]).encode()
