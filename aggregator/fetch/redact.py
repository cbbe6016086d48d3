"""The one redactor: what leaves this process as text passes here. It knows no sink.

Two nets: what carries secrets by its form (`accessKey=…`, `"token": "…"`, userinfo in addresses,
calendars' private addresses), and the values that were resolved in this process, wherever they
turn up. Every pattern is linear.
"""

import logging
import re
from collections.abc import Callable
from typing import Any, Final

MASK: Final = "***"
SHORTEST: Final = 6
"""Values shorter than this are not searched for: they would mask ordinary words."""

_STRONG = re.compile(
    r"access_?key|api[_-]?key|token|passw|pwd|secret|signature|authorization|cookie", re.IGNORECASE
)
_WEAK = frozenset({"key", "sig", "auth", "pass"})
_WHOLE_LINE = re.compile(r"authorization|cookie", re.IGNORECASE)

_LABEL = re.compile(
    r"(?<![\w-])(?P<name>[\w-]++)(?P<shut>\\?[\"']?)\s?"
    r"(?P<sign>[=:,]|%(?:25)*+3D|&\#0*61;)\s?(?P<open>\\?[\"'])?",
    re.IGNORECASE,
)
_REFERENCE = r"(?!env:[A-Za-z_]|file:/)"
_VALUES: Final = {
    '"': re.compile(rf"{_REFERENCE}(?:[^\"\r\n\\]|\\.)++"),
    "'": re.compile(rf"{_REFERENCE}(?:[^'\r\n\\]|\\.)++"),
    '\\"': re.compile(rf"{_REFERENCE}[^\"\r\n\\]++"),
    "\\'": re.compile(rf"{_REFERENCE}[^'\r\n\\]++"),
    "": re.compile(rf"{_REFERENCE}[^\s&\"'<>#;,)\]}}|\\=]++"),
    "line": re.compile(r"[^\r\n\"'<>\\]++"),
}
_ELEMENT = re.compile(r"(<(?:\w++:)?([\w-]++)[^<>]*+>(?:<!\[CDATA\[)?+)([^<>\]]++)")
_SECRET_ADDRESS = re.compile(r"(/private-)[0-9a-f]{8,128}(?![\w-])", re.IGNORECASE)
"""A part of a path by which whoever knows it reads a calendar, as Google makes it."""
_USERINFO = re.compile(r"(?<![\w+.-])([a-z][a-z0-9+.-]{0,20}://)[^\s/?#\"'<>]*@", re.IGNORECASE)


class _Resolved:
    """The secret values this process has resolved, as one pattern over their spellings."""

    def __init__(self) -> None:
        self.values: set[str] = set()
        self.pattern: re.Pattern[str] | None = None

    def add(self, secret: str) -> None:
        self.values.add(secret)
        longest_first = sorted(self.values, key=len, reverse=True)
        spelled = ("".join(map(_spellings, value)) for value in longest_first)
        self.pattern = re.compile("|".join(spelled), re.IGNORECASE)


_resolved: Final = _Resolved()


def remember(secret: str) -> None:
    """From now on mask this value in every text, plain or quoted as in an address."""
    if len(secret) >= SHORTEST and secret not in _resolved.values:
        _resolved.add(secret)


def _spellings(letter: str) -> str:
    """A pattern for one letter as it may stand in an address, however often quoted."""
    if letter.isascii() and letter.isalnum():
        return letter
    quoted = "".join(f"%(?:25)*+{byte:02X}" for byte in letter.encode())
    return rf"(?:{re.escape(letter)}|{quoted}{'|[+]' if letter == ' ' else ''})"


def redact(text: str) -> str:
    """Text → the same text with every secret replaced by `***`. References (`env:NAME`,
    `file:/path`) stay, so that a message can name them."""
    if _resolved.pattern is not None:
        text = _resolved.pattern.sub(MASK, text)
    text = _USERINFO.sub(rf"\1{MASK}@", text)
    text = _SECRET_ADDRESS.sub(rf"\1{MASK}", text)
    return _ELEMENT.sub(_mask_element, _mask_labelled(text))


def _mask_labelled(text: str) -> str:
    parts, done = [], 0
    for label in _LABEL.finditer(text):
        value = _value_of(label, text) if label.start() >= done else None
        if value is not None:
            parts += [text[done : value.start()], MASK]
            done = value.end()
    return "".join([*parts, text[done:]])


def _value_of(label: re.Match[str], text: str) -> re.Match[str] | None:
    """A label → the secret that follows it, if its name is one that carries secrets."""
    name, sign, opened = label["name"], label["sign"], label["open"] or ""
    strong = _STRONG.search(name) is not None
    if not strong and name.lower() not in _WEAK:
        return None
    if opened:
        return _VALUES[opened].match(text, label.end())
    if sign == "," or label["shut"] or (sign == ":" and not strong):
        return None
    whole_line = sign == ":" and _WHOLE_LINE.search(name)
    return _VALUES["line" if whole_line else ""].match(text, label.end())


def _mask_element(element: re.Match[str]) -> str:
    start, name = element[1], element[2]
    secret = _STRONG.search(name) is not None or name.lower() in _WEAK
    return f"{start}{MASK}" if secret else element[0]


class RedactingFilter(logging.Filter):
    """Passes every log record, after replacing message, traceback and stack by redacted text."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the record in place; it is always kept."""
        record.msg, record.args = redact(_message(record)), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        record.exc_info = None
        record.exc_text = redact(record.exc_text) if record.exc_text else None
        record.stack_info = redact(record.stack_info) if record.stack_info else None
        return True


class _RedactedRecords:
    """A log record factory that redacts what another one makes."""

    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self._make = make
        self._filter = RedactingFilter()

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._make(*args, **kwargs)
        self._filter.filter(record)
        return record


def redact_logging() -> None:
    """Redact every log record of this process where it is made, whichever handler it reaches."""
    make = logging.getLogRecordFactory()
    if not isinstance(make, _RedactedRecords):
        logging.setLogRecordFactory(_RedactedRecords(make))


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # logging would print the arguments as they are
        return f"{record.msg} (does not fit its arguments)"
