"""What the fake agency's list holds in any minute of its life. Pure: seed and minute in.

Every minute one offer is edited, one leaves, one comes (new or back), and nine get one and the
same edit stamp. The offers of the start are dealt into four groups, so that these changes never
fall on the same offer; each group's state follows from the minute alone, without a history.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from api.demo.offers import Offer, novelty, twin

LEAVING: Final = 20
"""Offers that leave for good, one every even minute from the second on."""
EDITED: Final = 56
"""Offers that are edited one by one."""
BLOCKS: Final = 16
BLOCK: Final = 9
"""Offers edited together: blocks of nine with one stamp."""
ABSENCE: Final = 21
"""Minutes that one of the others stays away."""
STAY: Final = 41
"""Minutes that a new offer stays, once the agency has enough of them."""
MINUTE: Final = 60
SEVENTH: Final = 7
"""Every seventh single edit says that nobody is wanted any more."""


@dataclass(frozen=True, slots=True)
class Life:
    """The agency's fate: `seed` deals the offers, `birth` (Unix seconds) dates the edits."""

    seed: int
    birth: int

    def stamp(self, minute: int) -> int:
        """The edit stamp of a minute, Unix seconds."""
        return self.birth + MINUTE * minute


@lru_cache(maxsize=4)
def offers_at(life: Life, minute: int) -> tuple[Offer, ...]:
    """The list in that minute: what is left of the start in its order, then what came."""
    fate = _deal(life.seed)
    kept = (_as_of(life, offer, fate[offer.id], minute) for offer in twin())
    return (*(offer for offer in kept if offer), *_novelties(life, minute))


@lru_cache(maxsize=4)
def _deal(seed: int) -> dict[int, int]:
    """Offer id → its position in an order that only the seed decides."""
    shuffled = sorted(twin(), key=lambda offer: blake2b(f"{seed}:{offer.id}".encode()).digest())
    return {offer.id: position for position, offer in enumerate(shuffled)}


def _as_of(life: Life, offer: Offer, position: int, minute: int) -> Offer | None:
    if position < LEAVING:
        return offer if minute < 2 * (position + 1) else None
    position -= LEAVING
    if position < EDITED:
        return _edited(life, offer, _latest(minute, position, EDITED))
    position -= EDITED
    if position < BLOCKS * BLOCK:
        return _edited_together(life, offer, _latest(minute, position // BLOCK, BLOCKS))
    position -= BLOCKS * BLOCK
    return None if _is_away(position, minute) else offer


def _latest(minute: int, turn: int, turns: int) -> int:
    """The last minute up to `minute` in which it was this turn; < 1: not yet."""
    return minute - (minute - 1 - turn) % turns


def _edited(life: Life, offer: Offer, minute: int) -> Offer:
    if minute < 1:
        return offer
    short = f"Aktualisiert, Stand {minute}. {offer.value('kurz_beschreibung')}"[:150]
    changed = offer.with_value("kurz_beschreibung", short).with_value(
        "bearbeitet", life.stamp(minute)
    )
    wanted = 0 if minute % SEVENTH == 0 else minute % 5 + 1
    return changed.with_value("anzahl_gesuche", wanted)


def _edited_together(life: Life, offer: Offer, minute: int) -> Offer:
    if minute < 1:
        return offer
    text = f"{offer.value('beschreibung')}\n\n<p>Bitte vorab anmelden (Stand {minute}).</p>"
    return offer.with_value("beschreibung", text).with_value("bearbeitet", life.stamp(minute))


def _is_away(position: int, minute: int) -> bool:
    """Whether one of the others is away: in odd minutes the next of them leaves for a while."""
    others = len(twin()) - LEAVING - EDITED - BLOCKS * BLOCK
    leavings = (minute + 1) // 2
    latest = leavings - 1 - (leavings - 1 - position) % others
    return latest >= 0 and minute - (2 * latest + 1) < ABSENCE


def _novelties(life: Life, minute: int) -> Iterator[Offer]:
    """In odd minutes something new comes; in even ones only until the first are back."""
    early, late = range(1, ABSENCE), range(minute - STAY, minute + 1)
    for born in sorted(born for born in {*early, *late} if 1 <= born <= minute):
        stays = born % 2 == 0 and born < ABSENCE
        passes = born % 2 == 1 and minute < born + STAY
        if stays or passes:
            yield novelty(born, life.stamp(born))
