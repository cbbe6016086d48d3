"""How often a source may be asked at most. Pure: settings in, seconds out."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from aggregator.settings import FLOOR, FLOOR_LOOPBACK, FLOOR_WITH_KEY


def floor(settings: Mapping[str, Any], *, has_key: bool, allow_loopback: bool) -> float:
    """A connector's settings → seconds that must lie between two visits of its source."""
    hosts = tuple(_hosts(settings))
    if allow_loopback and hosts and all(is_loopback(host) for host in hosts):
        return FLOOR_LOOPBACK
    return FLOOR_WITH_KEY if has_key else FLOOR


def _hosts(settings: Mapping[str, Any]) -> Iterator[str]:
    for value in settings.values():
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            yield urlsplit(value).hostname or ""


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def in_words(seconds: float) -> str:
    """Seconds → "20s", "15m", "1h" as they are written in the file."""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s"
