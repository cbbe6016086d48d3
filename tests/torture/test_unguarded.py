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
ONE = CHOSEN[0]


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
    assert take_out(copy, guard) is None


def test_what_proves_nothing_is_told(copy: Copy) -> None:
    harmless = replace(ONE, instead=f"{ONE.text}  # as before")
    assert take_out(copy, harmless) == "SURVIVED"
    nonsense = replace(ONE, instead="if len(nowhere) > 1:")
    assert str(take_out(copy, nonsense)).startswith("BROKEN: NameError")
    elsewhere = replace(ONE, test=f"{ONE.test}_no_more")
    assert str(take_out(copy, elsewhere)).startswith("NO RESULT: exit code 4")
    assert not_green(copy, [ONE]) == []
    assert not_green(copy, [elsewhere]) != []


def test_a_table_that_no_longer_fits_is_noticed(copy: Copy) -> None:
    for text in ("nowhere to be found", "return"):
        with pytest.raises(Misplaced):
            take_out(copy, replace(ONE, text=text))
    with pytest.raises(SyntaxError):
        take_out(copy, replace(ONE, instead="if if:"))
    assert take_out(copy, ONE) is None


def test_survivors_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    proof = Proof(guards=2)
    proof.note(ONE, None, 1.0)
    proof.note(ONE, "SURVIVED", 1.0)
    assert proof.tell() == "2 guards, 1 seen red, 1 survivors"
    assert capsys.readouterr().out.splitlines()[1].startswith("SURVIVED")
