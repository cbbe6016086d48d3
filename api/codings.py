"""Content codings: which one a client gets (RFC 9110 12.5.3), and whole bodies in it.

A body is compressed whole: joined members of gzip break clients. Each coding of an answer has a
strong tag of its own, told by a suffix.
"""

import gzip
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

IDENTITY: Final = "identity"
LEAST: Final = 1024
"""Shorter bodies gain nothing: they fit into one packet as they are."""
GZIP_LEVEL: Final = 6
ZSTD_LEVEL: Final = 6
COMPRESSIBLE: Final = (
    "text/",
    "application/json",
    "application/problem+json",
    "application/openapi+json",
    "application/javascript",
    "image/svg+xml",
)
LONGEST: Final = 1000
"""Characters of an Accept-Encoding that are looked at."""


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


def _zstd(body: bytes) -> bytes:
    return zstd.compress(body, ZSTD_LEVEL)


CODERS: Final[Mapping[str, Callable[[bytes], bytes]]] = {"zstd": _zstd, "gzip": _gzip}
"""The codings there are, the preferred one first. `x-gzip` is an old name of gzip's."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a client takes: the coding it gets at best (None: none of ours), and whether it takes
    bytes as they are."""

    coding: str | None
    identity: bool = True


def choose(accepted: str | None) -> Choice:
    """An `Accept-Encoding`, or None → what its client gets. The highest weight wins, of equal ones
    the smaller body; a wrong weight counts as 0. Without the header bytes go out as they are."""
    return Choice(None) if accepted is None else _chosen(accepted[:LONGEST])


@lru_cache(maxsize=1024)
def _chosen(accepted: str) -> Choice:
    weights = _weights(accepted)
    others = weights.get("*")
    identity = weights.get(IDENTITY, 0.001 if others is None else others)
    best, highest = None, 0.0
    for coding in CODERS:
        weight = weights.get(coding, others or 0.0)
        if weight > highest:
            best, highest = coding, weight
    if best is not None and weights.get(IDENTITY, 0.0) > highest:
        best = None
    return Choice(best, identity=identity > 0)


def _weights(accepted: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in accepted.split(","):
        name, *parameters = (each.strip().lower() for each in part.split(";"))
        if name:
            found[name.removeprefix("x-") if name == "x-gzip" else name] = _weight(parameters)
    return found


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return 0.0
            return weight if 0 <= weight <= 1 else 0.0
    return 1.0


def compressible(media_type: str) -> bool:
    """Whether bodies of a media type get smaller at all."""
    return media_type.startswith(COMPRESSIBLE)


def tagged(tag: str, coding: str) -> str:
    """An answer's strong tag → that of the same answer in a coding."""
    return tag if coding == IDENTITY else f'{tag[:-1]}-{coding}"'


def tags_of(tag: str) -> frozenset[str]:
    """An answer's strong tag → all that it has, one a coding."""
    return frozenset({tag, *[tagged(tag, coding) for coding in CODERS]})
