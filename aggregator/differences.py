"""Two bodies of one record → what differs, field by field, in words. Pure.

Names fields as the schema does, with spaces; decides nothing about who may see a value.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

LONGEST: Final = 120
"""Characters of a value that are shown whole; of a longer one, what differs."""
AROUND: Final = 24
"""Characters shown on either side of what differs."""
DERIVED: Final = frozenset({"text_languages"})
"""Fields that follow from others."""
DOUBLED: Final = {"description_html": "description"}
"""The same text in another form: not told twice."""
TEXTS: Final = frozenset(
    {
        "title", "summary", "description", "description_html", "opening_hours", "accessibility",
        "schedule", "requirements", "benefits", "alt",
    }
)  # fmt: skip
"""Fields that are maps from language to text."""
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field that differs. `path` is in words ("title (de)"), `field` is the body's own member
    it lies in; a side that says nothing is None."""

    path: str
    field: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        return f"{self.path}: {_quoted(self.before)} → {_quoted(self.after)}"


def differences(before: bytes, after: bytes) -> tuple[Difference, ...]:
    """Two JSON bodies → what differs, sorted by path. Long texts are cut to what differs."""
    old, new = (dict(_fields(orjson.loads(body))) for body in (before, after))
    differing = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    told = {key for key in differing if not _is_doubled(key, differing)}
    return tuple(_difference(key, old.get(key), new.get(key)) for key in sorted(told))


def altered(said: Mapping[str, Sequence[Any]]) -> tuple[Difference, ...]:
    """Member of a body → (before, after), as the guard notes them → the same in words."""
    before, after = ({name: pair[side] for name, pair in said.items()} for side in (0, 1))
    return differences(orjson.dumps(before), orjson.dumps(after))


Field = tuple[str, str]
"""(path in words, member of the body)."""


def _difference(key: Field, before: str | None, after: str | None) -> Difference:
    if before is not None and after is not None:
        before, after = shortened(before, after)
    else:
        before, after = _beginning(before), _beginning(after)
    return Difference(path=key[0], field=key[1], before=before, after=after)


def _is_doubled(key: Field, differing: set[Field]) -> bool:
    twin = DOUBLED.get(key[1])
    return twin is not None and any(field == twin for _, field in differing)


def _fields(body: Mapping[str, Any]) -> Iterator[tuple[Field, str]]:
    """Every value of a body, flat: ((path, member), value as text)."""
    for name, value in body.items():
        if name not in DERIVED:
            for path, said in _flat(_spaced(name), name, value):
                yield (path, name), said


def _flat(path: str, name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for inner, each in value.items():
            is_text = name in TEXTS and LANGUAGE.fullmatch(inner)
            below = f"{path} ({inner})" if is_text else f"{path}, {_spaced(inner)}"
            yield from _flat(below, inner, each)
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        for place, each in enumerate(value, 1):
            yield from _flat(f"{path} {place}", name, each)
    elif value is not None:
        yield path, _text(value)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return str(value)


def shortened(before: str, after: str) -> tuple[str, str]:
    """Two texts that differ → the same two, or where one is long, what differs and a little
    around it."""
    if max(len(before), len(after)) <= LONGEST:
        return before, after
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    return _middle(before, head, tail), _middle(after, head, tail)


def _alike(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _middle(text: str, head: int, tail: int) -> str:
    """A text without most of its first `head` and last `tail` characters."""
    start = max(0, head - AROUND)
    end = min(len(text), len(text) - tail + AROUND)
    opening, closing = "…" if start else "", "…" if end < len(text) else ""
    shown = text[start:end]
    if len(shown) > LONGEST:
        shown, closing = shown[:LONGEST], "…"
    return f"{opening}{shown}{closing}"


def _beginning(text: str | None) -> str | None:
    return text if text is None or len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _quoted(text: str | None) -> str:
    return "nothing" if text is None else f"“{text}”"
