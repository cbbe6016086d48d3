"""The numbers to hold: how long, how many, how tangled. CONTRIBUTING.md names them."""

import ast
import re
from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median

import pytest

from tests.repo.tree import PACKAGES, Function, comments, files, functions, module, name, syntax

CHECKED = (*PACKAGES, "tests", "benchmarks")
CLOCKS = {"time.time", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}


def percentile(values: Sequence[int], share: float) -> int:
    return sorted(values)[int(len(values) * share)]


def lengths() -> dict[str, int]:
    return {
        f"{name(path)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path, node in functions(*PACKAGES)
    }


def filled_lines(path: Path) -> int:
    return sum(1 for line in path.read_text().splitlines() if line.strip())


def longest(sizes: dict[str, int]) -> str:
    ranked = sorted(sizes.items(), key=lambda item: -item[1])
    return "; ".join(f"{what}: {size}" for what, size in ranked[:8])


def test_functions_are_short() -> None:
    sizes = lengths()
    assert median(sizes.values()) <= 9
    assert percentile([*sizes.values()], 0.95) <= 40, longest(sizes)
    assert max(sizes.values()) <= 70, longest(sizes)


def test_files_are_short() -> None:
    sizes = {name(path): filled_lines(path) for path in files(*PACKAGES, suffix=".py")}
    assert percentile([*sizes.values()], 0.95) <= 320, longest(sizes)
    assert max(sizes.values()) <= 400, longest(sizes)


def arguments(node: Function) -> int:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return sum(1 for argument in given if argument.arg not in {"self", "cls"})


def test_functions_take_few_arguments() -> None:
    counts = {f"{name(p)}:{node.lineno}": arguments(node) for p, node in functions(*PACKAGES)}
    assert percentile([*counts.values()], 0.95) <= 4, longest(counts)


def test_tests_are_short() -> None:
    sizes = [
        (node.end_lineno or 0) - node.lineno + 1
        for _, node in functions("tests")
        if node.name.startswith("test_")
    ]
    assert median(sizes) <= 13


def imported(path: Path, known: set[str]) -> set[str]:
    """A file → the house's modules it imports while it is loaded."""
    found: set[str] = set()
    for node in syntax(path).body:
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names} & known
            found.update(inner or {node.module})
    return (found & known) - {module(path)}


def test_no_module_reaches_itself() -> None:
    paths = {module(path): path for path in files(*PACKAGES, suffix=".py")}
    graph = {dotted: imported(path, set(paths)) for dotted, path in paths.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as err:
        pytest.fail("modules in a ring: " + " → ".join(err.args[1]))


def is_broad(handler: ast.ExceptHandler) -> bool:
    named = (
        [node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)]
        if (handler.type)
        else ["Exception"]
    )
    return bool({"Exception", "BaseException"} & set(named))


def test_only_one_place_catches_everything() -> None:
    broad = [
        f"{name(path)}:{node.lineno}"
        for path in files(*PACKAGES, suffix=".py")
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.ExceptHandler) and is_broad(node)
    ]
    assert len(broad) <= 1, broad


def marks(pattern: str) -> dict[str, str]:
    return {
        f"{name(path)}:{line}": text
        for path in files(*CHECKED, suffix=".py")
        for line, text in comments(path)
        if re.search(pattern, text)
    }


def test_silenced_type_errors_are_few_and_name_their_code() -> None:
    found = marks(r"type:\s*ignore")
    assert len(found) <= 10, found
    assert not [place for place, text in found.items() if not re.search(r"ignore\[[\w-]+", text)]


def test_silenced_lint_is_rare_and_says_why() -> None:
    found = marks(r"\bnoqa\b")
    assert len(found) <= 10, found
    unexplained = [place for place, text in found.items() if not re.search(r"[A-Z]\d+ - \w", text)]
    assert not unexplained, "write `# noqa: CODE - reason` at " + ", ".join(unexplained)


def test_no_module_reads_the_clock() -> None:
    reads = [
        f"{name(path)}:{node.lineno}"
        for path in files(*PACKAGES, suffix=".py")
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Call) and ".".join(ast.unparse(node.func).split(".")[-2:]) in CLOCKS
    ]
    assert not reads, f"pass the clock in: {reads}"


def test_files_are_named_after_their_job() -> None:
    vague = [name(path) for path in files(*CHECKED, suffix=".py") if path.stem in VAGUE]
    assert not vague


def named(nodes: Iterable[ast.stmt]) -> list[ast.ClassDef | Function]:
    """Public classes and functions among statements."""
    found = [node for node in nodes if isinstance(node, ast.ClassDef | Function)]
    return [node for node in found if not node.name.startswith("_")]


def undocumented(path: Path) -> list[str]:
    tree = syntax(path)
    outer = named(tree.body)
    inner = [part for node in outer if isinstance(node, ast.ClassDef) for part in named(node.body)]
    silent = [node.name for node in [*outer, *inner] if not ast.get_docstring(node)]
    return silent if ast.get_docstring(tree) else ["(the file itself)", *silent]


def test_everything_public_says_what_it_is_for() -> None:
    silent = {
        name(path): found
        for path in files(*PACKAGES, suffix=".py")
        if (found := undocumented(path))
    }
    assert not silent
