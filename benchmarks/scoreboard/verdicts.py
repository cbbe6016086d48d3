"""What is said of one expectation: met, unmet with a cause, or not applicable with a reason."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["met", "unmet", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Unmet:
    """An answer that is not the right one. `cause` is a short stable name that is counted,
    `detail` is for the person who looks into it."""

    cause: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is said of an expectation; `cause` is the reason where it is not applicable."""

    outcome: Outcome
    cause: str = ""
    detail: str = ""


MET = Verdict(outcome="met")
