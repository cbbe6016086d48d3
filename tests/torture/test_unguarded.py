"""A few guards taken out with every test run; `tests.torture.unguarded` takes out each of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.torture.guards import GUARDS
from tests.torture.guards.guard import Guard, Misplaced
from tests.torture.unguarded import (
    Copy,
    Proof,
    Taken,
    copied,
    misplaced,
    not_green,
    not_there,
    take_out,
)

FEW = (
    "more removals than plausible are held back",
    "more altered titles than plausible are held back",
    "a missing record is withdrawn a day later at the soonest",
    "no redirect leads from https to http",
    "private networks are closed",
    "values that were resolved are masked wherever they stand",
)
CHOSEN = [guard for guard in GUARDS if guard.name in FEW]
CHEAP = "sources do not march in step"
(ONE,) = (guard for guard in GUARDS if guard.name == CHEAP)


@pytest.fixture(scope="module")
def copy() -> Iterator[Copy]:
    with copied() as made:
        yield made


def test_every_guard_stands_where_the_table_says_and_has_a_name_of_its_own() -> None:
    assert misplaced(GUARDS) == []
    names = Counter(guard.name for guard in GUARDS)
    assert [name for name, count in names.items() if count > 1] == []
    assert len(CHOSEN) == len(FEW)


def test_every_named_test_exists(copy: Copy) -> None:
    assert not_there(copy, GUARDS) == []
    gone = replace(ONE, test=f"{ONE.test}_no_more")
    assert not_there(copy, [gone]) == [gone.test]


@pytest.mark.parametrize("guard", CHOSEN, ids=lambda guard: guard.name.replace(" ", "_"))
def test_without_the_guard_its_test_goes_red(copy: Copy, guard: Guard) -> None:
    assert take_out(copy, guard).red


def test_what_proves_nothing_is_told(copy: Copy) -> None:
    harmless = replace(ONE, instead=f"{ONE.text}    # as before\n")
    assert take_out(copy, harmless) == Taken(red=False, said="SURVIVED")
    nonsense = replace(ONE, instead="    nowhere()\n")
    assert take_out(copy, nonsense).said.startswith("BROKEN: NameError")
    elsewhere = replace(ONE, test=f"{ONE.test}_no_more")
    assert take_out(copy, elsewhere).said.startswith("NO RESULT: exit code 4")


def test_a_test_that_is_red_before_anything_is_taken_out_is_told(copy: Copy) -> None:
    (copy.top / "tests" / "test_red.py").write_text("def test_red() -> None:\n    assert False\n")
    red = replace(ONE, test="tests/test_red.py::test_red")
    assert not_green(copy, [ONE, red]) == [
        f"fails with its guards: {red.test}: assert False",
        f"did not pass: {red.test}",
    ]


def test_a_table_that_no_longer_fits_is_noticed(copy: Copy) -> None:
    for text in ("nowhere to be found", "return"):
        with pytest.raises(Misplaced):
            take_out(copy, replace(ONE, text=text))
    with pytest.raises(SyntaxError):
        take_out(copy, replace(ONE, instead="if if:"))
    assert take_out(copy, ONE).red


def test_survivors_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    proof = Proof(guards=2)
    proof.note(ONE, Taken(red=True, said="assert"), 1.0)
    proof.note(ONE, Taken(red=False, said="SURVIVED"), 1.0)
    assert proof.tell() == "2 guards, 1 seen red, 1 survivors"
    assert [line[:8] for line in capsys.readouterr().out.splitlines()[::2]] == [
        "red     ",
        "SURVIVOR",
    ]
