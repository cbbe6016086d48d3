"""Permanent redirects, and when they are believed. Pure: the clock is an argument.

A site that is being rebuilt, or that sends everyone to a login page, redirects too. So a new
address is asked directly only after a week of healthy runs that were all led there.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

PROBATION: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where an address leads for good (`to`): the first and the last of the healthy runs in a
    row that were led there, and how many there were (`seen`)."""

    to: str
    since: datetime
    last: datetime
    seen: int


Moves = Mapping[str, Move]
"""Address as the connector asks for it → its move."""


def moves_after(
    before: Moves, asked: Mapping[str, str | None], now: datetime, *, healthy: bool
) -> dict[str, Move]:
    """What to remember after a run. `asked` says where each address led for good (None: nowhere,
    or its new address failed); what was not answered stands not in it.

    An unhealthy run proves nothing: it ends every probation and touches no settled move.
    """
    if not healthy:
        kept = settled(before)
        return {url: before[url] for url, to in kept.items() if asked.get(url, to) == to}
    return {url: _seen(before.get(url), to, now) for url, to in asked.items() if to is not None}


def _seen(before: Move | None, to: str, now: datetime) -> Move:
    if before is None or before.to != to:
        return Move(to=to, since=now, last=now, seen=1)
    return replace(before, last=now, seen=before.seen + 1)


def settled(moves: Moves) -> dict[str, str]:
    """Address → the address to ask instead."""
    return {url: move.to for url, move in moves.items() if move.last - move.since >= PROBATION}


def encode(moves: Moves) -> str:
    """Moves → JSON for the source's row."""
    return orjson.dumps({"moves": {url: asdict(move) for url, move in moves.items()}}).decode()


def decode(text: str | None) -> dict[str, Move]:
    """JSON of a source's row → its moves."""
    stored: dict[str, Any] = orjson.loads(text).get("moves", {}) if text else {}
    return {url: _move(**move) for url, move in stored.items()}


def _move(to: str, since: str, last: str, seen: int) -> Move:
    first, newest = map(datetime.fromisoformat, (since, last))
    return Move(to=to, since=first, last=newest, seen=seen)
