"""What came back, as values: the answer, its validators, and which error a status is. No I/O."""

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final, Protocol

from aggregator.errors import Failing, RateLimited, Refused, SourceError, TimedOut
from schema import Problem

LONGEST_WAIT: Final = 7 * 24 * 3600.0
"""Seconds: a longer Retry-After is not believed."""
_SECONDS: Final = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes the next request conditional, byte for byte as the source sent it."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One answer. `url` is where it came from in the end, without secrets. `path` is a file of
    `size` decoded bytes, in use until the snapshots `keep` or `drop` it; `not_modified` (304)
    stands for no bytes at all: then path and sha256 are None and the size is 0."""

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


class Headers(Protocol):
    """The two headers a refusal is read from."""

    def get(self, name: str, /) -> str | None:
        """A header's value."""
        ...


def refusal(status: int, headers: Headers) -> SourceError | None:
    """The error a status stands for; None for an answer with a body to read (2xx but 206: nobody
    asked for a part)."""
    wait = retry_after(headers.get("Retry-After"), headers.get("Date"))
    said = f"the source answers with HTTP {status}"
    if status == 429 or (status == 503 and wait is not None):
        return RateLimited(Problem("source.rate_limited", message=said), retry_after=wait)
    if status == 408:
        return TimedOut(Problem("source.timeout", message=said), retry_after=wait)
    if 400 <= status < 500:
        return Refused(Problem("source.refused", message=said), retry_after=wait)
    if not 200 <= status < 300 or status == 206:
        return Failing(Problem("source.failing", message=said), retry_after=wait)
    return None


def retry_after(value: str | None, date: str | None) -> float | None:
    """Retry-After (RFC 9110 §10.2.3: seconds, or a date, which is measured against the answer's
    own Date) → seconds from 0 to seven days; None when absent or unreadable."""
    if value is None:
        return None
    if _SECONDS.fullmatch(value.strip()):
        return min(float(value), LONGEST_WAIT)
    if date is None:
        return None
    try:
        wait = (parsedate_to_datetime(value) - parsedate_to_datetime(date)).total_seconds()
    except (TypeError, ValueError):  # no date, or one of the two without a zone
        return None
    return min(max(wait, 0.0), LONGEST_WAIT)
