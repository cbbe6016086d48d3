"""Do an image's steps without an engine: every COPY and RUN of the Dockerfile's own text, in a
folder that stands for the file systems of both stages.

What differs from an engine: absolute paths lead into the folder, and an environment made from
this machine's Python stands for the base image's.
"""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Final

from tests.ops.dockerfile import Instruction, environment, lets_in, of, stages
from tests.repo.tree import TOP, files, name

PYTHON: Final = "/usr/bin/python3"
"""The system's: the user of the image may run it, wherever the tests' own Python lies."""
GRACE: Final = 20.0
"""Seconds that a started image may take to end."""
PLACES: Final = re.compile(
    r"(?<![\w./-])/(?=(?:venv|dist|data|healthcheck\.py|allmende\.toml)\b|$)"
)


@dataclass(frozen=True, slots=True)
class Image:
    """What the steps left in `root`."""

    root: Path

    @property
    def user(self) -> int:
        """The number of the user it runs as."""
        return int(of(stages()[-1], "USER")[-1].rest.partition(":")[0])

    @property
    def command(self) -> list[str]:
        """What is run when it starts."""
        (entry,), (command,) = of(stages()[-1], "ENTRYPOINT"), of(stages()[-1], "CMD")
        return [*map(self.inside, entry.listed), *command.listed]

    @property
    def health(self) -> list[str]:
        """What is run to see whether it lives."""
        (check,) = of(stages()[-1], "HEALTHCHECK")
        return list(map(self.inside, check.listed))

    def inside(self, text: str) -> str:
        """A command of the Dockerfile → the same with its places in `root`."""
        return PLACES.sub(f"{self.root}/", text)

    def variables(self, **more: str) -> dict[str, str]:
        """The environment of its processes, and nothing of ours."""
        return {name: self.inside(value) for name, value in environment().items()} | more

    def start(self, command: list[str], **more: str) -> "subprocess.Popen[str]":
        """Run a command as the image's user, who can gain nothing."""
        number = str(self.user)
        confined = ["--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--clear-groups"]
        becoming = ["setpriv", f"--reuid={number}", f"--regid={number}", *confined]
        return subprocess.Popen(
            [*becoming, "--", *command],
            env=self.variables(**more),
            cwd=self.root / "data",
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            umask=0o077,
        )


def build(root: Path) -> Image:
    """Both stages, in order. Raises `CalledProcessError` where a step fails."""
    image = Image(root)
    source = root / "src"
    source.mkdir()
    subprocess.run([PYTHON, "-m", "venv", root / "base"], check=True)
    building, shipped = stages()
    for one in building:
        match one.keyword:
            case "COPY":
                _copy(one, source)
            case "RUN":
                _run(image, one.rest, source)
    for one in of(shipped, "COPY"):
        if "from" not in one.flags:
            _copy(one, root)
    _run(image, _without_users(of(shipped, "RUN")[0].rest), root)
    return image


def _copy(one: Instruction, into: Path) -> None:
    *sources, target = one.words
    for source in sources:
        for path in files(source) if (TOP / source).is_dir() else [TOP / source]:
            if lets_in(name(path)):
                copy(path, _place(into, source, target, path))


def _place(into: Path, source: str, target: str, path: Path) -> Path:
    inside = path.relative_to(TOP / source)
    place = into / target.strip("/") / inside
    if not inside.parts and target.endswith("/"):
        place = into / target.strip("/") / path.name
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _run(image: Image, command: str, folder: Path) -> None:
    ours = {"PATH": f"{image.root}/base/bin:/usr/bin:/bin", "VIRTUAL_ENV": ""}
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    subprocess.run(
        ["/bin/sh", "-euc", image.inside(command)], cwd=folder, env=clean | ours, check=True
    )


def _without_users(command: str) -> str:
    """Only the image's own list of users may be added to; numbers do here."""
    parts = command.split("&&")
    return "&&".join(part for part in parts if shlex.split(part)[0] not in {"groupadd", "useradd"})


@contextmanager
def running(image: Image, **more: str) -> Iterator["subprocess.Popen[str]"]:
    """What the image runs when it starts; ended at the end, if it still runs."""
    process = image.start(image.command, **more)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=GRACE)
        finally:
            process.kill()
