"""Events that were refused for want of a title alone: when they take place. Pure.

They are not published, and whoever counts records sees them refused. But their dates are asked
for as well, and were understood: so those are compared.
"""

from collections.abc import Iterator
from typing import Any

from benchmarks.scoreboard.families import reader_of
from benchmarks.scoreboard.reading import Reading
from connectors.base import Connector, Facts, Raw
from connectors.registry import load
from schema import Rejected
from schema.entities import Event


def untitled(reading: Reading) -> Iterator[Event]:
    """A calendar's reading → its events without a title."""
    reader = reader_of(reading.want.file)
    if reader is None or reader.connector != "ical":
        return
    connector: Connector[Any] = load(reader.connector)
    settings = connector.Settings.model_validate(reader.settings)
    for refusal, data in reading.refused():
        if {problem.code for problem in refusal.problems} != {"record.no_title"}:
            continue
        raw = Raw(key=refusal.key, kind=refusal.kind, data=data)
        try:
            mapped = list(connector.map(raw, settings, Facts(zone=reading.want.zone)))
        except Rejected:
            continue
        yield from (event for event in mapped if isinstance(event, Event))
