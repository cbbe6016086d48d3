"""What can go wrong with an answer, and how a good one is spoiled. Bytes in, bytes out.

For tests of whoever reads the city: a fault is switched on for all lists until it is taken back.
"""

import json
from collections.abc import Callable
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
TITLE: Final = b"<angebotsname>"
OFFER: Final = b"<angebot "
END: Final = b"</angebot>"


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


def _in_title(poison: bytes) -> Callable[[bytes, int | None], bytes]:
    return lambda good, _: good.replace(TITLE, TITLE + poison, 1)


def _empty(good: bytes, _: int | None) -> bytes:
    return good[: good.index(OFFER)].rstrip() + b"</angebotsliste>"


def _cut(good: bytes, cut_at: int | None) -> bytes:
    return good[: len(good) // 2 if cut_at is None else cut_at]


def _shrunk(good: bytes, _: int | None) -> bytes:
    return END.join([*good.split(END)[:SHRUNK_TO], b"</angebotsliste>"])


def _duplicate(good: bytes, _: int | None) -> bytes:
    start, end = good.index(OFFER), good.index(END) + len(END)
    return good[:end] + good[start:end] + good[end:]


def _no_id(good: bytes, _: int | None) -> bytes:
    start = good.index(OFFER)
    return good[:start] + b"<angebot" + good[good.index(b">", start) :]


SPOILS: Final[dict[Fault, Callable[[bytes, int | None], bytes]]] = {
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
"""Faults that change a good list."""


def spoil(good: bytes, fault: Fault | None, cut_at: int | None = None) -> bytes:
    """A good list → the list with the fault; `cut_at` says after how many bytes CUT ends."""
    return SPOILS[fault](good, cut_at) if fault in SPOILS else good
