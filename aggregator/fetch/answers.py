"""What came back, as values: the answer, its validators, and which error a status is. No I/O."""

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from math import ceil
from typing import Final, Protocol

from aggregator.errors import (
    Discontinued,
    Failing,
    RateLimited,
    Refused,
    SourceError,
    TimedOut,
)
from schema import Problem

LONGEST_WAIT: Final = 7 * 24 * 3600.0
"""Seconds: a longer Retry-After is not believed."""
_SECONDS: Final = re.compile(r"[0-9]{1,12}")
_MAX_AGE: Final = re.compile(r'max-age="?([0-9]{1,12})"?')
_STALE: Final = frozenset({"no-store", "no-cache"})
_UNITS: Final = ((86400, "days"), (3600, "hours"), (60, "minutes"))


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes the next request conditional, byte for byte as the source sent it."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One answer. `url` is where it came from in the end, without secrets. `path` is a file of
    `size` decoded bytes, in use until the snapshots `keep` or `drop` it; `not_modified` (304)
    stands for no bytes at all: then path and sha256 are None and the size is 0. `moved` is where
    permanent redirects (301, 308) led from the asked address, before any other redirect, without
    the query that was sent along; `fresh_for` are the seconds the answer says it stays true."""

    url: str
    status: int
    not_modified: bool = False
    path: str | None = None
    sha256: str | None = None
    size: int = 0
    etag: str | None = None
    last_modified: str | None = None
    media_type: str | None = None
    charset: str | None = None
    moved: str | None = None
    fresh_for: float | None = None


class Headers(Protocol):
    """The headers of an answer."""

    def get(self, name: str, /) -> str | None:
        """A header's first value."""
        ...

    def getall(self, name: str, default: list[str], /) -> list[str]:
        """All values of a header."""
        ...


def refusal(status: int, headers: Headers) -> SourceError | None:
    """The error a status stands for; None for an answer with a body to read (2xx but 206: nobody
    asked for a part)."""
    asked = retry_after(headers.get("Retry-After"), headers.get("Date"))
    wait = None if asked is None else min(asked, LONGEST_WAIT)
    said = f"the source answers with HTTP {status}{_patience(asked)}"
    if status == 429 or (status == 503 and wait is not None):
        return RateLimited(Problem("source.rate_limited", message=said), retry_after=wait)
    if status == 408:
        return TimedOut(Problem("source.timeout", message=said), retry_after=wait)
    if status == 410:
        return Discontinued(Problem("source.gone", message=said))
    if 400 <= status < 500:
        return Refused(Problem("source.refused", message=said), retry_after=wait)
    if not 200 <= status < 300 or status == 206:
        return Failing(Problem("source.failing", message=said), retry_after=wait)
    return None


def _patience(asked: float | None) -> str:
    """What the source asks for and what it is granted, for the problem's message."""
    if asked is None:
        return ""
    granted = "" if asked <= LONGEST_WAIT else f"; {in_words(LONGEST_WAIT)} are granted"
    return f" and asks to wait {in_words(asked)}{granted}"


def in_words(seconds: float) -> str:
    """Seconds, rounded up → "90 seconds", "5 minutes", "36 hours", "7 days"."""
    for size, unit in _UNITS:
        if seconds >= 2 * size:
            return f"{ceil(seconds / size):,} {unit}"
    return f"{ceil(seconds)} seconds"


def retry_after(value: str | None, date: str | None) -> float | None:
    """Retry-After (RFC 9110 §10.2.3: seconds, or a date, which is measured against the answer's
    own Date) → seconds from 0 on; None when absent or unreadable."""
    if value is None:
        return None
    if _SECONDS.fullmatch(value.strip()):
        return float(value)
    return _between(date, value)


def fresh_for(headers: Headers) -> float | None:
    """How many seconds an answer stays true (RFC 9111 §4.2: max-age, or else Expires, less its
    Age); None when it does not say."""
    lifetime = _lifetime(headers)
    if not lifetime:
        return lifetime
    age = (headers.get("Age") or "").strip()
    return max(lifetime - (float(age) if _SECONDS.fullmatch(age) else 0), 0.0)


def _lifetime(headers: Headers) -> float | None:
    said = ",".join(headers.getall("Cache-Control", [])).lower()
    directives = [directive.strip() for directive in said.split(",")]
    if not _STALE.isdisjoint(directives):
        return 0.0
    for directive in directives:
        if found := _MAX_AGE.fullmatch(directive):
            return float(found[1])
    expires = headers.get("Expires")
    return None if expires is None else _between(headers.get("Date"), expires) or 0.0


def _between(start: str | None, end: str) -> float | None:
    """Two HTTP dates → seconds from one to the other, from 0 on; None when one is unreadable."""
    if start is None:
        return None
    try:
        seconds = (parsedate_to_datetime(end) - parsedate_to_datetime(start)).total_seconds()
    except (TypeError, ValueError, OverflowError):  # no date, or one of the two without a zone
        return None
    return max(seconds, 0.0)
