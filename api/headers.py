"""The headers that every answer has, whatever it says. Knows no route and no store."""

from collections.abc import Mapping
from typing import Final

SECURITY: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Server": "allmende",
}
SHARED: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Last-Modified, Link, Age, Retry-After, RateLimit, RateLimit-Policy"
    ),
}
PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": "If-None-Match, Cache-Control",
    "Access-Control-Max-Age": "86400",
}
DATA: Final = "/v1/"
PROBES: Final = frozenset({"/healthz", "/readyz"})
OTHER_DATA: Final = PROBES | {"/v1", "/openapi.json"}


def is_data(path: str) -> bool:
    """Whether programs read what is at this path (as routes know it), not people."""
    return path.startswith(DATA) or path in OTHER_DATA


def standing(path: str, policy: str) -> Mapping[str, str]:
    """What an answer at a path carries besides its own headers; `policy` is the route's."""
    more = SHARED if is_data(path) else {}
    return {**SECURITY, "Content-Security-Policy": policy, **more}


def vary_with(present: str | None, *names: str) -> str:
    """A `Vary` with more request headers that an answer depends on, each once."""
    said = [name.strip() for name in present.split(",")] if present else []
    return ", ".join(dict.fromkeys([*said, *names]))
