"""What changes in an offer without the offer having changed. Names only."""

from typing import Final

VOLATILE: Final = frozenset(
    {"anzahl_vermittlungen", "anzahl_aktueller_vermittlungen", "wertigkeit"}
)
"""Internal statistics: no reason to read an offer again, and never published."""
