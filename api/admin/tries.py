"""How often a password may be tried: a few times in a row, then slowly, for each client and for all
together. Holds numbers in memory, never more than for `CLIENTS` of them; the time is an argument.
"""

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil
from typing import Final


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many tries at once; one comes back after so many seconds."""

    tries: int
    seconds: float


EACH: Final = Allowance(10, 90.0)
"""Ten at once, and as many in a quarter of an hour: for one client."""
ALL: Final = Allowance(100, 9.0)
"""For all clients together, so that many addresses help nobody."""
CLIENTS: Final = 1000


@dataclass(frozen=True, slots=True)
class _Spent:
    """Tries spent as of a moment."""

    tries: float
    at: float


NOTHING: Final = _Spent(0.0, 0.0)


class Tries:
    """The wrong passwords of the last minutes. Times are seconds of a clock that never goes
    back."""

    def __init__(self, each: Allowance = EACH, everyone: Allowance = ALL) -> None:
        self._each = each
        self._everyone = everyone
        self._clients: OrderedDict[str, _Spent] = OrderedDict()
        self._all = NOTHING

    def spend(self, client: str, now: float) -> int | None:
        """Take one try: None, or the seconds to wait, at least 1, where there is none left. It
        is taken before the password is looked at, so that tries at the same time count too."""
        own = _left(self._clients.get(client, NOTHING), self._each, now)
        everyone = _left(self._all, self._everyone, now)
        wait = max(_wait(own, self._each), _wait(everyone, self._everyone))
        if wait > 0:
            return ceil(wait)
        self._keep(client, _Spent(own.tries + 1, now))
        self._all = _Spent(everyone.tries + 1, now)
        return None

    def give_back(self, client: str) -> None:
        """The password was right: that try, and the client's former ones, do not count."""
        self._clients.pop(client, None)
        self._all = _Spent(max(0.0, self._all.tries - 1), self._all.at)

    def _keep(self, client: str, spent: _Spent) -> None:
        self._clients[client] = spent
        self._clients.move_to_end(client)
        if len(self._clients) > CLIENTS:
            self._clients.popitem(last=False)


def _left(spent: _Spent, allowance: Allowance, now: float) -> _Spent:
    """What is still spent at `now`."""
    back = (now - spent.at) / allowance.seconds
    return _Spent(max(0.0, spent.tries - back), now)


def _wait(spent: _Spent, allowance: Allowance) -> float:
    """Seconds until a try is there."""
    return max(0.0, (spent.tries + 1 - allowance.tries) * allowance.seconds)
