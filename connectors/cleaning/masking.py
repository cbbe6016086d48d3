"""Mask private contacts in safe HTML: in its text, in links, and where tags cut an address apart.

Takes and returns HTML as `cleaning.html.safe` makes it, nothing else.
"""

import re
from typing import Final
from urllib.parse import unquote

from connectors.cleaning.contacts import (
    MASK,
    NOBODY,
    Allowed,
    is_role_mailbox,
    mask,
    suspicious,
)
from connectors.cleaning.html import html_of, text_of
from schema.normal.phones import e164

_TAG: Final = re.compile(r'(<[^"<>]*(?:"[^"]*"[^"<>]*)*>)')
_CONTACT_LINK: Final = re.compile(
    r'<a href="(mailto|tel):([^"]*)"[^<>]*>(.*?)</a>', re.DOTALL | re.IGNORECASE
)
_HREF: Final = re.compile(r' href="[^"]*"')
_CHAT_LINK: Final = re.compile(
    r"//(?:[\w-]{1,63}\.){0,2}(?:wa\.me|whatsapp\.com|signal\.me|t\.me)/", re.IGNORECASE
)
_SECRET_ADDRESS: Final = re.compile(r"/private-[0-9a-f]{8,128}(?![\w-])", re.IGNORECASE)
"""The part of a calendar's private address by which whoever knows it reads all of it."""


def mask_html(html: str, allowed: Allowed = NOBODY) -> tuple[str, int]:
    """Safe HTML → the same with every private contact masked, and how many there were."""
    if not (suspicious(html) or "%40" in html):
        return html, 0
    found = 0

    def _link(link: re.Match[str]) -> str:
        nonlocal found
        private = _is_private(link[1].lower(), link[2], allowed)
        found += private
        return MASK if private else link[0].replace(link[2], link[2].partition("?")[0], 1)

    parts = _TAG.split(_CONTACT_LINK.sub(_link, html))
    for at, part in enumerate(parts):
        parts[at], more = _without_contact(part) if at % 2 else mask(part, allowed)
        found += more
    return _rejoined("".join(parts), found, allowed)


def _rejoined(masked: str, found: int, allowed: Allowed) -> tuple[str, int]:
    """What a tag cut apart (`max<b>@</b>example.org`) only the text shows: then markup goes."""
    text, cut_apart = mask(text_of(masked), allowed)
    return (html_of(text), found + cut_apart) if cut_apart else (masked, found)


def _is_private(scheme: str, target: str, allowed: Allowed) -> bool:
    address = unquote(target.partition("?")[0]).strip().lower()
    if scheme == "tel":
        return e164(address, allowed.region) not in allowed.phones
    return address not in allowed.mails and not is_role_mailbox(address)


def _without_contact(tag: str) -> tuple[str, int]:
    """A tag → the same without an address that carries a mail address or opens a chat."""
    if 'href="' not in tag or tag.startswith(('<a href="mailto:', '<a href="tel:')):
        return tag, 0
    return (_HREF.sub("", tag), 1) if reveals(tag) else (tag, 0)


def reveals(url: str) -> bool:
    """Whether an address carries a private mail address, opens a chat with a person, or is a
    calendar's private one."""
    if "/private-" in url and _SECRET_ADDRESS.search(url):
        return True
    if "@" not in url and "%40" not in url:
        return _CHAT_LINK.search(url) is not None
    written = unquote(url)
    return _CHAT_LINK.search(written) is not None or mask(written)[1] > 0
