"""The whole scoreboard: read every file, judge every expectation, count by family."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

from benchmarks.scoreboard.expectations import Expectation
from benchmarks.scoreboard.families import family_of, files_in, reader_of
from benchmarks.scoreboard.judging import Judge, wants_of
from benchmarks.scoreboard.reading import Reading, Want
from benchmarks.scoreboard.rules import Rules
from benchmarks.scoreboard.running import Who, read_all
from benchmarks.scoreboard.table import Tally
from benchmarks.scoreboard.verdicts import Verdict

Judged = list[tuple[Expectation, Verdict]]


def run(
    folder: Path, expectations: Sequence[Expectation], rules: Rules, who: Who = reader_of
) -> tuple[dict[str, Tally], Judged]:
    """Figures by family, and each expectation with its verdict."""
    files = list(files_in(folder))
    wants = [Want(file=file) for file in files]
    wants += [want for each in expectations for want in wants_of(each)]
    readings = asyncio.run(read_all(folder, wants, who))
    judge = Judge(folder=folder, readings=readings, rules=rules)
    tallies = _read(files, readings)
    judged: Judged = []
    for expectation in expectations:
        began = perf_counter()
        verdict = judge.verdict(expectation)
        judged.append((expectation, verdict))
        tally = tallies[family_of(expectation.file) or "(none)"]
        tally.seconds += perf_counter() - began
        tally.take([verdict])
    for tally in tallies.values():
        tally.seconds = round(tally.seconds, 3)
    return dict(tallies), judged


def _read(files: Sequence[str], readings: Mapping[Want, Reading]) -> defaultdict[str, Tally]:
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for file in files:
        tallies[family_of(file) or "(none)"].files += 1
    for want, reading in readings.items():
        tally = tallies[family_of(want.file) or "(none)"]
        tally.crashes += reading.crashes
        tally.hangs += reading.hangs
        tally.seconds += reading.seconds
    return tallies
