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


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What was decided about a source's records and still stands."""

    approved: frozenset[Item] = frozenset()
    rejected: Mapping[Item, bytes | None] = field(default_factory=dict)
    """Item → fingerprint of the raw whose change was rejected (None for removals)."""
    over: frozenset[Item] = frozenset()
    """Approvals that no run used in their time."""

    def rejects_removal(self, head: Head) -> bool:
        """Whether somebody said that the record stays."""
        return (head.kind, head.native_id, What.REMOVAL) in self.rejected
