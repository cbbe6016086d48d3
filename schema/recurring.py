"""Which occurrences does an event have? Pure; reads no clock."""

from dataclasses import dataclass
from datetime import datetime

from schema.entities import Override, Recurrence
from schema.when import Days, Start, Timed

MOST = 1_000
"""Occurrences of one event that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One occurrence. `recurrence_id` is its original start; `when` is when it really is, and
    `override` says what else differs from the series."""

    recurrence_id: Start
    when: Timed | Days
    override: Override | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """Occurrences in the order of their original starts; `truncated`: there are more."""

    occurrences: tuple[Occurrence, ...]
    truncated: bool = False


def expand(
    when: Timed | Days,
    recurrence: Recurrence | None,
    after: datetime,
    before: datetime,
    most: int = MOST,
) -> Expansion:
    """Occurrences that overlap [after, before), both instants: cancelled ones too, for whoever
    shows them. One without length counts where it starts."""
    raise NotImplementedError


def extent(when: Timed | Days, recurrence: Recurrence | None) -> tuple[datetime, datetime | None]:
    """First start and last end of all occurrences, in UTC; None: without end."""
    raise NotImplementedError


def checked_rule(rule: str, when: Timed | Days) -> str:
    """An RRULE's value as a source wrote it → its canonical form, UNTIL in UTC or as a date.
    Raises `Rejected` (`event.rule_refused`) for what is no rule, or costs too much to follow."""
    raise NotImplementedError
