"""A connector that does what its documents say, for good or ill: one JSON object a line.

`read` and `map` name a deed done while reading or mapping that line; other fields make its raw.
"""

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from tempfile import TemporaryFile
from typing import Annotated, Any, ClassVar

import orjson

from connectors.base import (
    Between,
    Complete,
    ConnectorSettings,
    Cursor,
    Document,
    Everything,
    Facts,
    Fetch,
    Gone,
    Manifest,
    Raw,
    Request,
    Secret,
    SecretRef,
    Understood,
    UnlessKnown,
    Unreadable,
)
from schema import Entity, Level, Offer, Organisation, Place, Problem, Ref, Rejected

NAME = "tests.aggregator.sandbox.odd:Odd"
PERSON = "Erika Kanarienvogel"


class OddSettings(ConnectorSettings):
    url: Annotated[str, Fetch] = "https://odd.example/"
    key: Annotated[str | None, Fetch, SecretRef] = None
    language: str = "de"


def burn() -> None:
    while True:
        pass


def toil() -> None:
    end = time.process_time() + 0.1
    while time.process_time() < end:
        pass


def eat() -> None:
    hoard = [bytearray(8_000_000) for _ in range(10_000)]
    hoard.clear()


def fail() -> None:
    raise RuntimeError(f"this text names {PERSON}")


def reject() -> None:
    raise Rejected(Problem("record.no_title", "titel", "empty", Level.WARNING))


def not_mine() -> None:
    raise Unreadable(Problem("document.wrong_root", "", "html"))


def print_something() -> None:
    print("x" * 100_000)  # noqa: T201 - what libraries do


def write_a_file() -> None:
    with TemporaryFile(buffering=0) as file:
        file.write(b"x")


def open_many() -> None:
    hoard = [open(os.devnull) for _ in range(64)]  # noqa: SIM115 - that is the deed
    hoard.clear()


def show_environment() -> None:
    if set(os.environ) - {"LC_CTYPE"}:
        raise RuntimeError


DEEDS: dict[str, Callable[[], None]] = {
    "burn": burn,
    "toil": toil,
    "eat": eat,
    "fail": fail,
    "reject": reject,
    "not_mine": not_mine,
    "print": print_something,
    "write": write_a_file,
    "open": open_many,
    "environment": show_environment,
    "sleep": lambda: time.sleep(3600),
    "nap": lambda: time.sleep(0.02),
    "doze": lambda: time.sleep(0.2),
    "segfault": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "be killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda: os._exit(3),
}


class Odd:
    """See the module."""

    manifest: ClassVar[Manifest] = Manifest(
        name="odd", version=1, titles={"en": "Odd"}, kinds=("offer",), volatile=frozenset({"count"})
    )
    Settings = OddSettings

    def start(self, settings: OddSettings, state: Any) -> Iterable[Request]:
        DEEDS.get(str(state), int)()
        yield Request(
            url=settings.url,
            query=(("q", "ä"), ("accessKey", Secret(settings.key or "env:NONE"))),
            tag={"state": state},
            unless_known=UnlessKnown(kind="offer", native_id="1", stamp="2026"),
        )

    def read(self, document: Document, settings: OddSettings) -> Iterator[Understood]:
        if document.path is None:
            yield Raw(key="partial", kind="offer", data={"tag": document.tag}, partial=True)
            return
        with document.open() as file:
            for line in file:
                data = orjson.loads(line)
                DEEDS.get(data.pop("read", ""), int)()
                yield understood(data)

    def map(self, raw: Raw, settings: OddSettings, facts: Facts) -> Iterable[Entity]:
        DEEDS.get(raw.data.get("map", ""), int)()
        title = raw.data.get("title", f"Angebot {raw.key}")
        for number in range(raw.data.get("entities", 1)):
            if raw.kind == "organisation":
                yield Organisation(native_id=str(raw.key), title={"de": title})
                continue
            yield Offer(
                native_id=f"{raw.key}-{number}" if number else str(raw.key),
                title={settings.language: title},
                description={"de": raw.data.get("text", "")} if "text" in raw.data else None,
                organisation=ref_of(raw.data.get("ref")),
                place=Place(locality=raw.data.get("place")),
                valid_from=date(2026, 11, 21),
                source_modified=datetime(2026, 11, 21, 12, 30, tzinfo=UTC),
            )


YIELDS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "complete": lambda data: Complete(Everything()),
    "between": lambda data: Complete(Between(date(2026, 1, 1), date(2026, 2, 1))),
    "gone": lambda data: Gone("offer", data["id"]),
    "cursor": lambda data: Cursor({"at": "x" * data.get("size", 1)}),
    "problem": lambda data: Problem("document.cut", "", "breaks off", Level.WARNING),
    "request": lambda data: Request(url="https://odd.example/2", tag=["next"]),
    "nonsense": lambda data: "nonsense",
    "set": lambda data: Raw(key="set", kind="offer", data={"values": {1, 2}}),
    "surrogate": lambda data: Raw(key="surrogate", kind="offer", data={"title": "\ud800"}),
}


def understood(data: dict[str, Any]) -> Understood:
    if "yield" in data:
        item: Understood = YIELDS[data["yield"]](data)
        return item
    return Raw(
        key=data.get("key"), kind=data.get("kind", "offer"), data=data, stamp=data.get("stamp")
    )


def ref_of(data: Any) -> Ref | None:
    if data is None:
        return None
    return Ref(native_id=data.get("id"), name=data["name"], said=data.get("said"))
