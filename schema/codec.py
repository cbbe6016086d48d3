"""Entities ↔ canonical JSON bytes, and digests of them. Nothing else decides what "equal" means.

Canonical: UTF-8, keys sorted, absent fields left out, no NaN, no white space.
"""

import re
from hashlib import blake2b
from typing import Final

import orjson

from schema.entities import KINDS, Entity

DIGEST_SIZE: Final = 16
TEXT_FIELDS: Final = ("title", "summary", "description")
"""The texts whose languages make an entity's `text_languages`."""

_UID: Final = re.compile(rb'"source_uid":"(?:[^"\\]|\\.)*",?')
"""A quote inside of a text has a backslash before it: this is found as a field only."""


def canonical(value: object) -> bytes:
    """JSON-able value → canonical bytes. Raises `TypeError` for what JSON cannot hold."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def encode(entity: Entity) -> bytes:
    """Entity → body bytes: without native id and references, which are columns of their own."""
    dumped = entity.model_dump(mode="json", exclude_none=True)
    dumped["text_languages"] = languages_of(entity)
    return canonical(dumped)


def languages_of(entity: Entity) -> list[str]:
    """Entity → the languages its texts are in, sorted."""
    fields = (getattr(entity, name) for name in TEXT_FIELDS)
    return sorted({language for texts in fields if texts for language in texts})


def decode(kind: str, native_id: str, body: bytes) -> Entity:
    """Body bytes of `kind` → entity. Raises `KeyError` for an unknown kind and pydantic's
    `ValidationError` for a body that is not of that kind."""
    fields = orjson.loads(body)
    fields.pop("text_languages", None)
    return KINDS[kind].model_validate({**fields, "native_id": native_id})


def telling(body: bytes) -> bytes:
    """Body bytes → what of them is compared: all but the UID of a source. Many calendars give
    every event another one in each answer, which is no news."""
    return _UID.sub(b"", body) if b'"source_uid"' in body else body


def digest(*parts: bytes) -> bytes:
    """Parts → blake2b-128 over their lengths and bytes (so that no two splits collide)."""
    state = blake2b(digest_size=DIGEST_SIZE)
    for part in parts:
        state.update(len(part).to_bytes(8, "big"))
        state.update(part)
    return state.digest()
