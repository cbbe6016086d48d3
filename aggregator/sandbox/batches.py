"""What one item of a document becomes, gathered into frames of a bounded size. Pure; in the child.

Everything that belongs to one item travels in one frame: a reader that dies can go on behind the
last frame without losing or doubling anything.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import orjson

from aggregator.harvest import Refusal
from aggregator.sandbox.drafting import Drafted, Same, Stages
from aggregator.sandbox.frames import Frame
from aggregator.sandbox.messages import draft_bodies, draft_header, refusal_header
from connectors.base import Complete, Cursor, Gone, Request
from schema import Problem

MOST_DRAFTS: Final = 200
MOST_BYTES: Final = 256 * 1024
PUNCTUATION: Final = 8
"""Bytes around each piece: commas, and the lengths of bodies."""
LARGEST_CURSOR: Final = 64 * 1024
LISTS: Final = ("drafts", "same", "refusals", "findings", "gone", "requests")


@dataclass(slots=True)
class Portion:
    """What one item becomes: parts by the list of the header they go to (JSON, or a pair of
    texts, of which there may be very many), and bodies."""

    parts: list[tuple[str, bytes | tuple[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    raws: list[bytes] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes in a frame."""
        sizes = [len(p) if isinstance(p, bytes) else len(p[0]) + len(p[1]) for _, p in self.parts]
        sizes += map(len, (*self.bodies, *self.raws))
        return sum(sizes) + PUNCTUATION * len(sizes)

    def add(self, name: str, value: object) -> None:
        """Add to a list. Raises `TypeError` for what JSON cannot hold."""
        self.parts.append((name, orjson.dumps(value)))


def of_raw(taken: Same | Drafted | Refusal) -> Portion:
    """What became of a raw."""
    portion = Portion()
    if isinstance(taken, Same):
        portion.parts.append(("same", (taken.kind, taken.key)))
    elif isinstance(taken, Refusal):
        portion.add("refusals", refusal_header(taken))
        portion.raws.append(taken.raw)
    else:
        for draft in taken.drafts:
            portion.add("drafts", draft_header(draft))
            portion.bodies += draft_bodies(draft)
        for problem in taken.findings:
            portion.add("findings", problem)
    return portion


def of_other(item: object) -> Portion:
    """Everything but raws. Raises `TypeError` for what a connector must not yield, `ValueError`
    for a cursor beyond 64 KiB."""
    portion = Portion()
    match item:
        case Request():
            portion.add("requests", item)
        case Problem():
            portion.add("findings", item)
        case Gone():
            portion.add("gone", (item.kind, item.native_id))
        case Complete():
            portion.add("complete", item.scope)
        case Cursor():
            portion.add("cursor", item.data)
            if portion.size > LARGEST_CURSOR:
                raise ValueError("a cursor beyond 64 KiB")
        case _:
            raise TypeError(f"a connector must not yield a {type(item).__name__}")
    return portion


class Basket:
    """The next frame of one document, while it fills. `upto` counts the items in full frames."""

    def __init__(self, upto: int) -> None:
        self._upto = upto
        self._portions: list[Portion] = []
        self._size = 0
        self._drafts = 0

    def put(self, portion: Portion) -> Iterator[Frame]:
        """Add what the next item became; first comes the frame that is full without it."""
        drafts, size = sum(name == "drafts" for name, _ in portion.parts), portion.size
        if self._size + size > MOST_BYTES or self._drafts + drafts > MOST_DRAFTS:
            yield from self.flush()
        self._portions.append(portion)
        self._size += size
        self._drafts += drafts

    def flush(self) -> Iterator[Frame]:
        """What has gathered, if anything has."""
        if self._portions:
            yield self._frame(last=False)

    def end(self, stages: Stages, memory: int) -> Frame:
        """The document's last frame."""
        return self._frame(last=True, stages=asdict(stages), memory=memory)

    def _frame(self, **more: Any) -> Frame:
        header: dict[str, Any] = {name: [] for name in LISTS}
        header |= {"is": "batch", "complete": None, "cursor": None, "stages": {}, "memory": 0}
        for portion in self._portions:
            for name, part in portion.parts:
                value = orjson.Fragment(part) if isinstance(part, bytes) else part
                if name in LISTS:
                    header[name].append(value)
                else:
                    header[name] = value
        bodies = [body for portion in self._portions for body in portion.bodies]
        raws = [raw for portion in self._portions for raw in portion.raws]
        self._upto += len(self._portions)
        self._portions, self._size, self._drafts = [], 0, 0
        return Frame({**header, **more, "upto": self._upto}, [*bodies, *raws])
