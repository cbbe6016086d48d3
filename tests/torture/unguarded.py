"""Every guard is taken out once: the test that watches it must go red.

python -m tests.torture.unguarded [--only TEXT] [--list] [--jobs 2]

Works on copies of the tree, each with an environment of its own in which the copy is what gets
imported, also by the sandbox's children, which look at no variable. First every named test runs
with all guards in and must pass; then each guard goes, its test runs, the guard comes back. Two
lines for each guard, then the counts. Exit code 1 unless every guard was missed. Where a test
runs on several databases, SQLite is enough.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from signal import SIGKILL
from threading import Timer
from time import monotonic
from typing import Final
from xml.etree import ElementTree as ET

from tests.repo.tree import PACKAGES, TOP, everything, name
from tests.torture.guards import GUARDS
from tests.torture.guards.guard import Guard, Misplaced

SECONDS: Final = 20
"""For one test: without its guard it may never end."""
MOST_SECONDS: Final = 90.0
"""For one guard's test, whatever it leaves hanging; ten times that for all tests in one go."""
SHOWN: Final = 160
"""Characters of a failure's message."""
OPTIONS: Final = ("-n", "0", "-q", "-p", "no:cacheprovider", "-k", "not postgresql")
BROKEN: Final = re.compile(
    r"(?:Name|Import|ModuleNotFound|Syntax|Indentation|UnboundLocal)Error|NotStarted"
)
"""What a test dies of when a replacement is no program any more: that proves nothing."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the tree, and a Python to which it is the only one: it runs tests, and has the
    libraries loaded."""

    top: Path
    warm: subprocess.Popen[bytes]

    @property
    def aside(self) -> Path:
        """A folder beside the tree, for what is printed and reported."""
        return self.top.parent

    def pytest(self, *arguments: str, seconds: float = MOST_SECONDS) -> tuple[int, str]:
        """Call pytest in the copy → exit code (of a signal: negative) and what it printed."""
        output = self.aside / "output.txt"
        call = [str(output), *OPTIONS, *arguments]
        assert self.warm.stdin is not None
        assert self.warm.stdout is not None
        self.warm.stdin.write(json.dumps(call).encode() + b"\n")
        self.warm.stdin.flush()
        group = int(self.warm.stdout.readline())
        end = Timer(seconds, _end_group, (group,))
        end.start()
        try:
            code = int(self.warm.stdout.readline())
        finally:
            end.cancel()
            _end_group(group)
        return code, output.read_text(encoding="utf-8", errors="replace")


def _end_group(group: int) -> None:
    """What a test without its guard may have left running."""
    try:
        os.killpg(group, SIGKILL)
    except ProcessLookupError:
        return


def _environment() -> dict[str, str]:
    """Ours, without what speaks of this run of pytest or of another tree."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "PYTHON"))}
    return {**ours, "PYTHONDONTWRITEBYTECODE": "1"}


@contextmanager
def copied() -> Iterator[Copy]:
    """A copy of the tree. Raises `RuntimeError` when something else would be imported there."""
    with tempfile.TemporaryDirectory(prefix="unguarded-") as folder:
        top = Path(folder).resolve() / "tree"
        for path in everything():
            target = top / name(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
        python = _python(top)
        _check(top, python)
        with subprocess.Popen(
            [str(python), "-m", "tests.torture.warm"],
            cwd=top,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as warm:
            yield Copy(top, warm)
            warm.terminate()


def _python(top: Path) -> Path:
    """An environment with what is installed here, but with the copy in place of this tree.

    Lines of a .pth file are not searched for others: that of this tree is not read.
    """
    home = top.parent / "environment"
    venv.create(home, symlinks=True)
    inside = sysconfig.get_path("purelib", "venv", {"base": str(home), "platbase": str(home)})
    installed = dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
    Path(inside, "copy.pth").write_text("\n".join((str(top), *installed)), encoding="utf-8")
    scripts = sysconfig.get_path("scripts", "venv", {"base": str(home), "platbase": str(home)})
    return Path(scripts, "python")


def _check(top: Path, python: Path) -> None:
    """Have the copy compiled (by content: guards go and come within one second), and see that
    it is what an isolated interpreter imports."""
    call = [str(python), "-I", "-c"]
    compiling = "import compileall; compileall.compile_dir('.', quiet=2, invalidation_mode=%s)"
    by_content = "compileall.py_compile.PycInvalidationMode.CHECKED_HASH"
    subprocess.run([*call, compiling % by_content], cwd=top, check=True)
    for package in (*PACKAGES, "tests"):
        asking = f"import {package}; print({package}.__file__)"
        asked = subprocess.run([*call, asking], capture_output=True, check=True, text=True)
        if not Path(asked.stdout.strip()).is_relative_to(top):
            raise RuntimeError(f"{package} comes from {asked.stdout.strip()}")


@dataclass(frozen=True, slots=True)
class Case:
    """One test that ran, and what it failed of: the message and all of it."""

    node: str
    message: str | None
    trace: str = ""


def cases(report: Path) -> list[Case]:
    """pytest's report in XML → its tests. What failed before or after a test is no failure of
    it: such a test is left out."""
    found = []
    for case in ET.parse(report).iter("testcase"):
        file = case.get("classname", "").replace(".", "/")
        node, failure = f"{file}.py::{case.get('name')}", case.find("failure")
        if failure is not None:
            found.append(Case(node, failure.get("message", ""), failure.text or ""))
        elif case.find("error") is None and case.find("skipped") is None:
            found.append(Case(node, None))
    return found


def run(copy: Copy, *nodes: str, seconds: float = MOST_SECONDS) -> tuple[int, list[Case], str]:
    """Run tests → exit code, the tests that ran, what was printed."""
    report = copy.aside / "report.xml"
    report.unlink(missing_ok=True)
    options = ("--timeout", str(SECONDS), f"--basetemp={copy.aside / 'temporary'}")
    code, said = copy.pytest(*options, f"--junitxml={report}", *nodes, seconds=seconds)
    return code, cases(report) if report.exists() else [], said


def not_green(copy: Copy, guards: Sequence[Guard]) -> list[str]:
    """Run every named test with all guards in → what does not stand as it should."""
    wanted = {guard.test for guard in guards}
    _, ran, said = run(copy, *sorted(wanted), seconds=10 * MOST_SECONDS)
    failed = [f"fails with its guards: {c.node}: {c.message}" for c in ran if c.message is not None]
    passed = {case.node for case in ran if case.message is None}
    passed |= {node.partition("[")[0] for node in passed}
    missing = [f"did not pass: {node}" for node in sorted(wanted - passed)]
    return [*failed, *missing, *([said[-2000:]] if missing and not failed else [])]


def not_there(copy: Copy, guards: Sequence[Guard]) -> list[str]:
    """Collect every named test → those that do not exist."""
    files = sorted({guard.test.partition("::")[0] for guard in guards})
    _, said = copy.pytest("--collect-only", "--no-header", *files)
    there = {line for line in said.splitlines() if "::" in line}
    there |= {node.partition("[")[0] for node in there}
    return sorted({guard.test for guard in guards} - there)


def misplaced(guards: Sequence[Guard]) -> list[str]:
    """What in the table does not fit the code of this tree."""
    found = []
    for guard in guards:
        try:
            guard.without(TOP)
        except (Misplaced, SyntaxError) as error:
            found.append(str(error))
    return found


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking out a guard showed: whether its test went red, and what was said."""

    red: bool
    said: str


def take_out(copy: Copy, guard: Guard) -> Taken:
    """Run a guard's test without the guard. Red is a failed test, not a broken program."""
    path = copy.top / guard.file
    whole = path.read_bytes()
    path.write_text(guard.without(copy.top), encoding="utf-8")
    try:
        code, ran, printed = run(copy, "-x", guard.test)
    finally:
        path.write_bytes(whole)
    if code == 0:
        return Taken(red=False, said="SURVIVED")
    failed = [case for case in ran if case.message is not None]
    if code != 1 or not failed:
        return Taken(red=False, said=f"NO RESULT: exit code {code}: {printed.strip()[-300:]}")
    message = f"{failed[0].message}"
    if broken := BROKEN.search(f"{message}\n{failed[0].trace}"):
        return Taken(red=False, said=f"BROKEN: {broken[0]}: {message}")
    return Taken(red=True, said=" ".join(message.split())[:SHOWN])


@dataclass(slots=True)
class Proof:
    """What became of the guards, told line by line."""

    guards: int
    red: int = 0
    survivors: int = 0

    def note(self, guard: Guard, taken: Taken, seconds: float) -> None:
        """Tell of one guard."""
        self.red += taken.red
        self.survivors += not taken.red
        test = guard.test.rpartition("::")[2]
        word = "red     " if taken.red else "SURVIVOR"
        tell(f"{word} {seconds:4.1f} s  {guard.name}\n         {test}: {taken.said}")

    def tell(self) -> str:
        """The counts."""
        return f"{self.guards} guards, {self.red} seen red, {self.survivors} survivors"


def tell(line: str) -> None:
    """Say it at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def prove(guards: Sequence[Guard], jobs: int) -> Proof:
    """Take out each guard, in as many copies at once as told."""
    proof, free = Proof(len(guards)), SimpleQueue[Copy]()

    def one(guard: Guard) -> tuple[Guard, Taken, float]:
        copy, began = free.get(), monotonic()
        try:
            return guard, take_out(copy, guard), monotonic() - began
        finally:
            free.put(copy)

    def worker(left: int) -> None:
        if left:
            with copied() as copy:
                free.put(copy)
                worker(left - 1)
            return
        with ThreadPoolExecutor(jobs) as threads:
            for guard, taken, seconds in threads.map(one, guards):
                proof.note(guard, taken, seconds)

    worker(jobs)
    return proof


def main() -> None:
    """Read the options, prove, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="guards in whose sentence this stands")
    parser.add_argument("--list", action="store_true", help="the guards, without a proof")
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    guards = [guard for guard in GUARDS if given.only.lower() in guard.name.lower()]
    if given.list:
        for guard in guards:
            tell(f"{guard.file}: {guard.name}")
        return
    wrong = misplaced(guards)
    if not wrong:
        with copied() as copy:
            wrong = not_green(copy, guards)
    for line in wrong:
        tell(line)
    if wrong or not guards:
        sys.exit(1)
    began, proof = monotonic(), prove(guards, given.jobs)
    tell(f"{proof.tell()}; {monotonic() - began:.0f} s")
    sys.exit(0 if proof.red == len(guards) else 1)


if __name__ == "__main__":
    main()
