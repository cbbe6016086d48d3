"""What can go wrong with an answer, and how a good one is spoiled. Bytes in, bytes out.

For tests of whoever reads the city: a fault is switched on until it is taken back. The neighbours'
calendar breaks by itself now and then.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

HUGE: Final = 10_000_000
SHRUNK_TO: Final = 3
XML: Final = "text/xml; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"


class Fault(StrEnum):
    """One way in which the list's answer is not as it should be."""

    FORBIDDEN = "forbidden"  # 403 with a JSON error, as with a wrong key
    FAILING = "failing"  # 500
    BUSY = "busy"  # 503 with Retry-After
    HANG = "hang"  # no answer at all
    DRIP = "drip"  # a byte now and then
    REDIRECT = "redirect"  # 302 to a login page
    LOGIN = "login"  # 200 with an HTML page
    XHTML = "xhtml"  # 200 with a page that parses as XML
    JSON_ERROR = "json_error"  # 200 with an error in JSON
    BLANK = "blank"  # 200 without a body
    EMPTY = "empty"  # a valid list of nothing
    CUT = "cut"  # a body that ends too early, with a fitting Content-Length
    SHRUNK = "shrunk"  # three offers where hundreds were
    LATIN_1 = "latin_1"  # one byte that is not UTF-8, in a title
    NUL = "nul"  # in a title
    VERTICAL_TAB = "vertical_tab"  # in a title
    SURROGATE = "surrogate"  # a character reference to a lone surrogate, in a title
    HUGE_TITLE = "huge_title"  # 10 MB
    DUPLICATE = "duplicate"  # the first offer comes a second time
    NO_ID = "no_id"  # the first offer without its id


STATUS: Final = {Fault.FORBIDDEN: 403, Fault.FAILING: 500, Fault.BUSY: 503, Fault.REDIRECT: 302}

LOGIN_PAGE: Final = (
    "<!DOCTYPE html><html lang=de><title>Anmeldung</title><p>Bitte melden Sie sich an."
    "<form><input name=user><input name=pass type=password></form></html>"
)
XHTML_PAGE: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="de"><head><title>Wartung</title></head>'
    "<body><p>Wir sind gleich wieder da.</p></body></html>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a spoiler must know of a document: how an entry and its title begin and end."""

    title: bytes
    """What stands right before the first entry's title."""
    entry: bytes
    end: bytes
    tail: bytes
    """What ends the document after its last entry."""
    number: bytes
    """A pattern for what names an entry."""
    nameless: bytes = b""
    """What stands there in an entry without a name."""


LIST: Final = Shape(
    title=b"<angebotsname>",
    entry=b"<angebot ",
    end=b"</angebot>",
    tail=b"</angebotsliste>",
    number=rb'<angebot angebotsId="\d+"',
    nameless=b"<angebot",
)
ICALENDAR: Final = Shape(
    title=b"\r\nSUMMARY:",
    entry=b"BEGIN:VEVENT\r\n",
    end=b"END:VEVENT\r\n",
    tail=b"END:VCALENDAR\r\n",
    number=rb"UID:[^\r]+\r\n(?: [^\r]+\r\n)*",
)
RSS_FEED: Final = Shape(
    title=b"<item>\n<title>",
    entry=b"<item>\n",
    end=b"</item>\n",
    tail=b"</channel>\n</rss>\n",
    number=rb"<guid[^>]*>[^<]*</guid>\n",
)


def error_body(status: int, message: str) -> str:
    """The JSON that the original's other interface answers with."""
    return json.dumps({"error": {"code": status, "message": message}})


INSTEAD: Final = {
    Fault.FORBIDDEN: ("application/json", error_body(403, "Forbidden")),
    Fault.FAILING: (HTML, "<h1>Internal Server Error</h1>"),
    Fault.BUSY: (HTML, "<h1>Service Unavailable</h1>"),
    Fault.REDIRECT: (HTML, ""),
    Fault.LOGIN: (HTML, LOGIN_PAGE),
    Fault.XHTML: (XML, XHTML_PAGE),
    Fault.JSON_ERROR: (XML, error_body(417, "Expectation Failed: agencyId")),
    Fault.BLANK: (XML, ""),
}
"""Faults that replace the answer: (content type, body)."""


Spoil = Callable[[bytes, int | None, Shape], bytes]


def _in_title(poison: bytes) -> Spoil:
    return lambda good, _, shape: good.replace(shape.title, shape.title + poison, 1)


def _empty(good: bytes, _: int | None, shape: Shape) -> bytes:
    return good[: good.index(shape.entry)] + shape.tail


def _cut(good: bytes, cut_at: int | None, _: Shape) -> bytes:
    return good[: len(good) // 2 if cut_at is None else cut_at]


def _shrunk(good: bytes, _: int | None, shape: Shape) -> bytes:
    return shape.end.join([*good.split(shape.end)[:SHRUNK_TO], shape.tail])


def _duplicate(good: bytes, _: int | None, shape: Shape) -> bytes:
    start, end = good.index(shape.entry), good.index(shape.end) + len(shape.end)
    return good[:end] + good[start:end] + good[end:]


def _no_id(good: bytes, _: int | None, shape: Shape) -> bytes:
    return re.sub(shape.number, shape.nameless, good, count=1)


SPOILS: Final[dict[Fault, Spoil]] = {
    Fault.EMPTY: _empty,
    Fault.CUT: _cut,
    Fault.SHRUNK: _shrunk,
    Fault.LATIN_1: _in_title("ü".encode("latin-1")),
    Fault.NUL: _in_title(b"\0"),
    Fault.VERTICAL_TAB: _in_title(b"\v"),
    Fault.SURROGATE: _in_title(b"&#xD800;"),
    Fault.HUGE_TITLE: _in_title(b"x" * HUGE),
    Fault.DUPLICATE: _duplicate,
    Fault.NO_ID: _no_id,
}
"""Faults that change a good document."""


def spoil(
    good: bytes, fault: Fault | None, cut_at: int | None = None, shape: Shape = LIST
) -> bytes:
    """A good document → the same with the fault; `cut_at` says after how many bytes CUT ends."""
    return SPOILS[fault](good, cut_at, shape) if fault in SPOILS else good
