"""The tree as these tests look at it: its files, their text and their syntax. Decides nothing."""

import ast
import io
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[2]
PACKAGES = ("schema", "connectors", "aggregator", "api")
FOLDERS = (*PACKAGES, "tests", "benchmarks", "docs", "examples", "requirements", "docker", ".ci")
GENERATED = {"__pycache__", ".hypothesis"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(*folders: str, suffix: str = "") -> list[Path]:
    """Every file below the folders whose name ends so, caches left out."""
    found = (path for name in folders for path in (TOP / name).rglob(f"*{suffix}"))
    return sorted(p for p in found if p.is_file() and not GENERATED & set(p.parts))


def everything() -> list[Path]:
    """Every file of the project: its folders, and what lies beside them at the top."""
    beside = [p for p in TOP.iterdir() if p.is_file() and p.name not in {"uv.lock", ".coverage"}]
    return sorted(files(*FOLDERS) + beside)


def name(path: Path) -> str:
    """A file → how a message calls it."""
    return str(path.relative_to(TOP))


def module(path: Path) -> str:
    """A Python file → its dotted name."""
    parts = path.relative_to(TOP).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def syntax(path: Path) -> ast.Module:
    """A Python file → its tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(*folders: str) -> Iterator[tuple[Path, Function]]:
    """Every function and method below the folders, with its file."""
    for path in files(*folders, suffix=".py"):
        for node in ast.walk(syntax(path)):
            if isinstance(node, Function):
                yield path, node


def comments(path: Path) -> Iterator[tuple[int, str]]:
    """A Python file → its comments with their lines."""
    readline = io.StringIO(path.read_text(encoding="utf-8")).readline
    for token in tokenize.generate_tokens(readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


@cache
def project() -> dict[str, Any]:
    """What stands in pyproject.toml."""
    return tomllib.loads((TOP / "pyproject.toml").read_text())
