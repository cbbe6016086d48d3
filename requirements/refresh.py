"""Pin everything anew: newest allowed versions → pyproject.toml and requirements/*.txt.

Run it in the project's folder: `uv run python requirements/refresh.py`. It asks the package
registry, writes only exact versions and hashes, and never an address.
"""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent
PROJECT = TOP / "pyproject.toml"
HEADER = "# Written by requirements/refresh.py from pyproject.toml. Do not edit.\n"
COMPILE = ("uv", "pip", "compile", "--universal", "--no-annotate", "--no-header", "--quiet")
HASHED = {"runtime.txt": (), "dev.txt": ("--extra", "test")}
BUILD = "build.txt"


def main() -> None:
    """Write the pins, then the hashed lists that follow from them."""
    project: dict[str, Any] = tomllib.loads(PROJECT.read_text())
    wanted = ["uv", "editables", *project["build-system"]["requires"]]
    everything = resolve("--no-config", "--upgrade", "--all-extras", str(PROJECT), names=["uv"])
    building = resolve("--no-config", "--upgrade", names=wanted[1:])
    text = PROJECT.read_text()
    text = with_list(text, "constraint-dependencies", pins(everything))
    text = with_list(text, "build-constraint-dependencies", pins(building))
    PROJECT.write_text(text)
    for name, extras in HASHED.items():
        hashed = resolve("--generate-hashes", *extras, str(PROJECT), names=[])
        (TOP / "requirements" / name).write_text(HEADER + hashed)
    needed = resolve("--generate-hashes", names=["uv", *project["build-system"]["requires"]])
    (TOP / "requirements" / BUILD).write_text(HEADER + needed)


def resolve(*arguments: str, names: list[str]) -> str:
    """Arguments for the resolver, and further requirements → its lines."""
    command = [*COMPILE, *arguments, *(["-"] if names else [])]
    done = subprocess.run(
        command, cwd=TOP, input="\n".join(names), capture_output=True, text=True, check=True
    )
    return done.stdout


def pins(lines: str) -> list[str]:
    """Resolved lines → exact pins; a marker stays only where a name has two versions."""
    found = [line.partition(" ; ") for line in lines.splitlines() if "==" in line]
    names = [pin.partition("==")[0] for pin, _, _ in found]
    return [
        pin if names.count(pin.partition("==")[0]) == 1 else f"{pin} ; {marker}"
        for pin, _, marker in found
    ]


def with_list(text: str, key: str, values: list[str]) -> str:
    """The project file's text with one list of `[tool.uv]` replaced."""
    body = "".join(f"    {_quoted(value)},\n" for value in values)
    done, count = re.subn(rf"(?ms)^{key} = \[\n.*?^\]", f"{key} = [\n{body}]", text)
    if count != 1:
        raise ValueError(f"{key} stands {count} times in {PROJECT.name}")
    return done


def _quoted(value: str) -> str:
    return f"'{value}'" if '"' in value else f'"{value}"'


if __name__ == "__main__":
    main()
