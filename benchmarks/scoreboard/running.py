"""Reading every file of a folder in the sandbox, two at a time. Judges nothing."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from aggregator.sandbox.parent import Limits, Opening, Sandbox
from benchmarks.scoreboard.families import Reader, reader_of
from benchmarks.scoreboard.reading import Reading, Want, read
from connectors.base import Facts
from connectors.registry import UnknownConnector, load

CHILDREN: Final = 2
Who = Callable[[str], Reader | None]
"""A file → who reads it."""
PORTION: Final = 40
"""Documents that one session reads after each other."""


async def read_all(
    folder: Path, wants: Iterable[Want], who: Who = reader_of
) -> dict[Want, Reading]:
    """What came of each document that a connector reads and that is there."""
    portions = list(_portions(folder, wants, who))
    readings: dict[Want, Reading] = {}
    async with Sandbox(CHILDREN) as sandbox:
        free = asyncio.Semaphore(CHILDREN)

        async def one(reader: Reader, portion: Sequence[Want]) -> None:
            async with free:
                for reading in await read_portion(sandbox, folder, reader, portion):
                    readings[reading.want] = reading

        async with asyncio.TaskGroup() as group:
            for reader, portion in portions:
                group.create_task(one(reader, portion))
    return readings


async def read_portion(
    sandbox: Sandbox, folder: Path, reader: Reader, wants: Sequence[Want]
) -> list[Reading]:
    """Documents of one source, one after the other."""
    facts = Facts(zone=wants[0].zone)
    opening = Opening(connector=reader.connector, settings=reader.settings, facts=facts)
    limits = _limits(reader)
    async with sandbox.session(opening) as session:
        await session.start(None)
        return [await read(session, folder, want, limits) for want in wants]


def _limits(reader: Reader) -> Limits:
    if ":" in reader.connector:
        return Limits(max_bytes=20_000_000, max_seconds=30.0)
    manifest = load(reader.connector).manifest
    return Limits(max_bytes=manifest.max_bytes, max_seconds=manifest.max_seconds)


def _portions(folder: Path, wants: Iterable[Want], who: Who) -> Iterable[tuple[Reader, list[Want]]]:
    """Documents that one session can read, in the order of their names."""
    groups: dict[tuple[str, str, str], tuple[Reader, list[Want]]] = {}
    ordered = sorted(set(wants), key=lambda w: (w.file, w.zone, w.charset or "", w.also))
    for want in ordered:
        reader = who(want.file)
        if reader is None or not all((folder / f).is_file() for f in (want.file, *want.also)):
            continue
        if not is_installed(reader):
            continue
        key = (reader.connector, str(reader.settings), want.zone)
        groups.setdefault(key, (reader, []))[1].append(want)
    for reader, group in groups.values():
        for start in range(0, len(group), PORTION):
            yield reader, group[start : start + PORTION]


def is_installed(reader: Reader) -> bool:
    """Whether there is such a connector."""
    if ":" in reader.connector:
        return True
    try:
        load(reader.connector)
    except UnknownConnector:
        return False
    return True
