"""How the connectors do on real documents: `python -m benchmarks.scoreboard --data DIR
--expected FILE [--json]`. With `--floor FILE` it fails (1) where a family falls below figures that
were committed; `--figures FILE` writes them anew; `--unmet PATTERN` lists what is unmet.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

from benchmarks.scoreboard.board import Judged, run
from benchmarks.scoreboard.expectations import BadExpectations, read_expectations
from benchmarks.scoreboard.families import family_of
from benchmarks.scoreboard.figures import dumped, falls, load_figures
from benchmarks.scoreboard.rules import load_rules
from benchmarks.scoreboard.table import as_data, as_text


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line, run, print. Returns the exit code: 1 below the floor, 2 where there
    is nothing to read."""
    given = _parsed(arguments)
    if not given.data.is_dir() or not given.expected.is_file():
        print(f"no real documents at {given.data}, or no {given.expected}", file=sys.stderr)
        return 2
    try:
        expectations = read_expectations(given.expected)
    except BadExpectations as error:
        print(f"{given.expected}: {error}", file=sys.stderr)
        return 2
    tallies, judged = run(given.data, expectations, load_rules())
    if given.figures:
        given.figures.write_text(dumped(tallies), "utf-8")
    print(json.dumps(as_data(tallies), indent=2) if given.json else as_text(tallies))
    if given.unmet:
        _show(judged, given.unmet)
    worse = list(falls(tallies, load_figures(given.floor))) if given.floor else []
    for line in worse:
        print(f"fell: {line}", file=sys.stderr)
    return 1 if worse else 0


def _show(judged: Judged, pattern: str) -> None:
    for expectation, verdict in judged:
        name = f"{family_of(expectation.file)} {expectation.check} {verdict.cause}"
        if verdict.outcome == "unmet" and fnmatch(name, pattern):
            print(f"\n{name}\n  {expectation.file}\n  {verdict.detail[:600]}")


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoreboard", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of real documents")
    parser.add_argument("--expected", type=Path, required=True, help="expected values, JSON lines")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--floor", type=Path, help="figures below which no family may fall")
    parser.add_argument("--figures", type=Path, help="write the figures there")
    parser.add_argument("--unmet", metavar="PATTERN", help="list unmet ones, e.g. 'ical-* *'")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
