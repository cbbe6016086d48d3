"""What the topics of the default scheme mean, each with its examples and a link. Pure."""

from dataclasses import dataclass

from api.site.lists.fields import Counts, terms_of, written
from api.site.lists.numbers import number
from schema import schemes


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic in words; `value` is how a query asks for it."""

    value: str
    label: str
    sentence: str
    examples: tuple[str, ...]
    count: str | None


def topics_in(language: str, counts: Counts) -> tuple[Topic, ...]:
    """Every topic of the default scheme, in the order in which they are shown."""
    known = dict(counts.get("category", ()))
    found = ((term, known.get(f"{term.scheme}:{term.id}")) for term in terms_of(schemes.DEFAULT))
    return tuple(
        Topic(
            value=written(term),
            label=schemes.label(term, language),
            sentence=term.sentence.get(language, term.sentence["en"]),
            examples=term.examples.get(language, term.examples["en"]),
            count=number(n, language) if n else None,
        )
        for term, n in found
    )
