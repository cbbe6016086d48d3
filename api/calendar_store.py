"""What is kept of calendars that were asked for. Knows no request."""

from aggregator.queries.calendar import Outline
from api.keeping import Kept

LEAVES = 20_000


class Calendars:
    """Outlines by feed and question."""

    def __init__(self) -> None:
        self.outlines: Kept[Outline] = Kept(LEAVES, lambda outline: len(outline.leaves) + 1)
