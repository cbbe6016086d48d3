"""Markup: is it any, how often was it escaped, what is safe of it, what does it say as text?

Sources escape once, twice or not at all, cut a text in the middle of a tag, and write
`Nachhaltig<keit>` where no markup is meant. So a text counts as HTML only where a tag that HTML
knows stands in it. The safe subset is made by nh3; the text is read off the safe subset, so that
both always say the same.
"""

import re
from dataclasses import dataclass
from html import escape, unescape
from typing import Final

import nh3

from schema.normal.text import laid_out, one_line, tidy, unturned

_ALLOWED_TAGS: Final = """
    a abbr address article aside b blockquote br caption center code dd del details div dl dt
    em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i ins li main nav ol p pre q s
    section small strong sub summary sup table tbody td tfoot th thead tr u ul
"""
ALLOWED: Final = frozenset(_ALLOWED_TAGS.split())
_SWALLOWED_TAGS: Final = """
    iframe math noembed noframes noscript object script select style svg template title
"""
_SWALLOWED: Final = frozenset(_SWALLOWED_TAGS.split())
_OTHER_TAGS: Final = """
    acronym area audio base basefont bdi bdo big body button canvas cite col colgroup data
    datalist dfn dir embed fieldset font form frame frameset head html img input kbd label
    legend link map mark marquee menu meta meter optgroup option output param picture progress
    rp rt ruby samp source span strike time track tt var video wbr o:p
"""
KNOWN: Final = frozenset((*ALLOWED, *_SWALLOWED, *_OTHER_TAGS.split()))

_NAMES: Final = "|".join(sorted(KNOWN, key=lambda name: (-len(name), name)))
_TAG: Final = re.compile(rf"</?(?:{_NAMES})(?=[\s/>])[^<>]*>", re.IGNORECASE)
_NO_TAG: Final = re.compile(rf"<(?!/?(?:{_NAMES})(?=[\s/>])|!--)", re.IGNORECASE)
_TAG_NAME: Final = re.compile(r"</?([a-z][a-z0-9:]*)(?=[\s/>])")
_CUT_TAG: Final = re.compile(r"</?(?:[a-zA-Z][^<>]*)?")
_ESCAPED_TAG: Final = re.compile(
    rf"&lt;/?(?:{_NAMES})(?:\s(?:(?!&lt;|&gt;)[^<>])*)?/?&gt;", re.IGNORECASE
)
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ESCAPED_ENTITY: Final = re.compile(
    r"&amp;(?=(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});)"
)
_LEVELS: Final = 3
"""No source was seen to escape more often."""

_ANY_TAG: Final = re.compile(r"<[a-zA-Z/!?][^<>]*>?")
_NESTING_TAG: Final = re.compile(r"<(/?)[a-zA-Z][a-zA-Z0-9]{0,20}(?=[\s/>])")
_IMPLIED: Final = re.compile(
    r"</?(?:p|li|d[dt]|t[drh]|br|hr|img|input|meta|link|wbr|col|option)(?=[\s/>])", re.IGNORECASE
)
"""Tags that often are not closed, or cannot be."""
MANY_TAGS: Final = 1_000
DEEPEST: Final = 500
MANY_ESCAPES: Final = 50_000
"""Beyond these, cleaning takes time that grows with the square of the text."""

_SAFE_TAG: Final = re.compile(r'<(/?[a-z][a-z0-9]{0,20})(?:[^"<>]|"[^"<>]*")*>')
_PARAGRAPHS: Final = """
    address article aside blockquote caption center details figcaption figure footer h1 h2 h3
    h4 h5 h6 header main nav ol p section summary table ul
"""
_BREAKS: Final = {
    **dict.fromkeys(("br", "hr", "/tr", "/dt", "/dd"), "\n"),
    **dict.fromkeys(("div", "/div"), "\n"),
    **{end + name: "\n\n" for name in _PARAGRAPHS.split() for end in ("", "/")},
    **dict.fromkeys(("td", "th"), " "),
    "li": "\n- ",
}
_EMPTY: Final = ("<p> </p>", "<p></p>", "<li></li>", "<div></div>", "<div> </div>")

_CLEANER: Final = nh3.Cleaner(
    tags=set(ALLOWED),
    clean_content_tags=set(_SWALLOWED),
    attributes={"*": set(), "a": {"href"}},
    url_schemes={"http", "https", "mailto", "tel"},
    url_relative="deny",
    link_rel="noopener noreferrer",
)


@dataclass(frozen=True, slots=True)
class Body:
    """What a source's text is: HTML (still to be made safe) or plain text. One of them is set,
    none where the source sent only white space."""

    html: str | None = None
    text: str | None = None


def body(value: str) -> Body:
    """A source's text, escaped any number of times → what it is."""
    if "<" not in value and "&" not in value:
        return Body(text=tidy(value) or None)
    settled = _settled(value)
    names = _TAG_NAME.findall(settled)
    if names and len(names) == settled.count("<") and KNOWN.issuperset(names):
        return Body(html=settled)
    if _TAG.search(settled):
        return Body(html=_NO_TAG.sub("&lt;", _without_cut_tag(settled)))
    return Body(text=tidy(_unescaped(settled)) or None)


def plain(value: str) -> str:
    """A source's text, escaped any number of times, with or without markup → plain text."""
    found = body(value)
    return found.text or (text_of(safe(found.html)) if found.html else "")


def line(value: str) -> str:
    """A source's title or name, escaped any number of times → one line of plain text."""
    return one_line(value if "<" not in value and "&" not in value else plain(value))


def safe(html: str) -> str:
    """Any HTML → the safe subset: no scripts, styles, pictures; links to http(s), mailto, tel;
    nothing that turns the direction of other text.
    Of HTML that nobody writes (nested a thousand times) only the text is kept."""
    if _is_heavy(html):
        return html_of(tidy(unescape(_ANY_TAG.sub(" ", html))))
    cleaned = _CLEANER.clean(html).replace("&nbsp;", " ")
    for nothing in _EMPTY:
        cleaned = cleaned.replace(nothing, "")
    return unturned(cleaned).strip()


def _is_heavy(html: str) -> bool:
    """Whether HTML is made to take long."""
    if html.count("&") + html.count("\u00ad") > MANY_ESCAPES:
        return True
    if html.count("<") <= MANY_TAGS:
        return False
    depth = 0
    for tag in _NESTING_TAG.finditer(html):
        if not _IMPLIED.match(html, tag.start()):
            depth = max(depth - 1, 0) if tag[1] else depth + 1
            if depth > DEEPEST:
                return True
    return False


def has_markup(safe_html: str) -> bool:
    """Whether safe HTML says more than its text does."""
    return "<" in safe_html


def text_of(safe_html: str) -> str:
    """Safe HTML (as `safe` returns it) → plain text with lines, empty lines and list dashes."""
    parts = _SAFE_TAG.split(safe_html.replace("\n", " ").replace("\t", " "))
    parts[1::2] = [_BREAKS.get(tag, "") for tag in parts[1::2]]
    text = "".join(parts)
    return laid_out(unescape(text) if "&" in text else text)


def html_of(text: str) -> str:
    """Plain text → safe HTML with the same lines."""
    paragraphs = (escape(each, quote=False) for each in text.split("\n\n"))
    return "".join(f"<p>{each}</p>" for each in paragraphs).replace("\n", "<br>")


def _without_cut_tag(value: str) -> str:
    """HTML without a last tag that the source's column cut off."""
    last = value.rfind("<")
    return value[:last] if _CUT_TAG.fullmatch(value, last) else value


def _settled(value: str) -> str:
    """Entities and known tags that were escaped too often, brought down to one level."""
    for _ in range(_LEVELS):
        if "&amp;" not in value or not _ESCAPED_ENTITY.search(value):
            break
        value = _ESCAPED_ENTITY.sub("&", value)
    if "&lt;" not in value or not _ESCAPED_TAG.search(value):
        return value
    if _TAG.search(value):
        return _ESCAPED_TAG.sub(lambda tag: unescape(tag[0]), value)
    return unescape(value)


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda entity: unescape(entity[0]), text) if "&" in text else text
