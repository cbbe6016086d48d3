"""Entities ↔ canonical JSON bytes, and digests of them. Nothing else decides what "equal" means.

Canonical: UTF-8, keys sorted, absent fields left out, no NaN, no white space.
"""

from hashlib import blake2b

import orjson

from schema.entities import KINDS, Entity

DIGEST_SIZE = 16


def canonical(value: object) -> bytes:
    """JSON-able value → canonical bytes. Raises `TypeError` for what JSON cannot hold."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def encode(entity: Entity) -> bytes:
    """Entity → body bytes: without native id and references, which are columns of their own."""
    return canonical(entity.model_dump(mode="json", exclude_none=True))


def decode(kind: str, native_id: str, body: bytes) -> Entity:
    """Body bytes of `kind` → entity. Raises `KeyError` for an unknown kind and pydantic's
    `ValidationError` for a body that is not of that kind."""
    return KINDS[kind].model_validate({**orjson.loads(body), "native_id": native_id}, strict=False)


def digest(*parts: bytes) -> bytes:
    """Parts → blake2b-128 over their lengths and bytes (so that no two splits collide)."""
    state = blake2b(digest_size=DIGEST_SIZE)
    for part in parts:
        state.update(len(part).to_bytes(8, "big"))
        state.update(part)
    return state.digest()
