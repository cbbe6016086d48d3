"""Answers kept in memory while they are the same: the least used go first. Knows no request."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Kept(Generic[V]):
    """Values by what they depend on, up to a weight in all; one that weighs more than a quarter
    of it is not kept. `weigh` says what one weighs."""

    def __init__(self, most: int, weigh: Callable[[V], int]) -> None:
        self.heaviest = most // 4
        self._most = most
        self._weigh = weigh
        self._weight = 0
        self._values: OrderedDict[Hashable, V] = OrderedDict()

    def get(self, key: Hashable) -> V | None:
        """What is kept under a key; it counts as used."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: Hashable, value: V) -> None:
        """Keep a value, in place of those that were not used for long."""
        weight = self._weigh(value)
        if weight > self.heaviest or key in self._values:
            return
        self._values[key] = value
        self._weight += weight
        while self._weight > self._most:
            _, oldest = self._values.popitem(last=False)
            self._weight -= self._weigh(oldest)
