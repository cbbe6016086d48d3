"""No pattern and no cleaning of ours takes more than linear time.

The inputs are made from the patterns themselves: whatever one of them repeats is repeated, behind
what leads to it and before something that fits nowhere.
"""

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest

import aggregator
import api
import connectors
import schema
from connectors.cleaning.addresses import locality, postal_code
from connectors.cleaning.contacts import is_role_mailbox, mask
from connectors.cleaning.dates import moment
from connectors.cleaning.datesintext import date_in
from connectors.cleaning.html import body, line, plain, safe, text_of
from connectors.cleaning.jsontext import quoted_error
from connectors.cleaning.masking import mask_html
from connectors.cleaning.pages import kind_of
from schema.normal.names import fold_name
from schema.normal.text import one_line, tidy
from schema.normal.urls import is_web_url, web_url
from tests.growth import grows_too_fast

sre: Any = import_module("re._constants")
parser: Any = import_module("re._parser")
PACKAGES = (aggregator, api, connectors, schema)
NOT_HOSTILE = ("api.demo", "aggregator.store.migrations")
"""What reads nothing but data of the house's own."""
ANCHORED = {
    "connectors.cleaning.xml._DOCTYPE": "tried once, where the prolog stands",
    "connectors.feed.parsing._DOCTYPE": "tried once, where the first document type begins",
    "connectors.cleaning.masking._CONTACT_LINK": "sees what nh3 wrote: every link is closed",
}
"""Patterns that are not looked for at every place of a hostile text, and why."""
SAMPLES = {
    "CATEGORY_DIGIT": "7",
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": "a",
    "CATEGORY_NOT_SPACE": "a",
    "CATEGORY_NOT_DIGIT": "a",
    "CATEGORY_NOT_WORD": "-",
}


def patterns() -> dict[str, re.Pattern[Any]]:
    """Every pattern that a module of the house holds, by what it says."""
    found: dict[str, re.Pattern[Any]] = {}
    for package in PACKAGES:
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.startswith(NOT_HOSTILE) or module.name.endswith("__main__"):
                continue
            for name, value in vars(import_module(module.name)).items():
                known = {id(pattern) for pattern in found.values()}
                for number, pattern in enumerate(inside(value)):
                    if id(pattern) not in known:
                        found[f"{module.name}.{name}{number or ''}"] = pattern
    return found


def inside(value: object) -> Iterator[re.Pattern[Any]]:
    """Patterns in a constant."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | frozenset):
        for each in value:
            yield from inside(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from inside(each)


class Fitting:
    """Texts that fit a parsed pattern, and those that its repetitions repeat."""

    def __init__(self, pattern: re.Pattern[Any]) -> None:
        text = pattern.pattern
        self.pumps: list[tuple[str, str]] = []
        self.whole = self.text(
            parser.parse(text if isinstance(text, str) else text.decode("latin-1")), ""
        )

    def text(self, parsed: Any, before: str) -> str:
        """A text for a sequence; `before` leads to it."""
        made = ""
        for op, value in parsed:
            made += self.one(op, value, before + made)
        return made

    def one(self, op: Any, value: Any, before: str) -> str:
        if op is sre.LITERAL:
            return chr(value)
        if op in (sre.NOT_LITERAL, sre.ANY):
            return "b" if value == ord("a") else "a"
        if op is sre.BRANCH:
            texts = [self.text(each, before) for each in value[1]]
            self.pumps += [(before, text) for text in texts]
            return max(texts, key=len)
        return self.composed(op, value, before)

    def composed(self, op: Any, value: Any, before: str) -> str:
        if op is sre.IN:
            return self.member(value)
        if op is sre.SUBPATTERN:
            return self.text(value[3], before)
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            return self.repeated(value, before)
        return ""

    def repeated(self, value: Any, before: str) -> str:
        low, _, item = value
        made = self.text(item, before)
        self.pumps.append((before, made))
        return made * max(int(low), 1)

    def member(self, items: Any) -> str:
        kinds = {op for op, _ in items}
        if sre.NEGATE in kinds:
            return next(c for c in "a- 7\x01" if not any(fits(c, *each) for each in items[1:]))
        op, value = items[0]
        if op is sre.RANGE:
            return chr(value[0])
        return chr(value) if op is sre.LITERAL else SAMPLES.get(str(value), "a")


def fits(character: str, op: Any, value: Any) -> bool:
    if op is sre.LITERAL:
        return bool(ord(character) == value)
    if op is sre.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    return str(value) in SAMPLES and SAMPLES[str(value)] == character


def attacks(pattern: re.Pattern[Any]) -> Iterator[Callable[[int], str]]:
    """Texts of any length, made to take long."""
    fitting = Fitting(pattern)
    pumped = {("", fitting.whole), ("", "a"), ("", " "), *fitting.pumps}
    pumped |= {("", before + pump) for before, pump in fitting.pumps}
    for before, pump in sorted(pumped):
        if pump:
            yield attack(before, pump, "\x01")


def attack(before: str, pump: str, end: str) -> Callable[[int], str]:
    return lambda length: before + pump * (length // len(pump)) + end


def searching(name: str, pattern: re.Pattern[Any]) -> Callable[[str], object]:
    if name in ANCHORED:
        is_text = isinstance(pattern.pattern, str)
        return lambda text: pattern.match(text if is_text else text.encode("latin-1", "replace"))
    if isinstance(pattern.pattern, bytes):
        return lambda text: sum(1 for _ in pattern.finditer(text.encode("latin-1", "replace")))
    return lambda text: sum(1 for _ in pattern.finditer(text))


def test_every_pattern_is_linear() -> None:
    found = patterns()
    wrong = [
        f"{name[:120]}: {said}"
        for name, pattern in found.items()
        for make in attacks(pattern)
        if (said := grows_too_fast(searching(name, pattern), make)) is not None
    ]
    assert len(found) > 50
    assert set(ANCHORED) <= set(found)
    assert not wrong, "\n".join(wrong)


def test_a_pattern_that_is_not_would_be_noticed() -> None:
    for slow in (r"\s*<", r"a[^b]*b", r"(\w+)\d", r"<!--.*?-->"):
        pattern = re.compile(slow, re.DOTALL)
        work = searching("", pattern)
        assert any(grows_too_fast(work, make, 8_192) for make in attacks(pattern)), slow


WORK = (
    *(body, plain, line, safe, mask, mask_html, quoted_error, kind_of, tidy, one_line, fold_name),
    *(locality, postal_code, is_role_mailbox, is_web_url, web_url),
    lambda text: text_of(safe(text)),
    moment,
    lambda text: date_in(text, "Europe/Berlin"),
)
PUMPS = (
    *(
        "<",
        "<b>",
        "</b>",
        "<b",
        "<a href='",
        "<ul><li>",
        "<blockquote>",
        "<!--",
        "&amp;",
        "&amp;amp;",
        "&lt;b",
        "&lt;b&gt;",
    ),
    *("<p> </p>", "<div>", "<script>", "&", "&#", "\n", " \n", "a ", "a@", "a@b", "a@b.", "a at "),
    *(
        "0",
        "0 ",
        "+49 ",
        "(0)",
        "a.",
        "-",
        "\u00ad",
        '<a href="mailto:',
        '<a href="mailto:a">',
        '"',
        "Ä/",
        "x@y.de ",
        "1.",
        "1.1.",
        "1.1.26 - ",
        "1. bis ",
        "12:00 - ",
        "12 Uhr ",
        "Mo, ",
        "1 de março de ",
    ),
)


@pytest.mark.parametrize("pump", PUMPS)
def test_cleaning_is_linear(pump: str) -> None:
    make = attack("", pump, "")
    wrong = [
        f"{getattr(work, '__name__', 'text_of')}: {said}"
        for work in WORK
        if (said := grows_too_fast(work, make)) is not None
    ]
    assert not wrong, "\n".join(wrong)
