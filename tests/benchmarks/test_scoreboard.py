import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.scoreboard.__main__ import main
from benchmarks.scoreboard.board import run
from benchmarks.scoreboard.expectations import BadExpectations, Expectation, read_expectations
from benchmarks.scoreboard.families import Reader, family_of, reader_of
from benchmarks.scoreboard.figures import Figure, falls
from benchmarks.scoreboard.judging import COMPARISONS
from benchmarks.scoreboard.rules import Rules, load_rules
from benchmarks.scoreboard.table import Tally
from tests.aggregator.sandbox.odd import NAME

FAMILY = "freinet"
FILE = "freinet/origin/liste.xml"
OFFER = """<angebot angebotsId="{0}"><angebotsname>Bäume gießen {0}</angebotsname>
<einrichtungsname>Baumfreunde</einrichtungsname><ort>Halle</ort></angebot>"""
COLUMNS = {"files", "met", "unmet", "not_applicable", "crashes", "hangs", "seconds", "causes"}


def expectation(check: str, value: Any, file: str = FILE, **args: Any) -> Expectation:
    return Expectation(file=file, check=check, kind="upstream", value=value, args=args)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of real documents: one list of two offers, and a note that is no document."""
    path = tmp_path / "data" / FILE
    path.parent.mkdir(parents=True)
    offers = "".join(OFFER.format(number) for number in (1, 2))
    path.write_text(f'<angebotsliste agenturId="177">{offers}</angebotsliste>')
    (tmp_path / "data" / "README.md").write_text("of no family")
    return tmp_path / "data"


def judged(folder: Path, *expectations: Expectation) -> tuple[Tally, list[str]]:
    tallies, verdicts = run(folder, expectations, load_rules())
    return tallies[FAMILY], [v.cause or v.outcome for _, v in verdicts]


def odd(folder: Path, *lines: dict[str, Any]) -> Tally:
    """What is counted where the odd connector reads the lines."""
    (folder / FILE).write_text("".join(json.dumps(line) + "\n" for line in lines))
    tallies, _ = run(folder, (), Rules(()), lambda _: Reader(connector=NAME, settings={}))
    return tallies[FAMILY]


def test_a_right_answer_is_met(folder: Path) -> None:
    tally, verdicts = judged(folder, expectation("offer_count", 2))
    assert verdicts == ["met"]
    assert (tally.files, tally.met, tally.unmet, tally.not_applicable) == (1, 1, 0, 0)


def test_a_wrong_answer_is_unmet_and_never_not_applicable(folder: Path) -> None:
    tally, verdicts = judged(
        folder,
        expectation("offer_count", 3),
        expectation("offers_by_id", {"1": {"title": "Bäume gießen 1", "town": "Halle"}}),
        expectation("offers_by_id", {"1": {"title": "Halle"}}),
        expectation("offers_by_id", {"7": {"title": "Bäume gießen 7"}}),
    )
    assert verdicts == ["wrong_count", "met", "wrong_title", "missing_offer"]
    assert tally.causes == {"missing_offer": 1, "wrong_count": 1, "wrong_title": 1}
    assert tally.not_applicable == 0


def test_a_check_nobody_knows_is_unmet(folder: Path) -> None:
    assert judged(folder, expectation("offer_colours", 3))[1] == ["unknown_check"]


def test_a_value_of_another_form_crashes_nothing(folder: Path) -> None:
    values: list[Any] = [None, 3, "x", [1], {"1": 2}, {"count": "x", "points": 4}]
    asked = [expectation(check, value) for check in COMPARISONS for value in values]
    _, verdicts = run(folder, asked, Rules(()))
    causes = {verdict.cause for _, verdict in verdicts}
    assert len(verdicts) == len(asked)
    assert {"malformed_value", "missing_file"} <= causes
    assert "unknown_check" not in causes


def test_a_file_that_is_missing_is_a_cause(folder: Path) -> None:
    gone = expectation("offer_count", 2, "freinet/origin/fehlt.xml")
    earlier = expectation("diff_to_previous_snapshot", {"previous": "freinet/origin/fehlt.xml"})
    assert judged(folder, gone, earlier)[1] == ["missing_file", "missing_file"]


def test_a_reader_that_raises_or_dies_is_a_crash(folder: Path) -> None:
    assert odd(folder, {"key": "1"}).crashes == 0
    assert odd(folder, {"key": "1", "map": "fail"}, {"key": "2"}).crashes == 1
    assert odd(folder, {"key": "1"}, {"key": "2", "map": "segfault"}).crashes == 1
    assert odd(folder, {"key": "1", "read": "fail"}).crashes == 1
    assert odd(folder, {"key": "1", "read": "eat"}).crashes == 1


def test_a_refusal_is_no_crash(folder: Path) -> None:
    tally = odd(folder, {"key": "1", "map": "reject"}, {"key": "2", "read": "not_mine"})
    assert (tally.crashes, tally.hangs) == (0, 0)


def test_a_reader_that_comes_to_no_end_is_a_hang(folder: Path) -> None:
    tally = odd(folder, {"key": "1", "map": "burn"}, {"key": "2"})
    assert (tally.crashes, tally.hangs) == (0, 1)
    assert odd(folder, {"key": "1", "read": "burn"}).hangs == 1


def test_families_are_first_folders_and_dialects_have_two() -> None:
    assert family_of("ical-events/a/b.ics") == "ical-events"
    assert family_of("dialects/ics/b.ics") == "dialects/ics"
    assert family_of("README.md") is None
    assert family_of("dialects/MANIFEST.tsv") is None


@pytest.mark.parametrize(
    ("file", "connector"),
    [
        ("ical-broken/x/fuzz1", "ical"),
        ("ical-events/x/expected.json", None),
        ("rss-atom-real/x/feed.rss", "feed"),
        ("rss-atom-expected/x/feed.json", "feed"),
        ("html-sanitize/x/notes.md", None),
        ("freinet/x/list.xml", "freinet"),
        ("freinet/x/cards.csv", None),
        ("hsds/x/list.xml", None),
    ],
)
def test_a_files_family_says_who_reads_it(file: str, connector: str | None) -> None:
    reader = reader_of(file)
    assert (reader and reader.connector) == connector


def test_json_is_exactly_as_promised(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = tmp_path / "expected.jsonl"
    lines.write_text(json.dumps({"file": FILE, "check": "offer_count", "value": 3}) + "\n")
    assert main(["--data", str(folder), "--expected", str(lines), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {"families"}
    assert set(said["families"]) == {FAMILY}
    assert set(said["families"][FAMILY]) == COLUMNS
    assert said["families"][FAMILY]["causes"] == {"wrong_count": 1}


def test_two_runs_say_the_same(folder: Path) -> None:
    asked = (expectation("offer_count", 3), expectation("no_such_check", 1))
    assert judged(folder, *asked)[1] == judged(folder, *asked)[1]


def test_without_documents_it_says_so_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "missing")
    assert main(["--data", missing, "--expected", missing]) == 2
    assert "no real documents" in capsys.readouterr().err


def test_a_line_that_is_no_expectation_is_named(tmp_path: Path) -> None:
    lines = tmp_path / "expected.jsonl"
    lines.write_text('{"file": "a/b", "check": "c"}\n{"file": 3}\n')
    with pytest.raises(BadExpectations, match="line 2"):
        read_expectations(lines)


FIGURES = {FAMILY: Figure(met=8, unmet=2, not_applicable=1)}


@pytest.mark.parametrize(
    ("tally", "said"),
    [
        (Tally(met=8, unmet=2, not_applicable=1), []),
        (Tally(met=9, unmet=1, not_applicable=0), []),
        (Tally(met=7, unmet=1, not_applicable=1), ["freinet: 7 met, 8 before"]),
        (Tally(met=8, unmet=3), ["freinet: 0.7273 of the applicable met, 0.8000 before"]),
        (Tally(met=8, not_applicable=3), ["freinet: 3 not applicable, 1 before"]),
        (Tally(met=9, crashes=1), ["freinet: 1 crashes and 0 hangs"]),
        (Tally(met=9, hangs=1), ["freinet: 0 crashes and 1 hangs"]),
    ],
)
def test_a_family_may_not_fall_below_its_figure(tally: Tally, said: list[str]) -> None:
    assert list(falls({FAMILY: tally}, FIGURES)) == said


def test_a_family_that_is_gone_has_fallen() -> None:
    assert "freinet: 0 met, 8 before" in list(falls({}, FIGURES))


def test_falling_below_the_floor_fails_the_command(folder: Path, tmp_path: Path) -> None:
    lines, floor = tmp_path / "expected.jsonl", tmp_path / "figures.json"
    line = {"file": FILE, "check": "offer_count", "value": 2}
    lines.write_text(json.dumps(line) + "\n")
    given = ["--data", str(folder), "--expected", str(lines)]
    assert main([*given, "--figures", str(floor)]) == 0
    assert main([*given, "--floor", str(floor)]) == 0
    lines.write_text(json.dumps({**line, "value": 3}) + "\n")
    assert main([*given, "--floor", str(floor)]) == 1
