"""What an entry is known by, so that it stays the same entry whatever its feed does. Pure.

Feeds change between http and https, add what counts visitors to their addresses, and put session
numbers into them. None of that makes another entry.
"""

import re
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from schema import canonical, digest
from schema.identity import CONTENT
from schema.normal.text import forbidden_in, one_line
from schema.normal.urls import is_web_url

LONGEST: Final = 500
"""Characters of an id; a longer one is known by its digest."""
_COUNTING: Final = re.compile(
    r"(?:utm_\w{1,40}|fbclid|gclid|mc_cid|mc_eid|pk_\w{1,40}|mtm_\w{1,40}|_ga|wt_mc|ref_src)=.*",
    re.IGNORECASE,
)
_SESSION: Final = re.compile(
    r"(?:phpsessid|jsessionid|aspsessionid\w{0,20}|sid|session_?id|fe_typo_user|cfid|cftoken)="
    r"[\w.-]{8,}",
    re.IGNORECASE,
)
_SESSION_IN_PATH: Final = re.compile(r";(?:jsessionid|sid)=[\w.!-]{0,200}", re.IGNORECASE)


def without_counting(url: str) -> str:
    """A web address → the same without parameters that count visitors or hold a session."""
    if "?" not in url and ";" not in url and "#" not in url:
        return url
    parts = urlsplit(url)
    kept = [
        part
        for part in parts.query.split("&")
        if part and not _COUNTING.fullmatch(part) and not _SESSION.fullmatch(part)
    ]
    path = _SESSION_IN_PATH.sub("", parts.path) if ";" in parts.path else parts.path
    fragment = "" if _COUNTING.match(parts.fragment) else parts.fragment
    return urlunsplit((parts.scheme, parts.netloc, path, "&".join(kept), fragment))


def key_of_id(guid: str) -> str | None:
    """An entry's id as written → its key; None where nothing can be known by it."""
    text = one_line(guid)
    if not text or forbidden_in(text):
        return None
    key = key_of_link(text) if is_web_url(text) else text
    return key if len(key) <= LONGEST else f"{CONTENT}{digest(key.encode()).hex()}"


def key_of_link(url: str) -> str:
    """A web address → the key of what stands there, whether by http or https."""
    parts = urlsplit(without_counting(url))
    host = parts.netloc.lower().removesuffix(":80").removesuffix(":443")
    return urlunsplit(("https", host, parts.path or "/", parts.query, parts.fragment))


def key_of_content(*said: object) -> str | None:
    """What an entry says → its key; None where it says nothing."""
    if not any(said):
        return None
    return CONTENT + digest(canonical(list(said))).hex()
