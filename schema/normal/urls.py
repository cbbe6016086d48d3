"""Normal form of web addresses: what may be published as a link. Pure; nothing is fetched."""

import re
from typing import Final

LONGEST: Final = 2000
_REST: Final = r"(?:[/?#][^\s<>\"\\\x00-\x1f\x7f-\x9f]*)?"
_WEB: Final = re.compile(
    r"https?://(?:\[[0-9A-Fa-f:.]+\]|[^\s/?#@:<>\"\\\[\]\x00-\x1f\x7f-\x9f]+)(?::[0-9]{1,5})?"
    + _REST,
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?::[0-9]{1,5})?" + _REST
)


def is_web_url(url: str) -> bool:
    """Whether `url` is a whole http(s) address without user, password, spaces or controls."""
    return len(url) <= LONGEST and _WEB.fullmatch(url) is not None


def web_url(text: str) -> str | None:
    """What a person wrote as a homepage → an address to link to, or None.

    `www.city.example` and `city.example/a` become http addresses (a server that has https leads
    there itself); mail addresses, prose and other schemes are no address.
    """
    text = text.strip()
    if is_web_url(text):
        return text
    if "://" not in text and len(text) < LONGEST and _BARE.fullmatch(text):
        return f"http://{text}"
    return None
