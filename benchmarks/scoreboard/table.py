"""What is printed: a line for each family and its causes, or the same as JSON. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.scoreboard.verdicts import Verdict


@dataclass(slots=True, kw_only=True)
class Tally:
    """One family's figures. `causes`: how many expectations are unmet for which cause."""

    files: int = 0
    met: int = 0
    unmet: int = 0
    not_applicable: int = 0
    crashes: int = 0
    hangs: int = 0
    seconds: float = 0.0
    causes: dict[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float | None:
        """Met of the applicable ones; None where there are none."""
        asked = self.met + self.unmet
        return self.met / asked if asked else None

    def take(self, verdicts: Iterable[Verdict]) -> None:
        """Count verdicts."""
        found = list(verdicts)
        outcomes = Counter(verdict.outcome for verdict in found)
        self.met += outcomes["met"]
        self.unmet += outcomes["unmet"]
        self.not_applicable += outcomes["not_applicable"]
        causes = Counter(v.cause for v in found if v.outcome == "unmet")
        self.causes = dict(sorted((Counter(self.causes) + causes).items()))


def as_data(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    """Figures by family, as JSON shows them."""
    return {"families": {name: asdict(tallies[name]) for name in sorted(tallies)}}


def as_text(tallies: Mapping[str, Tally]) -> str:
    """The table, and below it what is unmet by cause."""
    head = ("files", "met", "unmet", "n/a", "crashes", "hangs", "seconds", "share")
    lines = [f"{'family':<22}" + "".join(f"{name:>9}" for name in head)]
    lines += [f"{name:<22}{_cells(tallies[name])}" for name in sorted(tallies)]
    lines.append(f"{'all':<22}{_cells(total(tallies.values()))}")
    for name in sorted(tallies):
        causes = sorted(tallies[name].causes.items(), key=lambda item: (-item[1], item[0]))
        if causes:
            said = ", ".join(f"{cause} {count}" for cause, count in causes)
            lines.append(f"\n{name}: {said}")
    return "\n".join(lines)


def total(tallies: Iterable[Tally]) -> Tally:
    """All families together."""
    whole = Tally()
    for each in tallies:
        whole.files += each.files
        whole.met += each.met
        whole.unmet += each.unmet
        whole.not_applicable += each.not_applicable
        whole.crashes += each.crashes
        whole.hangs += each.hangs
        whole.seconds += each.seconds
    return whole


def _cells(tally: Tally) -> str:
    share = "" if tally.share is None else f"{100 * tally.share:.1f} %"
    counts = (tally.files, tally.met, tally.unmet, tally.not_applicable)
    rest = (tally.crashes, tally.hangs)
    numbers = "".join(f"{number:>9}" for number in (*counts, *rest))
    return f"{numbers}{tally.seconds:>9.1f}{share:>9}"
