"""Whether work grows out of proportion to its input, told from its own processor time.

Input TIMES as long costs linear work TIMES as much and quadratic work TIMES² as much. The bound
stands in the geometric middle, so that a measurement may be wrong by the root of TIMES either way.
Of both lengths the cheapest of several measurements counts: what disturbs only ever adds to it.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from math import inf
from time import thread_time
from typing import Any

TIMES = 16
BOUND = TIMES**1.5
WORTH = 0.02
"""Seconds: what takes less over the longest input needs no comparison."""
LONG = 5.0
"""Seconds that a part of the longest input may take before anything is compared."""
ROUNDS = 3


def seconds(work: Callable[[], object]) -> float:
    """Processor time of this thread, while no garbage of other tests is collected."""
    with untidied():
        began = thread_time()
        work()
        return thread_time() - began


@contextmanager
def untidied() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def grows_too_fast(
    work: Callable[[Any], object], make: Callable[[int], Any], longest: int = 16_384
) -> str | None:
    """What is wrong with the time that work takes; nothing where it is in proportion.

    Compared at the longest input, behind every bound that a pattern sets to its repetitions. What
    takes long before that is not waited for.
    """
    for length in (longest >> 6, longest >> 4, longest >> 2):
        if (early := seconds(partial(work, make(length)))) > LONG:
            return f"{early:.1f} s for an input {length} long"
    long = least(work, make(longest), WORTH)
    short = inf
    for _ in range(ROUNDS):
        short = min(short, least(work, make(longest // TIMES)))
        if long < max(WORTH, BOUND * short):
            return None
        long = min(long, seconds(partial(work, make(longest))))
    return f"{short:.5f} s, and {long:.3f} s for {TIMES} times as much, {longest} long"


def least(work: Callable[[Any], object], given: object, enough: float = 0.0) -> float:
    """The cheapest of three measurements, or the first that is below what is enough."""
    cheapest = inf
    for _ in range(3):
        cheapest = min(cheapest, seconds(partial(work, given)))
        if cheapest < enough:
            break
    return cheapest
