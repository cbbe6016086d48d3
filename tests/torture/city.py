"""The fake city in a process of its own, whose state the driver moves by writing a file.

python -m tests.torture.city FOLDER: reads FOLDER/revision at every request; prints its port.
Each revision edits every description, keeps titles, and leaves a few offers out for a while.
"""

import asyncio
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE, Popen

from api.demo.city import City, fake_city
from api.demo.offers import Offer, twin

KEY = "torture"
ABSENT_EVERY = 97
"""About one in so many offers is left out of a revision: far below what the guard holds."""


def offers_at(revision: int) -> tuple[Offer, ...]:
    """The offers of a revision: a pure function, so that the driver knows what is right."""
    return tuple(
        replace(offer, xml=marked(offer.xml, revision))
        for offer in twin()
        if (offer.id + revision) % ABSENT_EVERY
    )


def marked(xml: str, revision: int) -> str:
    """The offer's XML with the revision in its description and its stamp."""
    xml = re.sub(r"<beschreibung\s*/>", "<beschreibung></beschreibung>", xml)
    xml = xml.replace("</beschreibung>", f" {mark(revision)}</beschreibung>")
    return re.sub(r"(?<=<bearbeitet>)\d+", str(1_780_000_000 + revision), xml)


def mark(revision: int) -> str:
    """What a description of a revision says: letters, because digits look like a telephone."""
    return "stand" + "".join(chr(ord("a") + int(digit)) for digit in f"{revision:06d}")


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The city's URL while its process runs."""
    command = [sys.executable, "-m", "tests.torture.city", str(folder)]
    with Popen(command, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


async def _serve(folder: Path) -> None:
    def edit(_: tuple[Offer, ...]) -> tuple[Offer, ...]:
        return offers_at(int((folder / "revision").read_text()))

    async with fake_city(City(key=KEY, edit=edit)) as city:
        os.write(sys.stdout.fileno(), f"{city.url}\n".encode())
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
