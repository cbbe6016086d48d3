"""When a source is asked next. Pure: the clock is an argument, chance is derived from the id."""

from datetime import datetime, timedelta
from hashlib import blake2b

MAX_BACKOFF = timedelta(days=1)
MAX_RETRY_AFTER = timedelta(days=7)
MAX_FRESH = timedelta(days=1)
JITTER = 0.1


def next_due(
    source: str, every: timedelta, now: datetime, failures: int, retry_after: float | None = None
) -> datetime:
    """End of a run → when the next is due.

    Each failure in a row doubles the interval up to a day (or the interval, where that is
    longer); `retry_after` seconds are honoured up to 7 days; up to 10 % are added so that sources
    do not march in step. It never gives up for ever.
    """
    longest = max(every, MAX_BACKOFF)
    wait = min(every * (1 << min(failures, 20)), longest)
    wait += wait * JITTER * _share(f"{source}@{now.isoformat()}")
    return now + max(wait, _granted(retry_after, MAX_RETRY_AFTER))


def not_while_fresh(due: datetime, now: datetime, fresh_for: float | None) -> datetime:
    """When a source is due → no sooner than its answers stay true by their own word
    (`fresh_for` seconds), which is honoured up to a day."""
    return max(due, now + _granted(fresh_for, MAX_FRESH))


def _granted(seconds: float | None, most: timedelta) -> timedelta:
    return timedelta(seconds=min(max(seconds or 0, 0), most.total_seconds()))


def _share(text: str) -> float:
    """A number in [0, 1) that looks random and is repeatable."""
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big") / 2**32
