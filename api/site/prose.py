"""Longer texts of others → safe markup in the frame of our pages. Pure.

Nothing in them loads anything, runs anything, or claims to be a part of the page: scripts,
pictures, landmarks and attributes go, headings are set below the heading they stand under. Sources'
HTML was made safe when it was read; it is made safe once more, because what is kept may be older
than the rules.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import nh3
from markupsafe import Markup, escape

from schema.normal.text import tidy

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_TAGS: Final = """
    a abbr b blockquote br code dd del dl dt em h1 h2 h3 h4 h5 h6 hr i ins li ol p pre q s strong
    sub sup table tbody td th thead tr u ul
"""
_CLEANER: Final = nh3.Cleaner(
    tags=set(_TAGS.split()),
    clean_content_tags={"script", "style", "template", "title"},
    attributes={"*": set(), "a": {"href"}},
    url_schemes={"http", "https", "mailto", "tel"},
    url_relative="deny",
    link_rel="noopener noreferrer",
)
_HEADING: Final = re.compile(r"<(/?)h([1-6])>")
_BLANK: Final = re.compile(r"\n[ \t]*\n\s*")
DEEPEST: Final = 6


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its title, where it begins with one."""

    title: str | None
    html: Markup


def safe_html(html: str, below: int) -> Markup:
    """Anybody's HTML → what may stand under a heading of level `below`."""
    return Markup(_settled(_CLEANER.clean(html), below))  # noqa: S704 - just made safe


def paragraphs(text: str) -> Markup:
    """Plain text → paragraphs; its line breaks stay."""
    parts = (part.split("\n") for part in _BLANK.split(tidy(text)) if part.strip())
    lines = (Markup("<br>\n").join(map(escape, part)) for part in parts)
    return Markup("\n").join(Markup("<p>{}</p>").format(each) for each in lines)


def from_markdown(text: str) -> Document:
    """Markdown (CommonMark, tables) → markup under a heading of level 1, which is the text's own
    first heading where it begins with one. Markup in it stays text."""
    markdown = _markdown()
    tokens = markdown.parse(text)
    title = None
    if tokens and tokens[0].type == "heading_open":
        title = _plain(tokens[1])
        tokens = tokens[3:]
    html = markdown.renderer.render(tokens, markdown.options, {})
    return Document(title, safe_html(html, below=1))


def from_text(text: str) -> Document:
    """Plain text → markup; a title it has none."""
    return Document(None, paragraphs(text))


@cache
def _markdown() -> "MarkdownIt":
    """CommonMark and tables. Imported where a text is written so: few instances have one."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _plain(inline: "Token") -> str:
    return "".join(token.content for token in inline.children or ())


def _settled(html: str, below: int) -> str:
    """Headings set under level `below`, none of them skipping one."""
    levels = _levels((int(each[2]) for each in _HEADING.finditer(html) if not each[1]), below)
    level = below

    def set_anew(found: re.Match[str]) -> str:
        nonlocal level
        if not found[1]:
            level = next(levels)
        return f"<{found[1]}h{level}>"

    return _HEADING.sub(set_anew, html)


def _levels(written: Iterator[int], below: int) -> Iterator[int]:
    open_: list[int] = []
    for level in written:
        while open_ and open_[-1] >= level:
            open_.pop()
        open_.append(level)
        yield min(below + len(open_), DEEPEST)
