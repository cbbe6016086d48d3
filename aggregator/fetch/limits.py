"""How much one document may cost: the one value that fetching and reading share."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """At most `max_bytes` decoded bytes; `max_seconds` for fetching, and as many for reading."""

    max_bytes: int
    max_seconds: float
