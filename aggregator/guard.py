"""Is what a run would remove plausible against what the source had? Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.plan import Head

ALWAYS_ALLOWED = 3
ALLOWED_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Verdict:
    """`plausible`, and the two numbers it was decided on."""

    plausible: bool
    absent: int
    allowed: int


def judge(absent: Sequence[Head], published: int) -> Verdict:
    """Absent records (newly and still missing) against all published ones of the source.

    More than max(3, 20 %) is held. What was already missing counts along, so that a source which
    loses a little every hour does not slip through.
    """
    allowed = max(ALWAYS_ALLOWED, int(published * ALLOWED_SHARE))
    return Verdict(len(absent) <= allowed, len(absent), allowed)
