"""Several records of one entity → its body, by authority. Pure.

Two cases today: a source alone; an editor's decisions over a source. An editor's record is a JSON
Merge Patch (RFC 7396).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from schema import canonical
from schema.codec import TEXT_FIELDS

EDITOR = "editor"
"""The source of editors' decisions: the highest authority."""


def merge(bodies: Sequence[tuple[str, bytes]]) -> bytes:
    """(source, body) of one entity's records, lowest authority first → the entity's body."""
    (_, body), *patches = bodies
    if not patches:
        return body
    merged: Any = orjson.loads(body)
    for _, patch in patches:
        merged = apply_patch(merged, orjson.loads(patch))
    return canonical(merged | {"text_languages": _languages(merged)})


def _languages(body: Mapping[str, Any]) -> list[str]:
    """An edit may bring a language or take the last text of one away."""
    return sorted({language for name in TEXT_FIELDS for language in body.get(name) or ()})


def apply_patch(value: Any, patch: Any) -> Any:
    """RFC 7396 §2: objects are merged, null removes, everything else replaces."""
    if not isinstance(patch, dict):
        return patch
    result = dict(value) if isinstance(value, dict) else {}
    for name, change in patch.items():
        if change is None:
            result.pop(name, None)
        else:
            result[name] = apply_patch(result.get(name), change)
    return result


def by_authority(source: str) -> tuple[bool, str]:
    """Sort key of sources: editors last, the others by id."""
    return (source == EDITOR, source)
