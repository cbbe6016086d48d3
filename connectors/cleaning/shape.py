"""The shape of a web page: what it calls itself, asks for and leads to. Pure; judges nothing.

Reads the first 64 Ki characters, each at most a few times: pages are as hostile as anything else.
"""

import re
from dataclasses import dataclass
from html import unescape
from typing import Final

LOOKED_AT: Final = 65_536
"""Characters of a page that are looked at."""
LONGEST_TITLE: Final = 300

_TAG: Final = re.compile(r"<(/?)([a-zA-Z!?][a-zA-Z0-9:]{0,20})([^<>]*)(>|$)")
_ATTRIBUTE: Final = re.compile(r"([a-z-]{1,30})\s?=\s?(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_UNSEEN: Final = frozenset({"script", "style", "template", "svg"})
_NAMED: Final = {"title": "title", "h1": "heading", "h2": "heading", "legend": "heading"}
_MARKUP: Final = frozenset(
    {"html", "head", "body", "title", "meta", "script", "frameset", "form", "h1", "p", "br", "b"}
    | {"div", "center", "pre", "table", "noscript", "style", "link", "font", "hr", "span", "a"}
)
_DOCTYPE: Final = re.compile(r"<!doctype\s+(?:html|\"-//w3c)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A page. Texts are in lower case with single spaces; `source` is all of it in lower case.

    `forward`: the address a meta refresh leads to. `fields`: types and names of input fields.
    """

    title: str
    headings: str
    text: str
    source: str
    forward: str | None
    fields: frozenset[str]
    tags: frozenset[str]

    @property
    def names(self) -> str:
        """What the page calls itself: its title, or its first headings where it has none."""
        return self.title or self.headings

    @property
    def asks_for_password(self) -> bool:
        """Whether there is a field for a password."""
        return "password" in self.fields


def shape_of(text: str) -> Shape | None:
    """A document's first characters → its shape; None for what is no web page."""
    head = _without_comments(text[:LOOKED_AT].lower())
    first = next((tag for tag in _TAG.finditer(head) if tag[2][0] not in "!?"), None)
    if first is None or not (_DOCTYPE.match(head.lstrip()) or first[2] in _MARKUP):
        return None
    if not head.lstrip().startswith("<"):
        return None
    return _Reading().shape(head)


class _Reading:
    """One pass over a page's tags."""

    def __init__(self) -> None:
        self._seen: dict[str, list[str]] = {"title": [], "heading": [], "text": []}
        self._fields: set[str] = set()
        self._tags: set[str] = set()
        self._forward: str | None = None
        self._inside = ""

    def shape(self, head: str) -> Shape:
        behind = 0
        for tag in _TAG.finditer(head):
            self._text(head[behind : tag.start()])
            behind = tag.end()
            self._take(tag[2], tag[3], closing=bool(tag[1]))
        self._text(head[behind:])
        return Shape(
            title=_joined(self._seen["title"])[:LONGEST_TITLE],
            headings=_joined(self._seen["heading"])[:LONGEST_TITLE],
            text=_joined(self._seen["text"]),
            source=head,
            forward=self._forward,
            fields=frozenset(self._fields),
            tags=frozenset(self._tags),
        )

    def _text(self, text: str) -> None:
        if self._inside not in _UNSEEN and text.strip():
            where = _NAMED.get(self._inside, "text")
            self._seen[where].append(text)
            if where == "heading":
                self._seen["text"].append(text)

    def _take(self, name: str, rest: str, *, closing: bool) -> None:
        if self._inside in _UNSEEN:
            if closing and name == self._inside:
                self._inside = ""
            return
        if closing:
            self._inside = "" if name == self._inside else self._inside
            return
        self._tags.add(name)
        if name in _UNSEEN or name in _NAMED:
            self._inside = "" if rest.endswith("/") else name
        elif name in ("input", "button"):
            said = attributes(rest)
            self._fields.update({said.get("type", "text"), said.get("name", "")})
        elif name == "meta":
            self._refresh(attributes(rest))

    def _refresh(self, said: dict[str, str]) -> None:
        if said.get("http-equiv") == "refresh":
            _, found, address = said.get("content", "").partition("url=")
            self._forward = address.strip(" '\"") if found else self._forward


def attributes(inside: str) -> dict[str, str]:
    """What stands in a tag (lower case) → its attributes by name."""
    return {
        found[1]: found[2] or found[3] or found[4] or "" for found in _ATTRIBUTE.finditer(inside)
    }


def _joined(pieces: list[str]) -> str:
    return " ".join(unescape(" ".join(pieces)).split()).lower()


def _without_comments(head: str) -> str:
    """Each comment is looked for once; one that does not end takes the rest with it."""
    kept, at = [], 0
    while (start := head.find("<!--", at)) >= 0:
        kept.append(head[at:start])
        end = head.find("-->", start + 4)
        if end < 0:
            return "".join(kept)
        at = end + 3
    return "".join((*kept, head[at:]))
