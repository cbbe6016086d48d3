"""The fake city in a process of its own, whose state the driver moves by writing a file.

python -m tests.torture.city FOLDER: reads FOLDER/revision at every request; prints its port.
Each revision edits a few offers, leaves some out for a while, and lets some that it edits name
their organisation otherwise: by another name, or without its id.
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
ABSENT_EVERY = 300
ABSENT_FOR = 15
"""One offer in twenty is left out, for so many revisions: far below what the guard holds, and
long enough that some are withdrawn."""
EDITED_EVERY = 4
START = 1000
"""So that the edits before the first revision have a number."""
NAMELESS_EVERY = 5
RENAMED_EVERY = 7


def offers_at(revision: int) -> tuple[Offer, ...]:
    """The offers of a revision: a pure function, so that the driver knows what is right."""
    return tuple(
        edited(offer, edit_of(offer.id, revision))
        for offer in twin()
        if (offer.id + revision) % ABSENT_EVERY >= ABSENT_FOR
    )


def edit_of(offer_id: int, revision: int) -> int:
    """The revision that edited an offer last."""
    return revision - (offer_id + revision) % EDITED_EVERY


def edited(offer: Offer, revision: int) -> Offer:
    """The offer as a revision leaves it."""
    return replace(offer, xml=marked(named(offer, revision).xml, revision))


def named(offer: Offer, revision: int) -> Offer:
    """The offer as it names its organisation in a revision."""
    turn = offer.id // 3 + revision
    if turn % NAMELESS_EVERY == 0:
        offer = offer.with_value("einrichtungs_id", "")
    if turn % RENAMED_EVERY == 0:
        offer = offer.with_value("einrichtungsname", f"{offer.value('einrichtungsname')} neu")
    return offer


def marked(xml: str, revision: int) -> str:
    """The offer's XML with the revision in its description and its stamp."""
    xml = re.sub(r"<beschreibung\s*/>", "<beschreibung></beschreibung>", xml)
    xml = xml.replace("</beschreibung>", f" {mark(revision)}</beschreibung>")
    return re.sub(r"(?<=<bearbeitet>)\d+", str(1_780_000_000 + revision), xml)


def mark(revision: int) -> str:
    """What a description of a revision says: letters, because digits look like a telephone."""
    return "stand" + "".join(chr(ord("a") + int(digit)) for digit in f"{revision + START:06d}")


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
