"""Find and mask private mail addresses and phone numbers in plain text.

Role mailboxes (`info@…`, `ehrenamt-nord@…`) are nobody's own and stay. Every pattern is linear:
each repetition has an upper bound, and cheap tests on bytes come before any pattern.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from connectors.cleaning.roles import ROLES
from schema.normal.phones import e164, numbers_in

MASK: Final = "[…]"
"""What stands where a private contact stood; the same in every language."""

FEWEST_DIGITS: Final = 6
"""Fewer digits than this are no phone number."""

_ATOM: Final = r"[\w+%'~-]{1,200}"
_BRACKETED: Final = r"\s?[\[({{<]\s?(?:{})\s?[\])}}>]\s?"
_AT: Final = rf"(?:[@＠﹫]|{_BRACKETED.format('at|ät|arroba|eta|@')})"
_DOT: Final = (
    rf"(?:\.|{_BRACKETED.format('dot|punkt|punt|ponto|punto|taškas|.')}|\s(?:dot|punkt)\s)"
)
_DOT_WORD: Final = r"\s(?:dot|punkt|ponto|taškas)\s"
_NAME: Final = rf"{_ATOM}(?:{_DOT}{_ATOM}){{0,6}}"
_DOMAIN: Final = rf"[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,7}}"
_USUAL_END: Final = r"(?:de|com|org|net|eu|info|nl|pt|lt|at|ch|fr|be|lu|pl|example)(?![\w-])"
_MAIL: Final = re.compile(
    rf"(?<![\w+%'~-])(?:{_NAME}{_AT}{_DOMAIN}"
    rf"|{_NAME}(?:\s@\s?|@\s)[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,6}}\.{_USUAL_END}"
    rf"|{_NAME}\sat\s[\w-]{{1,63}}(?:{_DOT_WORD}[\w-]{{1,63}}){{1,7}}"
    rf"|{_ATOM}(?:\.{_ATOM}){{1,6}}\sat\s[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,7}})",
    re.IGNORECASE,
)
_WRITTEN_AT: Final = re.compile(
    rf"(?:\s?[@＠﹫]\s?|{_BRACKETED.format('at|ät|arroba|eta|@')}|\sat\s)", re.IGNORECASE
)
_WRITTEN_DOT: Final = re.compile(rf"{_DOT}|{_DOT_WORD}", re.IGNORECASE)
_BRACKET_AT: Final = re.compile(r"[\[({<]\s?(?:at|ät|arroba|eta|@)\s?[\])}>]", re.IGNORECASE)
_TOP_LEVEL: Final = re.compile(r"\.[^\W\d_]{2,24}$")
_NOT_DIGITS: Final = bytes(code for code in range(256) if not 48 <= code <= 57)
_NUMBER: Final = re.compile(r"(?:\+|\b00)?\(?\d(?:[ ()/.\u2013\u2014\u2010\u2011-]{0,3}\d){5,24}")
_NO_NUMBER: Final = re.compile(
    r"\b[A-Z]{2}\d{2}(?:\s?\d{4}){3,7}(?:\s?\d{1,4})?\b"  # a bank account
    r"|\b\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d{2})?(?!\d)"  # 31.12.2026
    r"|\b(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)"  # 2026-12-31
    r"|\b(?:19|20)\d\d\s?[-/–]\s?(?:19|20)?\d\d(?!\d)"  # 2025/2026
    r"|\b\d{1,2}[:.]\d\d(?=\s?(?:[-–]|bis|to|Uhr|h\b))"  # 18:00 - 20.00
    r"|(?:https?://|www\.)[^\s<>]{1,2000}",
)
_SAYS_PHONE: Final = re.compile(
    r"(?:tel|fon|phone|mobil|handy|fax|ruf|call|anruf|whatsapp|signal|sms|bel|telef|tālr|☎|✆|📞)"
    r"[^\d\n]{0,16}$",
    re.IGNORECASE,
)
_DIALLED: Final = re.compile(r"\(?(?:\+|0)")
_LOOK_BACK: Final = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What may stand in public: `mails` in lower case and `phones` as `+49…` of organisations.
    `region` says how numbers without country code are read."""

    mails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    region: str = "DE"


NOBODY: Final = Allowed()


def is_role_mailbox(address: str) -> bool:
    """Whether a mail address belongs to a function, not to a person.

    Every part of its name must be a role word, a number or a part of its domain's name, and at
    least one a role word: `info`, `ehrenamt-nord@stadt-nord.example`, but not `team.meyer@`.
    """
    name, _, domain = address.lower().rpartition("@")
    parts = [part for part in re.split(r"[._+-]", name.strip("0123456789")) if part]
    around = set(re.split(r"[.-]", domain))
    known = [part.strip("0123456789") for part in parts]
    return any(part in ROLES for part in known) and all(
        not part or part in ROLES or part in around for part in known
    )


def suspicious(text: str) -> bool:
    """Whether a search is worth while. Says yes too often, never no to a contact."""
    if len(text) < FEWEST_DIGITS:
        return False
    if "@" in text:
        return True
    if len(text.encode("utf-8", "replace").translate(None, _NOT_DIGITS)) >= FEWEST_DIGITS:
        return True
    if ("(" in text or "[" in text or "{" in text or "<at" in text) and _BRACKET_AT.search(text):
        return True
    if " at " in text or " AT " in text:
        return True
    return not text.isascii() and ("＠" in text or "﹫" in text)


def mask(text: str, allowed: Allowed = NOBODY) -> tuple[str, int]:
    """Plain text → the same with every private contact masked, and how many there were."""
    if not suspicious(text):
        return text, 0
    spans = sorted({*_private_mails(text, allowed), *_private_phones(text, allowed)})
    if not spans:
        return text, 0
    inner = (text[end:start] for (_, end), (start, _) in pairwise(spans))
    kept = [text[: spans[0][0]], *inner, text[spans[-1][1] :]]
    return MASK.join(kept), len(spans)


def _private_mails(text: str, allowed: Allowed) -> Iterator[tuple[int, int]]:
    for found in _MAIL.finditer(text):
        address = address_of(found[0])
        if not _TOP_LEVEL.search(address):
            continue
        if address not in allowed.mails and not is_role_mailbox(address):
            yield found.span()


def address_of(written: str) -> str:
    """`Max [at] example [punkt] org` → `max@example.org`."""
    name, _, domain = _WRITTEN_AT.sub("@", written, count=1).partition("@")
    return f"{_WRITTEN_DOT.sub('.', name)}@{_WRITTEN_DOT.sub('.', domain)}".lower()


def _private_phones(text: str, allowed: Allowed) -> Iterator[tuple[int, int]]:
    if not _NUMBER.search(text):
        return
    bare = _NO_NUMBER.sub(lambda found: "x" * len(found[0]), text)
    for found in _NUMBER.finditer(bare):
        said = _SAYS_PHONE.search(bare[max(0, found.start() - _LOOK_BACK) : found.start()])
        if said or _DIALLED.match(found[0]):
            for start, end in _numbers(found[0], allowed.region):
                if e164(found[0][start:end], allowed.region) not in allowed.phones:
                    yield found.start() + start, found.start() + end


def _numbers(run: str, region: str) -> tuple[tuple[int, int], ...]:
    """Where numbers stand in a run of digits; all of it where the library sees none."""
    return numbers_in(run, region) or ((0, len(run)),)
