"""Which lines of an event are kept, and which are dropped unread. Works on bytes, for speed.

Only lines with a name that is used are kept: whoever else stands in an event (ATTENDEE, CONTACT,
private properties) never gets further, and what changes with every answer (DTSTAMP, X-MICROSOFT-…)
makes no event new. An ORGANIZER is kept where the mailbox is a role's and the name no person's.
"""

import re
from collections.abc import Iterator
from typing import Final

from connectors.cleaning.contacts import is_role_mailbox
from connectors.cleaning.organisations import names_organisation
from connectors.ical.lines import property_of

_USED_NAMES: Final = """
    UID RECURRENCE-ID SEQUENCE DTSTART DTEND DURATION RRULE RDATE EXDATE EXRULE STATUS SUMMARY
    DESCRIPTION X-ALT-DESC LOCATION GEO X-APPLE-STRUCTURED-LOCATION URL CATEGORIES ATTACH IMAGE
    CONFERENCE CREATED LAST-MODIFIED CLASS X-MICROSOFT-CDO-ALLDAYEVENT X-FUNAMBOL-ALLDAY
    X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT X-GOOGLE-CONFERENCE X-MICROSOFT-SKYPETEAMSMEETINGURL
    X-WP-IMAGES-URL NAME COORDINATES BEGIN END
"""
USED: Final = frozenset(_USED_NAMES.split())
_IGNORED_NAMES: Final = """
    DTSTAMP ATTENDEE CONTACT ORGANIZER TRANSP PRIORITY COMMENT RELATED-TO RESOURCES REQUEST-STATUS
    COLOR STYLED-DESCRIPTION STRUCTURED-DATA PARTICIPANT-TYPE LOCATION-TYPE PERCENT-COMPLETE
    COMPLETED DUE ACTION TRIGGER REPEAT VERSION PRODID CALSCALE METHOD X-WR-CALNAME X-COST
    X-COST-TYPE X-TAGS X-TICKETS-URL X-INSTANT-EVENT X-TYPE X-RECURRENCE-ID
"""
IGNORED: Final = frozenset(_IGNORED_NAMES.split())
_IGNORED_BEGINNINGS: Final = (
    *("X-MICROSOFT-", "X-MOZ-", "X-APPLE-", "X-LIC-", "X-EVOLUTION-", "X-MS-OLK-", "X-ALARM"),
    *("X-GOOGLE-", "X-CALENDARSERVER-", "X-ZIMBRA-", "X-LOTUS-", "X-WR-", "X-RADICALE-"),
    *("X-NEXTCLOUD-", "X-OUTLOOK-", "X-EXTRAINFO", "X-TRUMBA-", "X-CONFLUENCE-", "X-SYNOLOGY-"),
)
_USED: Final = frozenset(name.encode() for name in USED)
_KNOWN: Final = frozenset(name.encode() for name in USED | IGNORED)
_TEXTS: Final = (b"DESCRIPTION", b"SUMMARY", b"LOCATION", b"X-ALT-DESC")
_NAME: Final = re.compile(rb"(?m)^[A-Za-z0-9-]{1,100}(?=[;:])")
_FAR: Final = 200
"""Bytes in which a line says its encoding."""
_STARTS: Final = re.compile(rb"[ \t]{0,8}([A-Za-z0-9-]{1,100})[ \t]{0,8}[;:]")
_ORGANISER: Final = re.compile(rb"(?mi)^ORGANIZER[;:][^\n]*$")


def kept(body: bytes) -> tuple[list[bytes], set[bytes]]:
    """A component's lines → those that are used and say something, with their names in capitals,
    and the names of all."""
    body = body.strip(b"\n")
    names = _NAME.findall(body)
    if len(names) != body.count(b"\n") + 1 or not b"".join(names).isupper():
        body = b"\n".join(_mended(body))
        names = _NAME.findall(body)
    lines = [
        line
        for name, line in zip(names, body.split(b"\n"), strict=False)
        if name in _USED and len(line) > len(name) + 1
    ]
    if b"ORGANIZER" in names:
        lines += _organisers(body)
    return lines, set(names)


def _mended(body: bytes) -> Iterator[bytes]:
    """Lines as they are meant: what has no name goes on with the text above, where that is a
    text; anywhere else it is dropped, since nobody knows whose it is."""
    above: list[bytes] = []
    for line in body.split(b"\n"):
        is_text = bool(above) and above[0].startswith(_TEXTS)
        found = _STARTS.match(line)
        if found is not None and (found[1].upper() in _KNOWN or not is_text):
            if above:
                yield _joined(above)
            above = [found[1].upper() + line[found.end() - 1 :]]
        elif is_text:
            above.append(line)
    if above:
        yield _joined(above)


def _joined(lines: list[bytes]) -> bytes:
    """The lines of one text: each begins a new line in it, unless it is quoted-printable, whose
    lines end in a sign that says they go on."""
    if b"QUOTED-PRINTABLE" in lines[0][:_FAR].upper():
        return b"".join(line.removesuffix(b"=") for line in lines)
    return b"\\n".join(lines)


def _organisers(body: bytes) -> Iterator[bytes]:
    """ORGANIZER lines that name an organisation, cut down to its name."""
    for line in _ORGANISER.findall(body):
        found = property_of(line.decode("utf-8", "replace"))
        if found is None:
            continue
        address = found.value.strip().lower().removeprefix("mailto:")
        name = found.params.get("CN", "").strip()
        if is_role_mailbox(address) and names_organisation(name):
            quoted = name.replace('"', "'").replace("\n", " ")
            yield f'ORGANIZER;CN="{quoted}":'.encode()


def unknown(names: set[bytes]) -> set[str]:
    """Of names of lines those that nothing reads and nobody has decided about. Only names of
    producers' own making are told: another may be a piece of a broken line that names a person."""
    said = {name.decode("ascii", "replace").upper() for name in names}
    own = {name for name in said - USED - IGNORED if name.startswith("X-")}
    return {name for name in own if not name.startswith(_IGNORED_BEGINNINGS)}
