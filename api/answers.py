"""Answers that were given, kept as long as they hold and a while longer. Knows no request.

An answer holds as long as its head does (see `heads`). Afterwards it is asked whether it still
says the same, and it stands in while the database is away. The least used go first.
"""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from api.codings import tags_of
from api.heads import Head

OVERHEAD: Final = 2048
"""Bytes that an answer takes besides its bodies."""
TARGETS: Final = 8192
"""How many spellings of requests are remembered."""
SPELLING: Final = 1000
"""Characters of one; a longer one is read each time."""

Key = tuple[Hashable, ...]
"""What an answer is kept under: route, path parameters, canonical query, language."""
Spelling = tuple[str, str | None, str | None]
"""Target, Accept-Encoding and Accept-Language, as they came."""


@dataclass(kw_only=True)
class Answer:
    """An answer without its codings' headers. `body` is None where only its tag is known. What
    is made of it (`coded` bodies, whole `heads` of answers) is kept beside it."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None
    standing: Mapping[str, str]
    coded: dict[str, bytes] = field(default_factory=dict)
    heads: dict[tuple[int, str | None], bytes] = field(default_factory=dict)
    asked: int = 0
    """How often it was sent."""

    @property
    def tag(self) -> str | None:
        """Its strong entity tag, as bytes that are not coded have it."""
        return self.headers.get("ETag")

    @cached_property
    def tags(self) -> frozenset[str]:
        """Its tags in all codings."""
        return tags_of(self.tag) if self.tag else frozenset()

    @property
    def weight(self) -> int:
        """Bytes it takes."""
        return OVERHEAD + len(self.body or b"") + sum(map(len, self.coded.values()))


@dataclass(slots=True)
class Entry:
    """An answer that is kept: under which head it was made, when (the loop's time), and until
    when it may be given without asking."""

    answer: Answer
    head: Head | None
    made: float
    until: float

    def holds(self, head: Head | None, now: float) -> bool:
        """Whether it may be given under this head."""
        return self.head is head and now < self.until


class Answers:
    """Entries by key, up to a weight in all; and which key a spelling of a request leads to."""

    def __init__(self, most: int) -> None:
        self.heaviest = most // 4
        self._most = most
        self._weight = 0
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._weights: dict[Key, int] = {}
        self._targets: OrderedDict[Spelling, Key] = OrderedDict()

    def get(self, key: Key) -> Entry | None:
        """What is kept under a key; it counts as used."""
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
        return entry

    def led_to(self, spelling: Spelling) -> Entry | None:
        """What a request of this spelling was answered with."""
        key = self._targets.get(spelling)
        if key is None:
            return None
        self._targets.move_to_end(spelling)
        return self.get(key)

    def put(self, key: Key, entry: Entry) -> None:
        """Keep an entry in place of the one that was kept, and of those not used for long."""
        self._drop(key)
        if entry.answer.weight > self.heaviest:
            return
        self._entries[key] = entry
        self.weigh(key)

    def weigh(self, key: Key) -> None:
        """Take note that an entry has another weight now."""
        entry = self._entries.get(key)
        if entry is None:
            return
        weight = entry.answer.weight
        self._weight += weight - self._weights.get(key, 0)
        self._weights[key] = weight
        while self._weight > self._most:
            self._drop(next(iter(self._entries)))

    def lead(self, spelling: Spelling, key: Key) -> None:
        """Remember which key a spelling leads to."""
        target, coding, language = spelling
        if len(target) + len(coding or "") + len(language or "") > SPELLING:
            return
        self._targets[spelling] = key
        if len(self._targets) > TARGETS:
            self._targets.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        for store in (self._entries, self._weights, self._targets):
            store.clear()
        self._weight = 0

    def _drop(self, key: Key) -> None:
        if self._entries.pop(key, None) is not None:
            self._weight -= self._weights.pop(key)
