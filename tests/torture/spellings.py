"""Finding a secret in bytes, however it may be spelled. Pure."""

import json
import zlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable
from html import escape
from urllib.parse import quote, quote_plus

from aggregator.store.compression import Damaged, decompress

SHORTEST = 8


def spellings(secret: str) -> frozenset[bytes]:
    """A secret → what it looks like in texts, addresses, JSON, HTML, hexadecimal and base64."""
    raw = secret.encode()
    quoted = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    texts = {secret, repr(secret)[1:-1], json.dumps(secret)[1:-1], escape(secret), *quoted}
    texts |= {quote(one, safe="") for one in quoted} | {raw.hex()}
    plain = {text.encode().lower() for text in texts}
    plain.add(json.dumps(secret, ensure_ascii=False)[1:-1].encode().lower())
    plain.add(secret.encode("latin-1", "replace").lower())
    plain.add(secret.encode("unicode_escape").lower())
    return frozenset({*plain, *_base64(raw)})


def _base64(raw: bytes) -> Iterable[bytes]:
    """The part of each of the three base64 spellings that does not depend on the neighbours."""
    for start in range(3):
        for code in (b64encode, urlsafe_b64encode):
            inner = code(bytes(start) + raw)[4 if start else 0 : -4]
            if len(inner) >= SHORTEST:
                yield inner.lower()


def hits(data: bytes, wanted: Iterable[bytes]) -> int:
    """How many spellings stand in some bytes, plain or compressed."""
    return max(sum(one in text for one in wanted) for text in map(bytes.lower, unpacked(data)))


def unpacked(data: bytes) -> list[bytes]:
    """Bytes as they are, and as they were before they were compressed."""
    found = [data]
    for unpack in (decompress, lambda packed: zlib.decompress(packed, 47)):
        try:
            found.append(unpack(data))
        except (Damaged, zlib.error, ValueError):
            continue
    return found
