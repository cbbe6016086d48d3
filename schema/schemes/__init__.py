"""Category schemes: closed lists of terms with their labels. Read from data files, never written.

A term is written `term` in the default scheme and `scheme:term` in any other. A new scheme is one
more TOML file in this folder.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from schema.vocabulary import Labels

DEFAULT: Final = "topics"
"""The scheme that a bare `term` belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One category: labels, one plain sentence and two examples per language; `related` are
    terms of other schemes, as `scheme:term`, that mean about the same."""

    scheme: str
    id: str
    labels: Labels
    sentence: Labels
    examples: Mapping[str, tuple[str, ...]]
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A closed list of terms, in the order in which they are shown."""

    id: str
    labels: Labels
    terms: Mapping[str, Term]


@cache
def names() -> tuple[str, ...]:
    """The ids of all schemes, the default first."""
    found = {
        file.name.removesuffix(".toml") for file in files(__name__).iterdir() if _is_data(file.name)
    }
    return (DEFAULT, *sorted(found - {DEFAULT}))


@cache
def scheme(name: str) -> Scheme:
    """Id → the scheme. Raises `KeyError` for an id that no file has."""
    if name not in names():
        raise KeyError(name)
    data = tomllib.loads((files(__name__) / f"{name}.toml").read_text("utf-8"))
    terms = (_term(name, each) for each in data["term"])
    return Scheme(id=name, labels=data["labels"], terms={term.id: term for term in terms})


def find(text: str) -> Term | None:
    """`term` or `scheme:term` → the term; None where no scheme has it."""
    name, colon, term = text.rpartition(":")
    known = name in names() if colon else True
    return scheme(name or DEFAULT).terms.get(term) if known else None


def label(term: Term, language: str) -> str:
    """The term's label in `language`, else in English."""
    return term.labels.get(language) or term.labels["en"]


def written() -> tuple[str, ...]:
    """Every term as people may write it: bare in the default scheme, else `scheme:term`."""
    return tuple(
        term if name == DEFAULT else f"{name}:{term}"
        for name in names()
        for term in scheme(name).terms
    )


def _is_data(name: str) -> bool:
    return name.endswith(".toml")


def _term(name: str, data: dict[str, Any]) -> Term:
    return Term(
        scheme=name,
        id=data["id"],
        labels=data["labels"],
        sentence=data["sentence"],
        examples={language: tuple(two) for language, two in data["examples"].items()},
        related=tuple(data.get("related", ())),
    )
