"""What a process that runs for months loads at its start stays. The collector of garbage need not
look through it, neither meanwhile nor with every full round later, which halts all answers.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def starting() -> Iterator[None]:
    """No garbage is collected until `started`, or until the block ends."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def started() -> None:
    """What there is now is never looked at again; from now on garbage is collected."""
    gc.freeze()
    gc.enable()
