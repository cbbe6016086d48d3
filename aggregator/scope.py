"""What does a listing prove: for what is it complete, and what would have to stand in it? Pure.

A listing that names nothing proves nothing, whatever it says of itself. What is over is expected
nowhere: calendars let go of their past, and that withdraws nothing.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from aggregator.harvest import Harvest
from aggregator.plan import Head
from connectors.base import Between, Everything

EDGE: Final = timedelta(days=1)
"""So near to either end of a window nothing is expected: nobody knows whose midnight was meant."""


def proven(harvest: Harvest) -> Everything | Between | None:
    """What a listing is complete for; None: what is not listed may be there all the same."""
    unkeyed = any(refusal.key is None for refusal in harvest.refusals)
    if harvest.failed is not None or unkeyed or is_blank(harvest):
        return None
    return harvest.complete


def is_complete(harvest: Harvest) -> bool:
    """Whether what is not listed may be called missing."""
    return proven(harvest) is not None


def is_blank(harvest: Harvest) -> bool:
    """Whether a listing names nothing. One that was said before named something then."""
    named = harvest.drafts or harvest.same or harvest.refusals or harvest.gone
    return not named and not harvest.repeats


def is_over(head: Head, now: datetime) -> bool:
    """Whether all of a record has taken place."""
    return head.ends is not None and head.ends < now


def is_expected(head: Head, scope: Everything | Between, now: datetime) -> bool:
    """Whether a record would have to stand in a listing that is complete for `scope`."""
    if is_over(head, now):
        return False
    return isinstance(scope, Everything) or _lies_inside(head, scope)


def _lies_inside(head: Head, scope: Between) -> bool:
    """Whether all of a record lies in a window, a day from each of its ends."""
    if head.starts is None or head.ends is None:
        return False
    return _midnight(scope.start) + EDGE <= head.starts and head.ends <= _midnight(scope.end) - EDGE


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
