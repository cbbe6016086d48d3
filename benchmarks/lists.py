"""Volunteer lists of any size, made from the list of real size that the demo ships.

Ids and names of offers and organisations are multiplied with the copies, so that 70 copies of 429
offers and 249 organisations are 30,030 and 17,430. Every 13th description carries a role mailbox,
a private address and a phone number: the twin itself has hardly any.
"""

import re
from dataclasses import dataclass

from api.demo.offers import HEAD, TAIL, Offer, twin

STRIDE = 100_000
CONTACTS = (
    "&lt;p&gt;Fragen: info@beispiel.example, erika.muster@beispiel.example, 0345 2002810&lt;/p&gt;"
)
EVERY = 13


@dataclass(frozen=True, slots=True)
class Making:
    """What list to make: `copies` of the twin, and a `stamp` for the first `edited` offers."""

    copies: int
    edited: int = 0
    remark: str = ""
    """Text in a comment behind the root's start: other bytes, the same records."""


def make_list(making: Making) -> bytes:
    """A list as the agency sends it."""
    offers = twin()
    parts = [HEAD.format(owner='agenturId="177"'), f"<!--{making.remark}-->"]
    number = 0
    for copy in range(making.copies):
        for offer in offers:
            text = multiplied(offer, copy)
            text = with_contacts(text) if number % EVERY == 0 else text
            parts.append(edited(text, making.remark) if number < making.edited else text)
            number += 1
    return "".join([*parts, TAIL]).encode()


def multiplied(offer: Offer, copy: int) -> str:
    """The offer's XML under the ids and names of a copy."""
    if copy == 0:
        return offer.xml
    text = offer.xml.replace(str(offer.id), str(offer.id + copy * STRIDE))
    text = re.sub(
        r"(?<=<einrichtungs_id>)\d+", lambda found: str(int(found[0]) + copy * STRIDE), text
    )
    return text.replace("<einrichtungsname>", f"<einrichtungsname>{copy} ")


def with_contacts(text: str) -> str:
    """The XML with contacts at the end of its description."""
    return text.replace("</beschreibung>", f"{CONTACTS}</beschreibung>")


def edited(text: str, remark: str) -> str:
    """The XML with another title and a newer stamp."""
    text = text.replace("</angebotsname>", f" {remark}</angebotsname>")
    return re.sub(r"(?<=<bearbeitet>)\d+", "1790000000", text)
