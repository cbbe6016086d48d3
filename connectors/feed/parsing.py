"""A feed's bytes through feedparser's parsers, with their weak spots closed. Maps nothing.

`feedparser.parse` is not called: given a text it opens files and addresses. Its two parsers are
fed here, the strict one first, with bytes whose encoding is settled and in which XML forbids
nothing. A document is `whole` where the strict parser saw its end; feedparser's `bozo` is no
verdict. Cleaning HTML is left to `finish`: it does it for every connector, and much faster.
"""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO, Final
from xml.sax import SAXException, make_parser
from xml.sax.handler import feature_external_ges, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl, InputSource

from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.util import FeedParserDict

from connectors.base import Unreadable
from connectors.cleaning.pages import refusal
from connectors.cleaning.xml import Scrubber, XmlReader
from schema import Level, Problem

WANTED: Final = "a feed"
ROOTS: Final = frozenset({"rss", "feed", "rdf", "channel", "entry"})
MOST_ATTRIBUTES: Final = 200
OURS: Final = "allmende"
"""Prefix of the entry's fields that `FIELDS` names."""
CLOSED: Final = "closed"
"""Set on each entry whose end was seen."""

_START: Final = "dtstart startdate start start_date start-date eventstart event_start begin"
_END: Final = "enddate end end_date end-date eventend event_end"
FIELDS: Final = {
    **dict.fromkeys(_START.split(), "start"),
    **dict.fromkeys(_END.split(), "end"),
    "dtend": "dtend",
    **dict.fromkeys(("starttime", "start_time", "start-time"), "starttime"),
    **dict.fromkeys(("endtime", "end_time", "end-time"), "endtime"),
    **dict.fromkeys(("location", "venue"), "place"),
    **dict.fromkeys(("organizer", "organiser"), "organizer"),
    "eventstatus": "status",
    "status": "status",
}
"""Local names of what only events have, in the event module of RSS 1.0, in xCal and in what people
made up, and what they say. feedparser drops the text of such an element if it has attributes."""

_ROOT: Final = re.compile(rb"<\w")
_DOCTYPE: Final = re.compile(
    rb"<!DOCTYPE[^\[<>]{0,500}(?:\[([^\]]{0,4000})\]\s{0,10})?>", re.IGNORECASE
)
_ENTITY: Final = re.compile(
    rb"<!ENTITY\s{1,10}([\w.-]{1,50})\s{1,10}"
    rb"(?:\"((?:[^&%<\"]|&#\w{1,8};){0,200})\"|'((?:[^&%<'\"]|&#\w{1,8};){0,200})')\s{0,10}>"
)
_TAIL: Final = 4_096
"""Bytes from the end in which the root's end is looked for."""
_WHITE: Final = b" \t\r\n"
_BROKEN: Final = (
    *(SAXException, ValueError, LookupError, TypeError, AttributeError, AssertionError),
    RecursionError,
)
"""What feedparser's parsers raise over documents that nobody meant them to read."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What feedparser understood: the feed's own fields, its entries, and the `version` of the
    format (`rss20`, `atom10` …). `whole`: the document was well-formed to its end. `problems`:
    what was wrong with the document."""

    feed: Any
    entries: list[Any]
    version: str
    whole: bool
    problems: tuple[Problem, ...]


_Flat: Final[Any] = type(
    "_Flat", (FeedParserDict,), {"__deepcopy__": lambda self, _: FeedParserDict(self)}
)


class _Guard:
    """What is laid over both of feedparser's parsers."""

    contentparams: Any
    entries: list[Any]
    inentry: int
    incontent: int

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        """An element begins: those of events keep their text, whatever attributes they have."""
        parent: Any = super()
        field = self._field(tag)
        if field is None:
            parent.unknown_starttag(tag, attrs)
            return
        zone = next((value for name, value in attrs if name.lower() == "tzid"), None)
        if zone:
            self.entries[-1][f"{OURS}_tzid"] = zone
        parent.unknown_starttag(field, [])

    def unknown_endtag(self, tag: str) -> None:
        """An element ends, and with it perhaps an entry."""
        parent: Any = super()
        parent.unknown_endtag(self._field(tag) or tag)
        if tag in ("item", "entry") and self.entries:
            self.entries[-1][CLOSED] = True

    def _field(self, tag: str) -> str | None:
        if not self.inentry or self.incontent:
            return None
        field = FIELDS.get(tag.rpartition(":")[2])
        return f"{OURS}:{field}" if field else None

    def push_content(self, tag: str, attrs: dict[str, str], kind: str, text: int) -> None:
        """A text begins. What is known of it is flat, and is copied as such: it is copied often."""
        parent: Any = super()
        parent.push_content(tag, attrs, kind, text)
        self.contentparams = _Flat(self.contentparams)

    def _sync_author_detail(self, key: str = "author") -> None:
        """Nobody's mail address is looked for: persons are never published, and the search takes
        time that grows with the square of a name's length."""

    def _start_media_description(self, attrs: dict[str, str]) -> None:
        """A picture's caption is not the entry's text."""
        del attrs
        parser: Any = self
        parser.push("media_description", 1)

    def _end_media_description(self) -> None:
        parser: Any = self
        parser.pop("media_description")


class _StrictGuard(_Guard):
    """What is laid over the strict parser alone."""

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802 - SAX
        """Each attribute is looked for among all: of an element with thousands none is kept."""
        parent: Any = super()
        kept = attrs if len(attrs) <= MOST_ATTRIBUTES else AttributesNSImpl({}, {})
        parent.startElementNS(name, qname, kept)


_Strict: Final = type("_Strict", (_StrictGuard, StrictFeedParser), {})
_Loose: Final = type("_Loose", (_Guard, LooseFeedParser), {})


def parsed(file: BinaryIO, charset: str | None) -> Parsed:
    """A document's bytes and HTTP's charset → what feedparser understands of them. Raises
    `Unreadable` for what is no feed."""
    scrubber = Scrubber(file, charset)
    data = b"".join(scrubber)
    root = _root_of_feed(data)
    problems = []
    if scrubber.replaced:
        what = f"{scrubber.replaced} replaced, the first at {scrubber.first}"
        problems.append(Problem("document.scrubbed", "", what, Level.WARNING))
    data, entities = _without_doctype(data)
    parser, why = _strictly(data)
    if why is None:
        return _parsed(parser, parser.entries, problems, whole=True)
    parser = _loosely(data, entities)
    entries = parser.entries
    if f"</{root}>".encode() in data[-_TAIL:].translate(None, _WHITE):
        problems.append(Problem("document.malformed", "", why, Level.WARNING))
    else:
        problems.append(Problem("document.cut", "", why))
        entries = entries if not entries or entries[-1].get(CLOSED) else entries[:-1]
    return _parsed(parser, entries, problems, whole=False)


def _parsed(parser: Any, entries: list[Any], problems: list[Problem], *, whole: bool) -> Parsed:
    return Parsed(parser.feeddata, entries, parser.version, whole, tuple(problems))


def _root_of_feed(data: bytes) -> str:
    """The name of a feed's root element. Raises `Unreadable` where it is none of a feed."""
    root = XmlReader(BytesIO(data), "utf-8").root
    if root is None or root.rpartition(":")[2].lower() not in ROOTS:
        raise refusal(data, WANTED, "utf-8")
    return root


def _without_doctype(data: bytes) -> tuple[bytes, dict[str, str]]:
    """A document whose type declares nothing but harmless entities, and these. Raises `Unreadable`
    for a type that cannot be told from the rest."""
    root = _ROOT.search(data)
    head = data[: root.start()] if root else data
    begins = head.lower().find(b"<!doctype")
    if begins < 0:
        return data, {}
    doctype = _DOCTYPE.match(head, begins)
    if doctype is None:
        raise Unreadable(Problem("document.unreadable", "", "a document type nobody can read"))
    declared = {name: one or two for name, one, two in _ENTITY.findall(doctype[1] or b"")}
    kept = b"".join(b'<!ENTITY %s "%s">' % each for each in declared.items())
    without = head[: doctype.start()] + (b"<!DOCTYPE feed [%s]>" % kept if kept else b"")
    entities = {name.decode(): value.decode() for name, value in declared.items()}
    return without + head[doctype.end() :] + data[len(head) :], entities


def _strictly(data: bytes) -> tuple[Any, str | None]:
    """The strict parser over a document, and why it gave up."""
    parser = _parser(_Strict, None)
    reader = make_parser()  # noqa: S317 - expat bounds expansion; nothing external is read
    reader.setFeature(feature_namespaces, True)
    reader.setFeature(feature_external_ges, False)
    reader.setContentHandler(parser)
    reader.setErrorHandler(parser)
    source = InputSource()
    source.setByteStream(BytesIO(data))
    source.setEncoding("utf-8")
    try:
        reader.parse(source)
    except SAXException as error:
        return parser, error.getMessage()
    except _BROKEN as error:
        return parser, type(error).__name__
    return parser, None


def _loosely(data: bytes, entities: dict[str, str]) -> Any:
    """The loose parser over a document that is not well-formed."""
    parser = _parser(_Loose, entities)
    try:
        parser.feed(data.decode())
    except _BROKEN as error:
        what = f"not well-formed, and broken beyond that ({type(error).__name__})"
        raise Unreadable(Problem("document.unreadable", "", what)) from error
    return parser


def _parser(kind: Any, entities: dict[str, str] | None) -> Any:
    arguments = ("", None, "utf-8") if entities is None else ("", None, "utf-8", entities)
    parser = kind(*arguments)
    parser.resolve_relative_uris = False
    parser.sanitize_html = False
    return parser
