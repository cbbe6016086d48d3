"""The Dockerfile as data: its instructions, stages, and what .dockerignore lets in. Judges
nothing and builds nothing."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import PurePosixPath
from typing import Final

import orjson

from tests.repo.tree import TOP

FILE: Final = TOP / "docker" / "Dockerfile"
IGNORE: Final = TOP / ".dockerignore"


@dataclass(frozen=True, slots=True)
class Instruction:
    """A keyword in capitals and what follows it, on one line."""

    keyword: str
    rest: str

    @property
    def words(self) -> list[str]:
        """What follows, as a shell splits it, `--flags` left out."""
        return [word for word in shlex.split(self.rest) if not word.startswith("--")]

    @property
    def flags(self) -> dict[str, str]:
        """`--name=value` before the rest."""
        found = re.findall(r"--([a-z-]+)=(\S+)", self.rest.partition("[")[0])
        return dict(found)

    @property
    def listed(self) -> list[str]:
        """The JSON array of an exec form. Raises `ValueError` where there is none."""
        found: list[str] = orjson.loads(self.rest[self.rest.index("[") :])
        return found


@cache
def instructions() -> tuple[Instruction, ...]:
    """Every instruction, comments left out, lines joined."""
    plain = re.sub(r"(?m)^\s*#.*\n", "", FILE.read_text())
    joined = re.sub(r"\\\n\s*", "", plain)
    lines = (line.strip() for line in joined.splitlines())
    return tuple(Instruction(*line.split(maxsplit=1)) for line in lines if line)


def stages() -> list[list[Instruction]]:
    """Instructions from each FROM to the next; the last is what ships."""
    found: list[list[Instruction]] = []
    for one in instructions():
        if one.keyword == "FROM":
            found.append([])
        if found:
            found[-1].append(one)
    return found


def of(stage: list[Instruction], keyword: str) -> list[Instruction]:
    """Those of one kind."""
    return [one for one in stage if one.keyword == keyword]


def environment() -> dict[str, str]:
    """What the image sets."""
    words = (word for one in of(stages()[-1], "ENV") for word in one.words)
    return dict(word.split("=", 1) for word in words)


def copied() -> list[str]:
    """Every source of a COPY out of the project's folder."""
    copies = [one for stage in stages() for one in of(stage, "COPY")]
    return [source for one in copies if "from" not in one.flags for source in one.words[:-1]]


def lets_in(path: str) -> bool:
    """Whether a file below the project's folder is sent to the builder: the last rule that fits
    it, or a folder above it, decides."""
    allowed = True
    for rule in _rules():
        pattern = rule.removeprefix("!")
        if any(_fits(pattern, part) for part in (path, *_above(path))):
            allowed = rule.startswith("!")
    return allowed


def _rules() -> list[str]:
    lines = (line.strip() for line in IGNORE.read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _above(path: str) -> Iterator[str]:
    return (str(above) for above in PurePosixPath(path).parents if above.name)


def _fits(pattern: str, path: str) -> bool:
    if pattern.startswith("**/"):
        return _fits(pattern[3:], PurePosixPath(path).name) or _fits(pattern[3:], path)
    return pattern.count("/") == path.count("/") and fnmatchcase(path, pattern)
