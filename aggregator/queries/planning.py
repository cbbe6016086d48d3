"""With what does reading a list begin? Pure: decided from counts that are kept or bounded.

A list is read from one of its filters, the one that leaves least, and every other filter is a
question about single rows. Where nothing narrows it down it is walked through in its order.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

COUNTED: Final = 1000
"""What nobody keeps a count of is counted up to here."""
WIDE: Final = 20 * COUNTED
"""Up to here it is counted what a window has, where only that tells what to begin counting with."""
GATHERED: Final = 4
"""So many numbers are gathered in the time in which one row is asked whether it has a facet."""

Begin = Literal["walk", "facet", "area", "window", "words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a list before it is read. `kind`: all live entities of the kind;
    `choices`: how many have any of the facets of each choice, at most; `area`: how many lie in the
    first area, counted to one more than `COUNTED`; `window`: how many occurrences the window has,
    None where that is more than was asked; `entities`: how many take place in the window, counted
    to more than `COUNTED`; each None where it was not counted; `words`: how many
    have the words that are looked for, None where none are or that is more than `COUNTED`;
    `since`: how many changed since an instant, at most."""

    kind: int
    choices: tuple[int, ...] = ()
    area: int | None = None
    window: int | None = None
    entities: int | None = None
    words: int | None = None
    since: int | None = None

    @property
    def none(self) -> bool:
        """Whether nothing can be in the list."""
        return 0 in self.choices or 0 in {self.since, self.words}


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read a list. `choice`: the place of the choice to begin with; `most`: no more than
    so many rows have to be looked at. `rings`: a page by distance is read from the place on, not
    from there."""

    begin: Begin
    most: int
    choice: int | None = None
    rings: bool = False

    @property
    def few(self) -> bool:
        """Whether all of them may be looked at for one page."""
        return self.begin != "walk" and self.most <= COUNTED


def plan_of(known: Known) -> Plan:
    """What is known → where to begin to read a page. A window of many does not lead there."""
    if known.window is not None and known.window > COUNTED:
        known = replace(known, window=None)
    return counting_plan_of(known)


def counting_plan_of(known: Known) -> Plan:
    """What is known → where to begin to count."""
    if known.words is not None:
        return Plan("words", known.words)
    walked = known.kind if known.since is None else min(known.kind, known.since)
    plans = [Plan("facet", n, at) for at, n in enumerate(known.choices)]
    if known.area is not None and known.area <= COUNTED:
        plans.append(Plan("area", known.area))
    if known.window is not None:
        plans.append(Plan("window", known.window, _gathered(known.choices, known.window)))
    best = min(plans, key=lambda plan: plan.most, default=None)
    if best is None or (known.since is not None and walked < best.most):
        return Plan("walk", walked)
    return best


def by_distance(plan: Plan, known: Known, limit: int) -> Plan:
    """The plan of a list that goes by distance. Around the place many may have to be looked at for
    a page, the more the less of them pass: where that is more than what a facet leaves in all, the
    facet comes first."""
    if plan.few:
        return plan
    if plan.begin == "walk":
        return Plan("area", known.kind, rings=True)
    looked_at = float(limit)
    for n in known.choices:
        looked_at *= max(1.0, known.kind / max(1, n))
    return replace(plan, rings=looked_at < plan.most)


def _gathered(choices: tuple[int, ...], rows: int) -> int | None:
    """The choice whose entities are better gathered at once than asked for row by row."""
    least = min(range(len(choices)), key=choices.__getitem__, default=None)
    return None if least is None or choices[least] > GATHERED * rows else least
