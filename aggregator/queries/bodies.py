"""Documents that were read, remembered by the change that made them: after a write, most of what a
page shows is what it showed before. Reads nothing.

As long as epoch and view of the feed are the same, a change number names one document; entity
tags rest on the same.
"""

from collections.abc import Sequence
from typing import Final

from aggregator.queries.wanted import Page

MOST: Final = 16 * 1024 * 1024
"""Bytes that are remembered."""


class Shelf:
    """Documents under one mark (epoch and view), up to `most` bytes; the oldest go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._weight = 0
        self._bodies: dict[int, bytes] = {}

    def filled(self, page: Page) -> Page | None:
        """A page without bodies → with them; None where one is not there."""
        try:
            return page.showing(tuple(map(self._bodies.__getitem__, page.changes)))
        except KeyError:
            return None

    def keep(self, changes: Sequence[int], bodies: Sequence[bytes]) -> None:
        """Remember the documents that some changes made."""
        kept = self._bodies
        for change, body in zip(changes, bodies, strict=True):
            if change not in kept:
                kept[change] = body
                self._weight += len(body)
        while self._weight > self._most:
            self._weight -= len(kept.pop(next(iter(kept))))


class Bodies:
    """The shelf of the newest mark that was asked for."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._mark = ""
        self._shelf = Shelf(most)

    def under(self, mark: str) -> Shelf:
        """What is remembered under a mark."""
        if mark != self._mark:
            self._mark, self._shelf = mark, Shelf(self._most)
        return self._shelf
