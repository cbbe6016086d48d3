"""What an entity is found by when somebody looks for words: three lines of them, by weight.

The first line has the words of its titles, the second who, where and tags, the third all further
text. A word stands once, on the first line it occurs on, between spaces, so that " baum " is a
whole word of a line and " baum" the beginning of one. Who it names is added by `naming`.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from schema import schemes
from schema.entities import Entity
from schema.normal.words import words_in

LONGEST_TEXT: Final = 20_000
"""Characters of one text that are looked at."""
MOST: Final = 12_000
"""Characters that the words of one entity may have in all."""
_TEXTS: Final = ("summary", "description")
_LISTS: Final = ("skills", "target_groups", "activities")


def words_of(entity: Entity) -> str:
    """Entity → the words it is found by."""
    seen: set[str] = set()
    lines = (entity.title.values(), _around(entity), _further(entity))
    return _cut("\n".join(_line(texts, seen) for texts in lines))


def naming(words: str, name: str | None) -> str:
    """The words of an entity, and those of the name it shows: of an organisation, say."""
    if name is None:
        return words
    title, around, further = words.split("\n")
    there = set(title.split()).union(around.split())
    return "\n".join((title, around.rstrip() + _line((name,), there), further))


def _line(texts: Iterable[str], seen: set[str]) -> str:
    """Words that were not seen yet, with a space before and behind each."""
    found: list[str] = []
    for text in texts:
        found += words_in(text[:LONGEST_TEXT])
    new = [word for word in dict.fromkeys(found) if word not in seen]
    seen.update(new)
    return f" {' '.join(new)} " if new else " "


def _around(entity: Entity) -> Iterator[str]:
    place = entity.place
    if place is not None:
        where = (place.name, place.street, place.postal_code, place.locality, place.district)
        yield from filter(None, where)
    yield from entity.tags or ()


def _further(entity: Entity) -> Iterator[str]:
    own = entity.__dict__.get  # a kind without the field has no value
    for name in _TEXTS:
        yield from (own(name) or {}).values()
    for name in _LISTS:
        yield from own(name) or ()
    for category in entity.categories or ():
        yield _labels(f"{category.scheme}:{category.term}")


@lru_cache(maxsize=1024)
def _labels(term: str) -> str:
    """A category → its names in all languages; "" where we do not know it."""
    known = schemes.find(term)
    return " ".join(known.labels.values()) if known else ""


def _cut(words: str) -> str:
    """The words without those at the end that are too many, still on three lines."""
    if len(words) <= MOST:
        return words
    kept = words[:MOST].rpartition(" ")[0] + " "
    return kept + "\n " * (2 - kept.count("\n"))
