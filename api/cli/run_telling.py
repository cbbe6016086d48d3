"""Runs for people on a terminal. What is said is chosen here, nothing is read or decided."""

from collections.abc import Iterable, Iterator

from aggregator.decisions import APPROVED_FOR, Decision
from aggregator.queries.run_changes import RunChanges
from aggregator.queries.runs import RunDetail, RunRow
from aggregator.queries.withheld import HeldItem
from api.cli.printing import answers, local, print_table, say
from api.saying import became, changed, counted, ended, made_because, meaning, spoken


def print_runs(rows: Iterable[RunRow], zone: str) -> None:
    """A table of runs."""
    print_table(
        "Runs",
        ("run", "source", "cause", "started", "seconds", "outcome", "counts", "held"),
        (
            (
                row.id,
                row.source,
                row.cause,
                local(row.started, zone),
                None if row.duration is None else f"{row.duration.total_seconds():.1f}",
                row.outcome or "running",
                ", ".join(f"{n} {name}" for name, n in row.counts.items() if n),
                row.held or None,
            )
            for row in rows
        ),
    )


def print_detail(detail: RunDetail, zone: str) -> None:
    """One run, line by line, then what it held back."""
    for name, said in _facts(detail, zone):
        say(answers(), f"{name:9} {said}")
    if detail.held:
        say(answers(), "")
        _print_held(detail, zone)


def _facts(detail: RunDetail, zone: str) -> Iterator[tuple[str, str]]:
    run = detail.run
    yield "run", f"{run.id} of {run.source}"
    if (because := made_because(run.cause)) is not None:
        yield "cause", f"{run.cause}: {because}"
    yield "started", local(run.started, zone) or ""
    if run.ended is not None and run.duration is not None:
        yield "ended", f"{local(run.ended, zone)}, after {spoken(run.duration)}"
    yield "outcome", f"{run.outcome or 'running'}: {ended(run.outcome)}"
    yield "counts", counted(run.counts) or "nothing"
    if run.problem is not None:
        told = meaning(run.problem.code)
        yield "problem", f"{run.problem.code}: {run.problem.message or told.title}"
        yield "", f"{told.title}. {told.advice}"
    for code, found in detail.findings.items():
        yield "finding", f"{code}, {found['count']} times: {meaning(code).title}"
        for example in found["examples"]:
            yield "", ": ".join(filter(None, (example["path"], example["message"])))
    if detail.stages:
        yield "seconds", ", ".join(f"{name} {spent:g}" for name, spent in detail.stages.items())


def _print_held(detail: RunDetail, zone: str) -> None:
    for what, title in (("removal", "Would vanish"), ("change", "Would change")):
        items = [item for item in detail.held if item.what == what]
        if items:
            print_table(
                title,
                ("title", "kind", "id", "since", "decided", "address"),
                (
                    (i.title, i.kind, i.native_id, local(i.since, zone), fate(i, zone), i.url)
                    for i in items
                ),
            )
        for item in items:
            for difference in item.differences:
                say(answers(), f"  {item.native_id}: {difference}")
    if (more := detail.run.held - len(detail.held)) > 0:
        say(answers(), f"… and {more} more; see --limit")
    waiting = detail.waiting
    if waiting is not None and waiting.run is not None:
        say(answers(), f"Decide: allmende runs approve {waiting.run} | reject {waiting.run}")


def fate(item: HeldItem, zone: str) -> str:
    """What became of something held back."""
    said: str = "no longer held back" if item.fate == "settled" else item.fate
    if item.who is not None:
        said = f"{item.fate} by {item.who}, {local(item.decided, zone)}"
    if item.withdrawn is not None:
        said += f"; withdrawn {local(item.withdrawn, zone)}"
    return said


def print_changes(changes: RunChanges) -> None:
    """What a run changed, record by record."""
    say(answers(), "")
    say(answers(), f"Changes: {changed(changes.counts) or 'none that history tells of'}")
    for each in changes.entries:
        name = f"{each.kind} {each.native_id}"
        say(answers(), f"{became(each.became)}: {each.title} ({name}) {each.url}")
        for difference in each.differences:
            say(answers(), f"  {difference}")
    if changes.left_out:
        say(answers(), f"… and {changes.left_out} more; see --limit")


def decided(source: str, items: int, decision: Decision, who: str, *, rests: bool) -> Iterator[str]:
    """What was decided, and what happens next."""
    what = f"{items} {'thing' if items == 1 else 'things'} held back"
    yield f"{source}: {what}: {decision} by {who}."
    if decision is Decision.APPROVED:
        yield f"The approval waits {APPROVED_FOR.days} days for a visit that needs it."
    else:
        yield "What is published stays, until the source says something else."
    if rests:
        yield f"{source} rests: nothing happens before `allmende sources resume {source}`."
    else:
        yield (
            f"{source} is due now: the worker carries it out, or `allmende sync {source}` at once."
        )
