"""What people decided about what is withheld, as values. Decides nothing itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from aggregator.plan import Head, Item, What

APPROVED_FOR = timedelta(days=7)
"""How long an approval waits for a run that needs it."""


class Decision(StrEnum):
    """What a person says to that."""

    APPROVED = "approved"
    REJECTED = "rejected"


Seen = Mapping[Item, bytes | None]
"""Item → fingerprint of the raw whose change was held back (None for removals)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What is held back of a source, and what was decided about it."""

    pending: Seen = field(default_factory=dict)
    """Nobody decided yet."""
    approved: Seen = field(default_factory=dict)
    rejected: Seen = field(default_factory=dict)
    expired: frozenset[Item] = frozenset()
    """Approvals that no run used in their time."""

    def rejects_removal(self, head: Head) -> bool:
        """Whether somebody said that the record stays."""
        return (head.kind, head.native_id, What.REMOVAL) in self.rejected
