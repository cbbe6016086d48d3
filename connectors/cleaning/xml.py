"""Read XML strictly, over bytes that were scrubbed first. Bounded memory, no entities, no network.

One NUL, one Latin-1 byte or one `&#xD800;` would cost a whole document; a recovering parser would
report the end of documents that were cut. So what XML forbids becomes U+FFFD before a strict
parser sees it, and the end of the root is believed only when the strict parser saw it.
"""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, Final, cast

from lxml import etree
from lxml.etree import _Element

from connectors.base import Unreadable
from connectors.cleaning.encoding import encoding_of
from connectors.cleaning.pages import refusal
from schema import Level, Problem

CHUNK: Final = 65_536
LONGEST_REFERENCE: Final = 32
REPLACEMENT: Final = "\ufffd"

_DECLARED: Final = re.compile(
    rb"""^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']"""
)
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd\ufffe\uffff]")
_REFERENCE: Final = re.compile(r"&#(?:x([0-9A-Fa-f]{1,24})|([0-9]{1,24}));")
_ALLOWED: Final = (
    (0x9, 0xA, 0xD),
    range(0x20, 0xD800),
    range(0xE000, 0xFFFE),
    range(0x10000, 0x110000),
)
"""Characters of XML 1.0 (section 2.2)."""
_CONTROLS: Final = bytes(code for code in range(32) if code not in b"\t\n\r")
_FFFD_TO_FFFF: Final = b"\xef\xbf"
_NAME: Final = re.compile(r"<([^\s/><!?\"'=&;]{1,100})")
_DOCTYPE: Final = re.compile(r"<!DOCTYPE\s+([^\s\[>]{1,100})[^\[>]*([\[>])", re.IGNORECASE)


class Scrubber:
    """Iterates over a file's text as UTF-8 chunks in which XML forbids nothing.

    `replaced` counts what became U+FFFD, `first` is the offset (in characters) of the first one.
    """

    def __init__(self, file: BinaryIO, charset: str | None = None) -> None:
        self._file = file
        self._charset = charset
        self._passed = 0
        self.replaced = 0
        self.first: int | None = None

    def __iter__(self) -> Iterator[bytes]:
        """Clean chunks; a character reference is never cut in two."""
        held = ""
        for decoded in self._decoded():
            text = held + decoded
            cut = text.rfind("&", max(0, len(text) - LONGEST_REFERENCE))
            held = text[cut:] if cut >= 0 and ";" not in text[cut:] else ""
            yield self._clean(text[: len(text) - len(held)])
        if held:
            yield self._clean(held)

    def _decoded(self) -> Iterator[str]:
        chunk = self._file.read(CHUNK)
        declared = _DECLARED.match(chunk)
        name = encoding_of(chunk, self._charset, declared[1].decode() if declared else None)
        if declared and name.startswith(("utf-16", "utf-32")):
            name = "utf-8"  # the declaration could be read byte by byte
        decoder = codecs.getincrementaldecoder(name)(errors="replace")
        yield decoder.decode(chunk).lstrip()
        while chunk := self._file.read(CHUNK):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)

    def _clean(self, text: str) -> bytes:
        data = text.encode()
        if (
            len(data.translate(None, _CONTROLS)) != len(data)
            or _FFFD_TO_FFFF in data
            or b"&#" in data
        ):
            text = _REFERENCE.sub(self._refer, text)
            data = _FORBIDDEN.sub(self._replace, text).encode()
        self._passed += len(text)
        return data

    def _refer(self, reference: re.Match[str]) -> str:
        code = int(reference[1], 16) if reference[1] else int(reference[2])
        return reference[0] if any(code in allowed for allowed in _ALLOWED) else REPLACEMENT

    def _replace(self, found: re.Match[str]) -> str:
        self.replaced += 1
        if self.first is None:
            self.first = self._passed + found.start()
        return REPLACEMENT


class XmlReader:
    """One XML document, element by element.

    `root` is the root's name (None: no XML at all) and known at once; `ended` is true once the
    whole document was read and was well-formed to its last byte.
    """

    def __init__(self, file: BinaryIO, charset: str | None = None) -> None:
        self._scrubber = Scrubber(file, charset)
        self._chunks = iter(self._scrubber)
        self._first = next(self._chunks)
        self.root, self._declares = _prolog(self._first.decode())
        self.ended = False
        self.broken: str | None = None

    def expect(self, *roots: str) -> None:
        """Raise `Unreadable` unless the root is one of `roots` and declares no entities."""
        if self.root not in roots:
            wanted = " or ".join(f"<{root}>" for root in roots)
            raise refusal(self._first.decode(), wanted)
        if self._declares:
            raise _unreadable("document.unreadable", "a document type with declarations")

    def elements(self, *tags: str) -> Iterator[_Element]:
        """The root's children of these names, each gone from memory when the next is asked for.

        A document that is cut or not well-formed ends early: `ended` stays false.
        """
        parser = etree.XMLPullParser(
            events=("end",),
            tag=tags,
            encoding="utf-8",
            huge_tree=True,
            resolve_entities=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            parser.feed(self._first)
            yield from _children(parser)
            for chunk in self._chunks:
                parser.feed(chunk)
                yield from _children(parser)
            parser.close()
            self.ended = True
        except etree.XMLSyntaxError as error:
            self.broken = _unquoted(error)
        yield from _children(parser)

    def problems(self) -> Iterator[Problem]:
        """What was wrong with the document as a whole, once its elements were read."""
        if self._scrubber.replaced:
            what = f"{self._scrubber.replaced} replaced, the first at {self._scrubber.first}"
            yield Problem("document.scrubbed", "", what, Level.WARNING)
        if not self.ended:
            yield Problem("document.cut", "", self.broken or "")


def _children(parser: etree.XMLPullParser) -> Iterator[_Element]:
    for _, element in cast("Iterator[tuple[str, _Element]]", parser.read_events()):
        parent = element.getparent()
        if parent is None or parent.getparent() is not None:
            continue
        yield element
        element.clear()
        while element.getprevious() is not None:
            del parent[0]


def _prolog(head: str) -> tuple[str | None, bool]:
    """The root's name, and whether a document type declares something before it."""
    at = 0
    while True:
        at = len(head) - len(head[at:].lstrip())
        if head.startswith("<?", at):
            at = _behind(head, "?>", at)
        elif head.startswith("<!--", at):
            at = _behind(head, "-->", at)
        elif doctype := _DOCTYPE.match(head, at):
            if doctype[2] == "[":
                return doctype[1], True
            at = doctype.end()
        else:
            name = _NAME.match(head, at)
            return (name[1] if name else None), False


def _behind(head: str, end: str, at: int) -> int:
    found = head.find(end, at)
    return len(head) if found < 0 else found + len(end)


def _unquoted(error: etree.XMLSyntaxError) -> str:
    """What the parser says is wrong, without what it quotes of the document: a person may be named
    there."""
    said, quoting, _ = str(error.msg).partition("\n")
    line, column = error.position
    return f"{said.strip()}, line {line}, column {column}" if quoting else said


def _unreadable(code: str, message: str) -> Unreadable:
    return Unreadable(Problem(code, "", message))
