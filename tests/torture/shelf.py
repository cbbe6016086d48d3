"""A small source's listing as drafts, revision by revision: a pure function of the number.

Cheap to make, so that thousands of runs of it can be killed. Each revision edits a quarter of the
offers, leaves a few out for a while, and lets some name their organisation otherwise.
"""

from aggregator.harvest import Draft
from tests.aggregator.making import draft, mention
from tests.torture.city import edit_of, mark

SIZE = 60
ABSENT_EVERY = 500
ABSENT_FOR = 25
"""One offer in twenty is left out, for so many revisions: some of them are withdrawn."""
NAMES = 12


def listed_at(revision: int) -> list[int]:
    """The numbers of the offers that stand in a revision."""
    return [n for n in range(SIZE) if (n * 8 + revision) % ABSENT_EVERY >= ABSENT_FOR]


def marks_at(revision: int) -> dict[str, str]:
    """Native id → what the description says in a revision."""
    return {str(n): mark(edit_of(n, revision)) for n in listed_at(revision)}


def drafts_at(revision: int) -> list[Draft]:
    """A revision as the sandbox would send it."""
    return [_draft(n, edit_of(n, revision)) for n in listed_at(revision)]


def _draft(number: int, revision: int) -> Draft:
    """An offer as a revision left it."""
    turn = number // 3 + revision
    name = f"Verein {number % NAMES}" + (" neu" if turn % 7 == 0 else "")
    native_id = None if turn % 5 == 0 else str(number % NAMES)
    return draft(
        str(number),
        f"Angebot {number}",
        description={"de": f"Wir suchen Menschen, die mithelfen. {mark(revision)}"},
        by=mention(name, native_id),
        stamp=revision,
    )
