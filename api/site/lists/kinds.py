"""Which lists there are for people, and which fields each one's form has. Data only."""

from dataclasses import dataclass, replace
from typing import Final

from schema.entities import COLLECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A list of one kind. `first` are the fields in sight, `more` those behind a fold; what else
    a query narrows down by is kept and can be removed, but has no field."""

    kind: str
    first: tuple[str, ...]
    more: tuple[str, ...]
    counts: str | None = None
    """What its total counts, where that is not the kind."""

    @property
    def counted(self) -> str:
        """What the entries of the list are called."""
        return self.counts or self.kind

    @property
    def collection(self) -> str:
        """The plural that stands in addresses."""
        return COLLECTIONS[self.kind]

    @property
    def path(self) -> str:
        """The page's address."""
        return f"/{self.collection}"

    @property
    def data(self) -> str:
        """The address of the same list as data."""
        return f"/v1/{self.collection}"


_USUAL: Final = ("q", "near", "radius", "category")
OFFERS: Final = Listed(
    kind="offer",
    first=_USUAL,
    more=("city", "organisation", "commitment", "remote", "status", "has_lang", "source"),
)
ORGANISATIONS: Final = Listed(
    kind="organisation",
    first=_USUAL,
    more=("city", "type", "initiative_type", "open_for_cooperation", "has_lang", "source"),
)
PROJECTS: Final = Listed(
    kind="project",
    first=_USUAL,
    more=("city", "form", "status", "has_lang", "source"),
)
EVENTS: Final = Listed(
    kind="event",
    counts="occurrence",
    first=(*_USUAL, "from", "to"),
    more=("city", "organisation", "type", "attendance", "status", "has_lang", "source"),
)
MONTHS: Final = replace(EVENTS, first=_USUAL)
"""Events of a month, which is chosen otherwise than by fields."""
RADII: Final = ("2", "5", "10", "25", "50", "100")
"""Kilometres to choose from."""
