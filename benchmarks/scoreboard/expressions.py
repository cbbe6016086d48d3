"""feedparser's own expectations: Python expressions over its result, asked of ours. Nothing is
executed: an expression is taken apart, and what it asks of entries is looked up.

`bozo` is no verdict on validity (the data's README); all else must hold.
"""

import ast
from collections.abc import Callable, Iterator
from typing import Any, Final

from benchmarks.scoreboard.cases import Case, Comparison, because
from benchmarks.scoreboard.encodings import stands_in
from benchmarks.scoreboard.entries import Entry, entries_of
from benchmarks.scoreboard.fields import compare
from benchmarks.scoreboard.verdicts import Unmet

Path = tuple[Any, ...]
DETAILS: Final = ("value", "href", "url", "term", "label", "coordinates")
"""Last steps of a path that lead to the value itself."""


def feedparser_expr(case: Case) -> Unmet | None:
    """`value`: the expression."""
    try:
        asked = ast.parse(str(case.value).strip(), mode="eval").body
    except SyntaxError:
        return Unmet("unreadable_expression", str(case.value))
    if case.reading.crashes or case.reading.hangs:
        return because(case.reading, "crash")
    for conjunct in _conjuncts(asked):
        wrong = _judge(case, conjunct)
        if wrong is not None:
            return wrong
    return None


def conjuncts(expression: Any) -> tuple[str, ...]:
    """What an expression asks, one by one; `bozo` only where nothing else is asked. One that
    cannot be read is one question."""
    try:
        asked = [
            ast.unparse(node)
            for node in _conjuncts(ast.parse(expression.strip(), mode="eval").body)
        ]
    except (SyntaxError, AttributeError, ValueError, RecursionError):
        return (str(expression),)
    return tuple(each for each in asked if each not in ("bozo", "not bozo")) or (str(expression),)


def _conjuncts(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for each in node.values:
            yield from _conjuncts(each)
    else:
        yield node


def _judge(case: Case, node: ast.expr) -> Unmet | None:
    match node:
        case (
            ast.Name(id="bozo")
            | ast.UnaryOp(op=ast.Not(), operand=ast.Name(id="bozo"))
            | ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id="bozo_exception"), _])
            | ast.Constant(value=1 | True)
        ):
            return None
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            return _equal(case, left, right)
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call() as call):
            return _absent(case, call)
        case ast.Compare(left=ast.Constant(value=str(name)), ops=[ast.NotIn()], comparators=[of]):
            return _lacks(case, path_of(of), name)
    return Unmet("expression_not_translated", ast.unparse(node))


def path_of(node: ast.expr) -> Path | None:
    """`entries[0]['links'][0]['href']` → ("entries", 0, "links", 0, "href")."""
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Subscript(value=inner, slice=ast.Constant(value=step)):
            return _further(inner, step)
        case ast.Attribute(value=inner, attr=step):
            return _further(inner, step)
        case ast.Subscript(value=inner, slice=ast.UnaryOp()):
            return _further(inner, -1)
        case ast.Call(func=ast.Attribute(value=inner, attr="get"), args=[ast.Constant(value=step)]):
            return _further(inner, step)
    return None


def _further(inner: ast.expr, step: Any) -> Path | None:
    before = path_of(inner)
    return None if before is None else (*before, step)


def _equal(case: Case, left: ast.expr, right: ast.expr) -> Unmet | None:
    change: Callable[[Any], Any] = _same
    if isinstance(left, ast.Call) and isinstance(left.func, ast.Name) and left.func.id == "ord":
        left, change = left.args[0], chr
    if isinstance(left, ast.Call) and isinstance(left.func, ast.Name) and left.func.id == "len":
        return _counted(case, path_of(left.args[0]), right)
    path = path_of(left)
    try:
        expected = change(ast.literal_eval(right))
    except (ValueError, TypeError):
        path = None
        expected = None
    if path is None:
        return Unmet("expression_not_translated", ast.unparse(left))
    if path == ("encoding",):
        return stands_in(case, str(expected))
    if path[0] != "entries" or len(path) < 3:
        return Unmet(f"field_not_kept:{path[0]}", str(path))
    return _field(case, path, expected)


def _counted(case: Case, path: Path | None, right: ast.expr) -> Unmet | None:
    """`len(entries[0]['links']) == 1`, or how many entries there are."""
    entries = entries_of(case.reading)
    match path, right:
        case ("entries",), ast.Constant(value=int(number)):
            found = len(entries)
        case ("entries", int(place), "links"), ast.Constant(value=int(number)):
            found = len(entries[place].pages)
        case _:
            return Unmet("expression_not_translated", str(path))
    return None if found == number else because(case.reading, "wrong_count", str(found))


def _same(value: Any) -> Any:
    return value


def _field(case: Case, path: Path, expected: Any) -> Unmet | None:
    """An entry's field. Where refused entries come last, it may be any of them."""
    entries = entries_of(case.reading)
    if case.reading.failure is not None or not entries:
        return because(case.reading, "missing_entry", str(path))
    name = str(path[2])
    if name != "where" and len(path) > 3 and isinstance(path[-1], str) and path[-1] not in DETAILS:
        return Unmet(f"field_not_kept:{name}.{path[-1]}", str(expected))
    name = name.removesuffix("_detail")
    place = path[1] if isinstance(path[1], int) else 0
    wrong = [_compare(entry, name, expected) for entry in _candidates(entries, place)]
    return None if None in wrong else next(iter(wrong), because(case.reading, "missing_entry"))


def _compare(entry: Entry, name: str, expected: Any) -> Unmet | None:
    if entry.has_active_content:
        return Unmet("active_content", entry.html[:300])
    return compare(entry, name, expected)


def _candidates(entries: list[Entry], place: int) -> list[Entry]:
    refused = {entry.refused for entry in entries}
    return entries if len(refused) > 1 else entries[place : place + 1 or None]


def _absent(case: Case, call: ast.Call) -> Unmet | None:
    """`not entries[0].has_key('link')`."""
    match call:
        case ast.Call(
            func=ast.Attribute(value=of, attr="has_key"), args=[ast.Constant(value=str(name))]
        ):
            return _lacks(case, path_of(of), name)
    return Unmet("expression_not_translated", ast.unparse(call))


def _lacks(case: Case, path: Path | None, name: str) -> Unmet | None:
    if path is None or path[0] != "entries" or name not in ("link", "title", "id"):
        return Unmet(f"field_not_kept:{name}", str(path))
    for entry in entries_of(case.reading):
        if {"link": entry.urls, "title": entry.titles, "id": entry.ids}[name]:
            return Unmet(f"extra_{name}", str(entry))
    return None


COMPARISONS: Final[dict[str, Comparison]] = {"feedparser_expr": feedparser_expr}
