"""One at a time does what many want at once; the others wait for what it finds."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Flights(Generic[V]):
    """What is being made right now, by what it is made for. `told` are the errors that all who
    wait are told; after another one, or when the first is cancelled, the next one tries."""

    def __init__(self, told: tuple[type[Exception], ...]) -> None:
        self._told = told
        self._running: dict[Hashable, asyncio.Future[V]] = {}

    async def share(self, key: Hashable, make: Callable[[], Awaitable[V]]) -> V:
        """What `make` makes, or what another one who came first is making of the same."""
        while (running := self._running.get(key)) is not None:
            try:
                return await asyncio.shield(running)
            except asyncio.CancelledError:
                if not running.cancelled():  # it is us who are to end
                    raise
        running = self._running[key] = asyncio.get_running_loop().create_future()
        try:
            made = await make()
        except self._told as error:
            running.set_exception(error)
            running.exception()  # there may be nobody who waits
            raise
        else:
            running.set_result(made)
            return made
        finally:
            del self._running[key]
            if not running.done():
                running.cancel()
