"""The committed figures, below which no family may fall. Pure but for reading the file."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from benchmarks.scoreboard.table import Tally

FIGURES: Final = Path(__file__).with_name("figures.json")
ROUNDING: Final = 1e-9


class Figure(BaseModel):
    """What one family reached."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    met: int
    unmet: int
    not_applicable: int

    @property
    def share(self) -> float:
        """Met of the applicable; 1 where none are."""
        asked = self.met + self.unmet
        return self.met / asked if asked else 1.0


def load_figures(path: Path) -> dict[str, Figure]:
    """Family → its figure. Raises `ValueError` for a file that holds none."""
    said = json.loads(path.read_text("utf-8"))
    return {name: Figure.model_validate(each) for name, each in said["families"].items()}


def dumped(tallies: Mapping[str, Tally]) -> str:
    """Figures to commit. Families nothing is known of are left out."""
    families = {
        name: {"met": each.met, "unmet": each.unmet, "not_applicable": each.not_applicable}
        for name, each in sorted(tallies.items())
        if each.met or each.unmet or each.not_applicable
    }
    return json.dumps({"families": families}, ensure_ascii=False, indent=2) + "\n"


def falls(tallies: Mapping[str, Tally], figures: Mapping[str, Figure]) -> Iterable[str]:
    """What got worse, a sentence each."""
    for name, tally in sorted(tallies.items()):
        if tally.crashes or tally.hangs:
            yield f"{name}: {tally.crashes} crashes and {tally.hangs} hangs"
    for name, figure in figures.items():
        tally = tallies.get(name, Tally())
        if tally.met < figure.met:
            yield f"{name}: {tally.met} met, {figure.met} before"
        share = tally.share or 0.0
        if share < figure.share - ROUNDING and figure.met:
            yield f"{name}: {share:.4f} of the applicable met, {figure.share:.4f} before"
        if tally.not_applicable > figure.not_applicable:
            more = tally.not_applicable
            yield f"{name}: {more} not applicable, {figure.not_applicable} before"
