"""A page's query, read kindly: what is empty is left out, what is wrong is said at its field.

Lists of data refuse a wrong parameter, because a program would not notice. A person has a form
before them that can say it. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from api.links import encoded
from api.params import Parameter, Query


@dataclass(frozen=True, slots=True)
class Unread:
    """In place of a parsed value: there is none."""

    why: str


EMPTY: Final = Unread("empty")
WRONG: Final = Unread("wrong")
NEWEST: Final = "newest"
NEAREST: Final = "distance"
BEST: Final = "relevance"
ORDERS_NEED: Final = {NEAREST: "near", BEST: "q"}
"""Orders → the field without which there are none."""
NEEDS: Final = {"radius": "near"}
"""Fields that mean nothing without another one, which forms send all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A query as far as it can be read. `faults`: parameters that were left out, with why ("wrong"
    by itself, "clash" with another one); `typed`: what stood in every field; `untidy`: something
    was sent that says nothing."""

    query: Query
    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    untidy: bool = False

    def without(self, name: str, why: str) -> "Reading":
        """The same without a parameter."""
        left = _without(self.query, name)
        return replace(self, query=left, faults={**self.faults, name: why})

    @property
    def tidy(self) -> str:
        """The query's one address: sorted, without what is empty; wrong values stay."""
        wrong = {name: self.typed[name] for name in self.faults}
        return encoded({**self.query.texts, **wrong})


def forgiving(parameter: Parameter) -> Parameter:
    """The same parameter, but a wrong value becomes `WRONG` and an empty one `EMPTY`."""

    def parse(text: str) -> Any:
        text = text.strip()
        if not text:
            return EMPTY
        try:
            return parameter.parse(text)
        except (ValueError, OverflowError):
            return WRONG

    return replace(parameter, parse=parse)


def read(query: Query) -> Reading:
    """What `forgiving` parameters gave → what can be asked for, and what is wrong."""
    typed = {name: text.strip() for name, text in query.texts.items()}
    idle = {name for name, needed in NEEDS.items() if query.values.get(needed) in {None, EMPTY}}
    if not can_be(query.values.get("sort"), query.values):
        idle.add("sort")
    given = {n: v for n, v in query.values.items() if v is not EMPTY and n not in idle}
    kept = {name: value for name, value in given.items() if value is not WRONG}
    return Reading(
        query=Query(kept, {name: typed[name] for name in kept}),
        typed=typed,
        faults={name: WRONG.why for name, value in given.items() if value is WRONG},
        untidy=len(given) < len(query.values) or typed != query.texts,
    )


def can_be(order: object, values: Mapping[str, Any]) -> bool:
    """Whether a list can go in an order with what is asked for."""
    needed = ORDERS_NEED.get(str(order))
    return needed is None or values.get(needed) not in {None, EMPTY, WRONG}


def _without(query: Query, name: str) -> Query:
    values = {each: value for each, value in query.values.items() if each != name}
    return Query(values, {each: query.texts[each] for each in values if each in query.texts})
