"""Do several calendars become one without loss and without doubles? They arrive in one document."""

from typing import Final

from benchmarks.scoreboard.cases import Case, Comparison, MissingFile, because
from benchmarks.scoreboard.expectations import Expectation
from benchmarks.scoreboard.reading import Reading, Want
from benchmarks.scoreboard.verdicts import Unmet
from schema.entities import Event


def joined(expectation: Expectation) -> tuple[Want, ...]:
    """The documents that an expectation of merging needs beside its own file."""
    file = expectation.file
    if expectation.check == "merge_idempotent":
        return (Want(file=file, also=(file,)),)
    if expectation.check != "merge" or not isinstance(expectation.value, dict):
        return ()
    inputs = expectation.value.get("inputs")
    names = inputs if isinstance(inputs, list) else []
    folder = file.rpartition("/")[0]
    files = tuple(f"{folder}/{name}" for name in names)
    together = (Want(file=files[0], also=files[1:]),) if files else ()
    return (*together, Want(file=file, also=(file,)))


def merge(case: Case) -> Unmet | None:
    """`value`: inputs, and how many events, series, overrides and which summaries they make."""
    value = case.value
    reading = _merged(case)
    events = [r.entity for r in reading.records if isinstance(r.entity, Event)]
    overrides = [o for e in events if e.recurrence for o in e.recurrence.overrides or ()]
    titles = [next(iter(event.title.values())) for event in events]
    wanted = sorted(value.get("summaries_in_order") or value.get("summaries") or titles)
    counts = {
        "event_count": len(events) + len(overrides),
        "with_rrule": sum(1 for e in events if e.recurrence and e.recurrence.rule),
        "with_recurrence_id": len(overrides),
    }
    for name, count in counts.items():
        if value.get(name, count) != count:
            return because(reading, f"wrong_{name}", f"{count} for {value[name]}")
    if sorted(titles) != wanted:
        return because(reading, "wrong_summaries", str(titles))
    if "merge_with_itself_adds" in value:
        return _adds_nothing(case)
    return None


def _merged(case: Case) -> Reading:
    wants = [want for want in joined(case.expectation) if want.file in want.also[:1]]
    together = [want for want in joined(case.expectation) if want not in wants]
    if not together:
        return case.reading
    found = case.readings.get(together[0])
    if found is None:
        raise MissingFile(str(together[0].also))
    return found


def merge_idempotent(case: Case) -> Unmet | None:
    """A calendar that stands twice in a document gives what it gives once."""
    return _adds_nothing(case) if case.value is True else None


def _adds_nothing(case: Case) -> Unmet | None:
    file = case.expectation.file
    twice = case.readings[Want(file=file, also=(file,))]
    once = {(r.key, r.entity.model_dump_json()) for r in case.reading.records}
    again = {(r.key, r.entity.model_dump_json()) for r in twice.records}
    if not once:
        return because(case.reading, "missing_event")
    return None if once == again else because(twice, "doubled", str(sorted(again - once))[:300])


def golden_merge_output(case: Case) -> Unmet | None:
    """`value`: how many VEVENTs of which UIDs a merged calendar holds."""
    uids = {event.source_uid for event in case.events}
    missing = set(case.value["uids"]) - uids
    if missing:
        return because(case.reading, "missing_event", str(sorted(missing)[:3]))
    return None


COMPARISONS: Final[dict[str, Comparison]] = {
    "merge": merge,
    "merge_idempotent": merge_idempotent,
    "golden_merge_output": golden_merge_output,
}
