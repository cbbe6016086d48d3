"""The fields of a list's form: what stands in them, what can be chosen, what is wrong. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, get_args

from api.filter_params import DEFAULT_RADIUS
from api.filter_words import Names, labelled, worded
from api.filtering import CITY_CODE
from api.site.lists.kinds import RADII, Listed
from api.site.lists.numbers import number
from api.site.lists.reading import Reading
from api.site.lists.windows import day_of
from api.site.words import words_in
from schema import schemes, vocabulary
from schema.index import UNMAPPED
from schema.schemes import Term

Counts = Mapping[str, Sequence[tuple[str, int]]]
"""Filter → the values there are, each with its number of entries."""

WIDGETS: Final[Mapping[str, str]] = {
    "q": "search",
    "near": "text",
    "city": "text",
    "from": "date",
    "to": "date",
}
"""What is typed; everything else is chosen."""
KEYS: Final = {"has_lang": "language"}
"""Parameters → the words that label their values, where those are called otherwise."""
CLOSED: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("offer", "status"): get_args(vocabulary.OfferStatus),
    ("event", "status"): get_args(vocabulary.EventStatus),
    ("project", "status"): get_args(vocabulary.ProjectStatus),
    ("offer", "commitment"): get_args(vocabulary.Commitment),
    ("offer", "remote"): ("true", "false"),
    ("organisation", "type"): get_args(vocabulary.OrganisationType),
    ("event", "type"): get_args(vocabulary.EventType),
    ("organisation", "initiative_type"): get_args(vocabulary.InitiativeType),
    ("organisation", "open_for_cooperation"): ("true", "false"),
    ("event", "attendance"): get_args(vocabulary.Attendance),
    ("project", "form"): get_args(vocabulary.ProjectForm),
}
"""The order in which the values of a vocabulary are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A value to choose, in words, with its number of entries where that is known."""

    value: str
    said: str
    count: str | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Options under one heading; None: without."""

    said: str | None
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field. `fault` says what is wrong with what stands in it; `suggested` is what could be
    typed."""

    name: str
    widget: str
    label: str
    value: str
    hint: str | None = None
    fault: str | None = None
    groups: tuple[Group, ...] = ()
    suggested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A list's form: fields in sight and folded ones, and what is sent along unseen. `opened`:
    something folded is in use."""

    first: tuple[Field, ...]
    more: tuple[Field, ...]
    hidden: Mapping[str, str]
    opened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a form is made from. `whole`: how many entries there are without any filter."""

    reading: Reading
    language: str
    zone: str
    counts: Counts = field(default_factory=dict)
    names: Names = field(default_factory=dict)
    whole: int | None = None


def form_of(listed: Listed, made: Made) -> Form:
    """A list and its query → its form."""
    more = tuple(_field(name, listed, made) for name in listed.more)
    more = tuple(each for each in more if each.widget != "select" or _has_choice(each, made))
    texts, fields = made.reading.query.texts, {*listed.first, *(each.name for each in more)}
    return Form(
        first=tuple(_field(name, listed, made) for name in listed.first),
        more=more,
        hidden={n: t for n, t in texts.items() if n not in fields and n != "cursor"},
        opened=any(each.name in texts or each.fault for each in more),
    )


def _has_choice(field_: Field, made: Made) -> bool:
    """Whether choosing could narrow down: one value that all entries have does not."""
    options = [option for group in field_.groups for option in group.options]
    if field_.fault is not None or any(each.chosen for each in options):
        return True
    counts = [n for _, n in made.counts.get(field_.name, ())]
    return bool(options) and counts != [made.whole]


def _field(name: str, listed: Listed, made: Made) -> Field:
    say = words_in(made.language)
    return Field(
        name=name,
        widget=WIDGETS.get(name, "select"),
        label=say[f"field.{name}"],
        value=_value(name, made),
        hint=say.get(f"hint.{name}"),
        fault=fault_said(name, made.reading, made.language),
        groups=() if name in WIDGETS else _groups(name, listed, made),
        suggested=_towns(made) if name == "city" else (),
    )


def fault_said(name: str, reading: Reading, language: str) -> str | None:
    """What is wrong with a parameter, in words."""
    why = reading.faults.get(name)
    if why is None:
        return None
    say = words_in(language)
    return next(
        text for key in (f"{why}.{name}", f"wrong.{name}", "wrong.other") if (text := say.get(key))
    )


def _value(name: str, made: Made) -> str:
    reading = made.reading
    if WIDGETS.get(name) == "date" and name not in reading.faults:
        day = day_of(reading.query.values.get(name), made.zone)
        return day.isoformat() if day else ""
    return reading.typed.get(name, "")


def _groups(name: str, listed: Listed, made: Made) -> tuple[Group, ...]:
    if name == "radius":
        return (_radii(made),)
    if name == "category":
        return tuple(_categories(listed, made))
    return (Group(said=None, options=tuple(_options(name, listed, made))),)


def _towns(made: Made) -> tuple[str, ...]:
    """Towns by name; by code those that share theirs."""
    values = [value for value, _ in made.counts.get("city", ())]
    coded = Counter(
        (value.partition(":")[0], made.names.get(("city", value)))
        for value in values
        if CITY_CODE.fullmatch(value)
    )
    shared = {name for (_, name), n in coded.items() if n > 1}
    named = {value: made.names.get(("city", value), value) for value in values}
    found = {
        value if name in shared and CITY_CODE.fullmatch(value) else name
        for value, name in named.items()
        if name not in shared or CITY_CODE.fullmatch(value)
    }
    return tuple(sorted(found, key=str.casefold))


def _radii(made: Made) -> Group:
    asked = made.reading.typed.get("radius") or f"{DEFAULT_RADIUS:g}"
    kept = made.reading.query.texts.get("radius", asked)
    values = RADII if kept in RADII or "radius" in made.reading.faults else (*RADII, kept)
    options = (Option(value=km, said=f"{km} km", chosen=km == asked) for km in values)
    return Group(said=None, options=tuple(options))


def _options(name: str, listed: Listed, made: Made) -> Iterator[Option]:
    counts, asked = dict(made.counts.get(name, ())), asked_values(name, made)
    order = CLOSED.get((listed.kind, name), ())
    there = [value for value in order if value in counts or not made.counts]
    there += _by_name(name, [value for value in counts if value not in order], made)
    there += [value for value in asked if value not in there and len(asked) == 1]
    for value in there:
        count = counts.get(value) if listed.counted == listed.kind else None
        yield _option(name, value, count, made)
    if len(asked) > 1:
        said = f" {worded('or', made.language)} ".join(_named(name, each, made) for each in asked)
        yield Option(value=made.reading.query.texts[name], said=said, chosen=True)


def asked_values(name: str, made: Made) -> tuple[str, ...]:
    """What a query asks of a field that takes several values."""
    values = made.reading.query.values.get(name, ())
    return values if isinstance(values, tuple) else (values,)


def _by_name(name: str, values: list[str], made: Made) -> list[str]:
    return sorted(values, key=lambda value: _named(name, value, made).casefold())


def _option(name: str, value: str, count: int | None, made: Made) -> Option:
    return Option(
        value=value,
        said=_named(name, value, made),
        count=None if count is None else number(count, made.language),
        chosen=asked_values(name, made) == (value,),
    )


def _named(name: str, value: str, made: Made) -> str:
    key = UNMAPPED if value == UNMAPPED else f"{KEYS.get(name, name)}.{value}"
    return made.names.get((name, value)) or labelled(key, made.language) or value


def _categories(listed: Listed, made: Made) -> Iterator[Group]:
    counts, asked = dict(made.counts.get("category", ())), asked_values("category", made)
    shown = counts if listed.counted == listed.kind else {}
    for name in schemes.names():
        known = [(written(term), f"{name}:{term.id}", term) for term in terms_of(name)]
        options = tuple(
            Option(
                value=value,
                said=schemes.label(term, made.language),
                count=number(shown[key], made.language) if key in shown else None,
                chosen=(key,) == asked,
            )
            for value, key, term in known
            if key in counts or (key,) == asked or not made.counts
        )
        if options:
            labels = schemes.scheme(name).labels
            yield Group(said=labels.get(made.language, labels["en"]), options=options)
    rest = [UNMAPPED] if UNMAPPED in counts or asked == (UNMAPPED,) else []
    options = tuple(_option("category", each, shown.get(each), made) for each in rest)
    if len(asked) > 1:
        said = f" {worded('or', made.language)} ".join(map(_term_named(made), asked))
        text = made.reading.query.texts["category"]
        options = (*options, Option(value=text, said=said, chosen=True))
    if options:
        yield Group(said=None, options=options)


def _term_named(made: Made) -> Callable[[str], str]:
    def named(value: str) -> str:
        term = schemes.find(value)
        return schemes.label(term, made.language) if term else _named("category", value, made)

    return named


def terms_of(scheme: str) -> Iterable[Term]:
    """The terms of a scheme, in the order in which they are shown."""
    return schemes.scheme(scheme).terms.values()


def written(term: Term) -> str:
    """A term as it stands in an address."""
    return term.id if term.scheme == schemes.DEFAULT else f"{term.scheme}:{term.id}"
