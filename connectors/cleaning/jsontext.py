"""Read JSON that sources send, and quote their JSON error bodies shortly. No I/O of its own."""

import re
from typing import Any, Final

import orjson

from connectors.cleaning.contacts import mask
from schema.normal.text import one_line

LONGEST_QUOTE: Final = 120
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONE_SURROGATE: Final = re.compile(
    r"(?<!\\)((?:\\\\)*)(?:\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2})"
)
_TOKEN: Final = re.compile(r"[\w-]{0,200}\d[\w-]{0,200}")
_MESSAGES: Final = ("message", "error", "detail", "title", "description", "status")


def load(data: bytes) -> tuple[Any, bool]:
    """JSON bytes → (value, whether something JSON forbids became U+FFFD on the way).

    Raises `ValueError` for what is no JSON: cut, NaN, nested too deeply.
    """
    bare = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return orjson.loads(bare), False
    except orjson.JSONDecodeError:
        text = _CONTROLS.sub("\ufffd", bare.decode("utf-8", "replace"))
        return orjson.loads(_LONE_SURROGATE.sub("\\1\ufffd", text)), True


def quoted_error(head: str) -> str | None:
    """The start of an answer → the error message inside it if it is a JSON object, else None.

    Words with digits could be keys or addresses: they are left out.
    """
    if not head.lstrip().startswith("{"):
        return None
    try:
        value = orjson.loads(head)
    except orjson.JSONDecodeError:
        return "JSON"
    said = mask(one_line(_message(value)))[0]
    return f"JSON: {_TOKEN.sub('…', said)[:LONGEST_QUOTE]}" if said else "JSON"


def _message(value: Any) -> str:
    """The first message in a JSON object, looked for inside objects too."""
    while isinstance(value, dict):
        value = next((value[name] for name in _MESSAGES if value.get(name)), None)
    return value if isinstance(value, str) else ""
