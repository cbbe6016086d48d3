"""When is a stored record stale? Digests over what made it. References only, never secret values.

A record is read again when its raw changed, or when what turns raws into entities changed: the
connector's version, its settings, or what mapping sees of the source.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from typing import Any, Final

from pydantic import BaseModel

from connectors.base import Connector, ConnectorSettings, Facts, Fetch, Manifest, Raw
from schema import canonical, digest
from schema.codec import DIGEST_SIZE

FINGERPRINT_VERSION: Final = 2
"""Counts up when `finish`, `cleaning` or the rules of this file change what is stored."""

PARTIAL: Final = (b"\x00", b"\x01")


def mapping_hash(connector: Connector[Any], settings: ConnectorSettings, facts: Facts) -> bytes:
    """Everything but the raw that decides what a record becomes → 16 bytes.

    Settings marked `Fetch` are left out: they only say where and how to fetch.
    """
    manifest = connector.manifest
    return digest(
        canonical([FINGERPRINT_VERSION, manifest.name, manifest.version]),
        canonical(settings.model_dump(mode="json", exclude=set(_steering(type(settings))))),
        canonical(replace(facts, terms=dict(facts.terms))),
    )


def fingerprint(mapping: bytes, manifest: Manifest, raw: Raw) -> bytes:
    """One raw under one `mapping_hash` → 16 bytes. Volatile fields do not count."""
    data: Mapping[str, Any] = raw.data
    volatile = manifest.volatile
    if not volatile.isdisjoint(data):
        data = {name: value for name, value in data.items() if name not in volatile}
    return blake2b(
        b"".join((mapping, PARTIAL[raw.partial], canonical(data))), digest_size=DIGEST_SIZE
    ).digest()


@cache
def _steering(model: type[BaseModel]) -> frozenset[str]:
    fields = model.model_fields.items()
    return frozenset(n for n, field in fields if any(_is_fetch(mark) for mark in field.metadata))


def _is_fetch(mark: object) -> bool:
    return mark is Fetch or isinstance(mark, Fetch)
