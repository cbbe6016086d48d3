"""Secret references → their values, at the last moment before dialling. Keeps and logs nothing.

Every value read here is known to the redactor from then on.
"""

import os
from pathlib import Path

from aggregator.errors import Unfetchable
from aggregator.fetch.redact import remember
from connectors.base import Secret
from schema import Problem


def resolve(value: str | Secret) -> str:
    """A plain value unchanged, a reference (`env:NAME`, `file:/path`) → its value without white
    space around it. Raises `Unfetchable` (source.secret_missing), naming the reference only."""
    if isinstance(value, str):
        return value
    kind, _, place = value.reference.partition(":")
    secret = (_READERS[kind](place) if kind in _READERS else "").strip()
    if not secret.isprintable() or not secret:
        raise _missing(value)
    remember(secret)
    return secret


def _from_environment(name: str) -> str:
    return os.environ.get(name, "")


def _from_file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError):  # unreadable, not UTF-8, or no path at all
        return ""


_READERS = {"env": _from_environment, "file": _from_file}


def _missing(secret: Secret) -> Unfetchable:
    kind, _, place = secret.reference.partition(":")
    named = f"{kind}:{place}" if kind in _READERS else "a reference of unknown form"
    return Unfetchable(Problem("source.secret_missing", message=f"{named} holds no usable value"))
