"""The child: reads hostile bytes with a connector, under limits, and says what it understood.

`python -I -m aggregator.sandbox.child DESCRIPTOR`: orders come on stdin, answers go to stdout,
both as frames; DESCRIPTOR is its worksheet. It ends when stdin does.
"""

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from itertools import count
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any, BinaryIO, Final

from pydantic import ValidationError

from aggregator.harvest import Refusal
from aggregator.sandbox.batches import Basket, Portion, of_other, of_raw
from aggregator.sandbox.confinement import OUT_OF_MEMORY, allow_computing, confine, resident
from aggregator.sandbox.drafting import Drafted, Drafter, Same, Stages
from aggregator.sandbox.foreign import Foreign, place_of, problem_of_document
from aggregator.sandbox.frames import BadFrame, Frame, read_frame, write_frame
from aggregator.sandbox.messages import (
    OPENED,
    READY,
    Order,
    known_of,
    problem_frame,
    requests_frame,
    value,
)
from aggregator.sandbox.work import Worksheet
from connectors.base import Connector, Document, Facts, Raw, Request, Understood
from connectors.registry import UnknownConnector, load_whole
from schema import Problem

_END: Final = object()


class Child:
    """One child's work: a session at a time, one order after the other."""

    def __init__(self, orders: BinaryIO, answers: BinaryIO, sheet: Worksheet) -> None:
        self._orders = orders
        self._answers = answers
        self._sheet = sheet
        self._drafter: Drafter | None = None
        self._foreign = Foreign()

    def serve(self) -> None:
        """Answer orders until there are no more."""
        self._say(READY)
        while (frame := read_frame(self._orders)) is not None:
            allow_computing(0)
            match frame.header["do"]:
                case "load":
                    self._load(frame.header["connectors"])
                case "open":
                    self._open(frame)
                case "start":
                    self._start(frame.header["state"])
                case _:
                    self._read(value(Order, frame.header["order"]))

    def _say(self, frame: Frame) -> None:
        write_frame(self._answers, frame)

    def _load(self, names: list[str]) -> None:
        """Import connectors ahead of their first use; a failure shows when they are used."""
        for name in names:
            with self._foreign:
                find(name)
        self._say(READY)

    def _open(self, frame: Frame) -> None:
        self._drafter = None
        with self._foreign:
            connector = find(frame.header["connector"])
            self._drafter = Drafter(
                connector=connector,
                settings=connector.Settings.model_validate(frame.header["settings"]),
                facts=value(Facts, frame.header["facts"]),
                known=known_of(frame),
            )
        error = self._foreign.raised()
        self._say(OPENED if error is None else problem_frame(_problem_of_opening(error)))

    def _start(self, state: Any) -> None:
        drafter, requests = self._opened(), list[Request]()
        with self._foreign:
            requests += drafter.connector.start(drafter.settings, state)
        error = self._foreign.raised()
        self._say(
            requests_frame(requests) if error is None else problem_frame(problem_of_document(error))
        )

    def _read(self, order: Order) -> None:
        """Answer with batches, then with the last one or the problem that ended them."""
        drafter = self._opened()
        allow_computing(size_of(order.document))
        drafter.stages = Stages()
        basket = Basket(order.skip)
        for position, item in enumerate(self._items(drafter, order.document)):
            if position >= order.skip:
                for frame in basket.put(self._portion(order, position, item)):
                    self._say(frame)
        error = self._foreign.raised()
        if error is None:
            self._say(basket.end(drafter.stages, resident()))
            return
        for frame in basket.flush():
            self._say(frame)
        self._say(problem_frame(problem_of_document(error)))

    def _items(self, drafter: Drafter, document: Document) -> Iterator[Understood]:
        """What the connector understands of a document, until it ends or raises."""
        items: Iterator[Understood] = iter(())
        with self._foreign:
            items = iter(drafter.connector.read(document, drafter.settings))
        for position in count():
            self._sheet.write(position)
            item: Any = _END
            began = perf_counter()
            if self._foreign.raised() is None:
                with self._foreign:
                    item = next(items, _END)
            drafter.stages.read += perf_counter() - began
            if item is _END:
                return
            yield item

    def _portion(self, order: Order, position: int, item: Understood) -> Portion:
        """What one item becomes; nothing, if a connector must not yield it."""
        if isinstance(item, Raw):
            return of_raw(self._taken(order, position, item))
        with self._foreign:
            return of_other(item)
        return Portion()

    def _taken(self, order: Order, position: int, raw: Raw) -> Same | Drafted | Refusal:
        drafter, locator = self._opened(), f"#{position}"
        if position == order.poison:
            return drafter.refuse(raw, locator, order.reason)
        self._sheet.write(position + 1, monotonic())
        taken = drafter.take(raw, locator)
        self._sheet.write(position + 1)
        return taken

    def _opened(self) -> Drafter:
        if self._drafter is None:
            raise BadFrame("no session is open")
        return self._drafter


def size_of(document: Document) -> int:
    """Bytes of a document; 0 when it has none, or none that can be read."""
    try:
        return Path(document.path).stat().st_size if document.path else 0
    except OSError:
        return 0


def find(name: str) -> Connector[Any]:
    """A connector by its name, or by `module:Class`. Raises `LookupError` or `ImportError`."""
    module, colon, kind = name.partition(":")
    if not colon:
        return load_whole(name)
    connector: Connector[Any] = getattr(import_module(module), kind)()
    return connector


def _problem_of_opening(error: Exception) -> Problem:
    match error:
        case UnknownConnector():
            return Problem("settings.unknown_connector", "connector", str(error))
        case ValidationError():
            where = [".".join(map(str, each["loc"])) for each in error.errors(include_input=False)]
            return Problem("settings.invalid", "settings", f"not valid: {', '.join(where)}")
        case _:
            return Problem("settings.unknown_connector", "connector", place_of(error))


def main() -> None:
    """Confine this process, then serve. What connectors print goes nowhere."""
    sheet = Worksheet(int(sys.argv[1]))
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "r+b", buffering=0) as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(nothing.fileno(), 1)
    confine()
    try:
        Child(orders, answers, sheet).serve()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BrokenPipeError:  # nobody is left to answer to
        os._exit(0)


if __name__ == "__main__":
    main()
