"""Bytes → the components of calendars, without reading a single property. No I/O.

Lines are unfolded and line ends made one (RFC 5545, 3.1) by whole-document replacing, so that the
cost follows the size. Forgiving: a missing END closes where the next component begins, an END of
something that never began is passed over, a VEVENT may stand outside of any calendar.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from connectors.cleaning.encoding import encoding_of

_MARK: Final = re.compile(
    rb"\n[ \t]{0,8}(BEGIN|END|begin|end|Begin|End)[ \t]{0,8}:"
    rb"[ \t]{0,8}([A-Za-z-]{1,60})[ \t]{0,8}(?=\n)"
)
_TOP: Final = frozenset({b"VCALENDAR"})
_SIBLINGS: Final = frozenset({b"VEVENT", b"VTODO", b"VJOURNAL", b"VFREEBUSY", b"VTIMEZONE"})
"""Components that stand in a calendar and in nothing else."""
_KEPT_INSIDE: Final = frozenset({b"VLOCATION", b"STANDARD", b"DAYLIGHT"})
DEEPEST: Final = 8
"""Components within components that are told apart; nobody writes more than three."""
HEAD: Final = 131_072
"""Bytes by which an encoding is told."""


@dataclass(slots=True)
class Block:
    """A component of a calendar: its unfolded lines without BEGIN and END, each behind a line
    feed. `closed`: its END was there. `at` is its number in the document."""

    name: bytes
    body: bytes
    closed: bool
    at: int = 0


@dataclass(slots=True)
class Calendar:
    """One VCALENDAR: its own lines, and its components in their order. `whole`: it begins and
    ends as a calendar does."""

    lines: bytes = b""
    blocks: list[Block] = field(default_factory=list)
    whole: bool = False


@dataclass(slots=True)
class _Open:
    """A component whose END has not come: where its text goes on, and what of it is collected."""

    name: bytes
    start: int
    parts: list[bytes] = field(default_factory=list)

    def body(self) -> bytes:
        return b"".join(self.parts)


def normal(data: bytes, charset: str | None) -> bytes:
    """A document's bytes → its unfolded lines in UTF-8 (where it was UTF-16) or in whatever
    encoding it has, each between line feeds, without byte order mark."""
    name = encoding_of(data[:HEAD], charset, None)
    if name.startswith("utf-16"):
        data = data.decode(name, "replace").encode("utf-8", "replace")
    data = data.removeprefix(codecs.BOM_UTF8)
    returns = data.count(b"\r")
    if returns and returns == data.count(b"\r\n"):
        data = data.translate(None, b"\r")  # ten times as fast as replacing
    elif returns:
        for end in (b"\r\r\n", b"\r\n", b"\r"):
            data = data.replace(end, b"\n")
    if b"\x00" in data:
        data = data.replace(b"\x00", b"")
    return b"\n" + data.replace(b"\n ", b"").replace(b"\n\t", b"").strip(b"\n \t") + b"\n"


def has_calendar(text: bytes) -> bool:
    """Whether a calendar or an event begins anywhere in normal text."""
    return any(
        mark[1].upper() == b"BEGIN" and mark[2].upper() in (b"VCALENDAR", b"VEVENT")
        for mark in _MARK.finditer(text)
    )


def is_cut(text: bytes) -> bool:
    """Whether normal text ends in the middle of the line that would begin another calendar."""
    last = text.strip(b"\n").rpartition(b"\n")[2].strip().upper()
    return bool(last) and b"BEGIN:VCALENDAR".startswith(last)


def calendars(text: bytes) -> Iterator[Calendar]:
    """Normal text → its calendars, each when its end was seen."""
    splitter = _Splitter(text)
    for mark in _MARK.finditer(text):
        name = mark[2].upper()
        if mark[1] in (b"BEGIN", b"begin", b"Begin"):
            done = splitter.begin(name, mark)
        else:
            done = splitter.end(name, mark)
        if done is not None:
            yield done
    last = splitter.finish()
    if last is not None:
        yield last


class _Splitter:
    """Follows BEGIN and END lines through one text."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.stack: list[_Open] = []
        self.calendar: Calendar | None = None
        self.count = 0
        self.deeper = 0

    def begin(self, name: bytes, mark: re.Match[bytes]) -> Calendar | None:
        """A component begins → the calendar that ends with that, if any."""
        done = None
        if name in _TOP:
            done = self._closed(mark.start(), whole=False)
        elif name in _SIBLINGS:
            self._close_events(mark.start())
        if self.calendar is None:
            self.calendar = Calendar()
        if not self.deeper:
            self._take_up_to(mark.start())
        if len(self.stack) >= DEEPEST:
            self.deeper += 1
            return done
        self.stack.append(_Open(name, mark.end()))
        return done

    def end(self, name: bytes, mark: re.Match[bytes]) -> Calendar | None:
        """A component ends → the calendar that ends with that, if any."""
        if self.deeper and name not in _TOP | _SIBLINGS:
            self.deeper -= 1
            self.stack[-1].start = mark.end()
            return None
        self._surface(mark.start())
        depth = next(
            (n for n in range(len(self.stack), 0, -1) if self.stack[n - 1].name == name), 0
        )
        if not depth:
            self._take_up_to(mark.start())
            if self.stack:
                self.stack[-1].start = mark.end()
            return None
        if name in _TOP:
            return self._closed(mark.start(), whole=True)
        while len(self.stack) >= depth:
            self._pop(mark.start(), closed=len(self.stack) == depth)
        if self.stack:
            self.stack[-1].start = mark.end()
        return None

    def finish(self) -> Calendar | None:
        """The document ends → the calendar that was cut by that, if any."""
        return self._closed(len(self.text) - 1, whole=False)

    def _surface(self, at: int) -> None:
        """What lies deeper than is told apart ends here, unread."""
        if self.deeper:
            self.deeper = 0
            self.stack[-1].start = at

    def _take_up_to(self, end: int) -> None:
        if self.stack:
            inner = self.stack[-1]
            inner.parts.append(self.text[inner.start : end])
            inner.start = end

    def _close_events(self, at: int) -> None:
        """Components whose END is missing end where the next one begins."""
        self._surface(at)
        while self.stack and self.stack[-1].name not in _TOP:
            self._pop(at, closed=False)
            if self.stack:
                self.stack[-1].start = at

    def _pop(self, at: int, *, closed: bool) -> None:
        """The innermost component ends: it is one of the calendar's, or a part of another."""
        self._take_up_to(at)
        inner = self.stack.pop()
        outer = self.stack[-1] if self.stack else None
        if outer is not None and outer.name not in _TOP:
            if inner.name in _KEPT_INSIDE:
                outer.parts += (b"\nBEGIN:", inner.name, inner.body(), b"\nEND:", inner.name)
            outer.start = at
            return
        if inner.name in _SIBLINGS and self.calendar is not None:
            self.calendar.blocks.append(Block(inner.name, inner.body(), closed, self.count))
            self.count += 1

    def _closed(self, at: int, *, whole: bool) -> Calendar | None:
        """All that is open ends; the calendar is done."""
        self._surface(at)
        while self.stack and self.stack[-1].name not in _TOP:
            self._pop(at, closed=False)
            if self.stack:
                self.stack[-1].start = at
        calendar, self.calendar = self.calendar, None
        if self.stack:
            self._take_up_to(at)
            top = self.stack.pop()
            if calendar is not None:
                calendar.lines = top.body()
                calendar.whole = whole
        return calendar
