"""Which event is which: the keys of a calendar's events. Works on bytes of kept lines; pure.

Mostly the UID. Where producers write the event's own date into it, or give new ones in each
answer, or the same one to different events, a key is found that stays.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Final, Literal

from connectors.ical.values import Written, written
from schema import canonical, digest
from schema.identity import CONTENT
from schema.normal.names import fold_name
from schema.normal.text import forbidden_in

_VALUE: Final = re.compile(rb'\A(?:;(?:"[^"]*"|[^":])*)?:(.*)', re.DOTALL)
_NUMBERS: Final = re.compile(
    r"[-_.]?(?:\d{4}-\d\d-\d\dT?(?:[\d:]{5,8})?Z?|\d{8}T?\d{0,6}Z?|\d{10})(?!\d)"
)
_LONG_NUMBER: Final = re.compile(r"\d{8}|\d{4}-\d\d-\d\d")
_A_DAY: Final = timedelta(days=1)
_FAR_FROM_UTC: Final = timedelta(hours=15)
_HIGHEST_SEQUENCE: Final = 2**31 - 1
_MOST_DIGITS: Final = 20
LONGEST_UID: Final = 900
Uids = Literal["lasting", "changing"]


@dataclass(frozen=True)
class Component:
    """One VEVENT: its kept lines, its number in the document and that of its calendar, and its
    DTSTAMP, which is kept nowhere."""

    lines: list[bytes]
    at: int
    stamp: bytes
    calendar: int

    def _line(self, name: bytes) -> bytes:
        """What stands behind the name of its first line of a name: parameters and value."""
        for line in self.lines:
            if line.startswith(name) and line[len(name) : len(name) + 1] in (b":", b";"):
                return line[len(name) :]
        return b""

    def value(self, name: bytes) -> str:
        """The value of a line, as it is written."""
        found = _VALUE.match(self._line(name))
        return found[1].strip().decode("utf-8", "replace") if found else ""

    @cached_property
    def uid(self) -> str:
        """Its UID; for one that is longer than anyone reads, or that no key can hold, its digest:
        in a file that is not UTF-8, different letters would be one."""
        uid = " ".join(self.value(b"UID").split())
        if len(uid) <= LONGEST_UID and forbidden_in(uid) is None:
            return uid
        return digest(self._line(b"UID")).hex()

    @property
    def recurrence_id(self) -> bytes | None:
        """What names the occurrence that it changes, as it is written."""
        return self._line(b"RECURRENCE-ID") if self.value(b"RECURRENCE-ID") else None

    @property
    def sequence(self) -> int:
        """Its revision; 0 where none is said."""
        said = self.value(b"SEQUENCE")
        if not said.isascii() or not said.isdigit():
            return 0
        return min(int(said[:_MOST_DIGITS]), _HIGHEST_SEQUENCE)

    @property
    def revision(self) -> tuple[int, str, bytes, int]:
        """What is higher replaces what is lower (RFC 5546, 2.1.5)."""
        return self.sequence, self.value(b"LAST-MODIFIED"), self.stamp, self.at

    @property
    def start(self) -> Written | None:
        """When it starts, without zone; None where that cannot be read."""
        return self._time(b"DTSTART")

    @property
    def end(self) -> Written | None:
        """When it ends, without zone; None where that cannot be read."""
        return self._time(b"DTEND")

    def _time(self, name: bytes) -> Written | None:
        try:
            return written(self.value(name))
        except (ValueError, OverflowError):
            return None

    @property
    def repeats(self) -> bool:
        """Whether it is a series."""
        return any(line.startswith((b"RRULE", b"RDATE")) for line in self.lines)

    @property
    def content(self) -> str:
        """A key of what people know it by: title, start and place."""
        said = [fold_name(self.value(b"SUMMARY")), self.value(b"DTSTART")]
        return CONTENT + digest(canonical([*said, fold_name(self.value(b"LOCATION"))])).hex()

    @property
    def dated_content(self) -> str:
        """The same key with the end: events may differ in that alone."""
        return f"{self.content}/{self.value(b'DTEND')}"


def grouped(components: list[Component], uids: Uids) -> dict[str, list[Component]]:
    """All events of a document → key → what belongs to it: an event with its changed
    occurrences, the current revision of each, in an order that does not depend on the
    document's."""
    by_uid: dict[str, list[Component]] = {}
    for component in components:
        by_uid.setdefault(component.uid or component.dated_content, []).append(component)
    shortened = _without_dates(by_uid) if uids == "lasting" else {}
    found: dict[str, list[Component]] = {}
    by_content: list[list[Component]] = []
    for uid, members in by_uid.items():
        for key, belonging in _events(shortened.get(uid, uid), members).items():
            if uids == "changing" or not belonging[0].uid:
                by_content.append(belonging)
            else:
                found.setdefault(key, belonging)
    for belonging in sorted(by_content, key=lambda each: each[0].dated_content):
        first = belonging[0]
        found.setdefault(
            first.dated_content if first.content in found else first.content, belonging
        )
    return found


def _events(key: str, members: list[Component]) -> dict[str, list[Component]]:
    """Events of one UID: one, unless different events share it."""
    if len(members) == 1:
        return {key: members}
    masters = [each for each in members if each.recurrence_id is None]
    changed = [each for each in members if each.recurrence_id is not None]
    current = _current(masters)
    if len(current) <= 1:
        return {key: [*current, *_revised(changed)]}
    if changed or any(each.repeats for each in current):
        best = max(current, key=lambda each: (each.repeats, *each.revision))
        others = [each for each in current if each is not best and each.value(b"DTSTART")]
        return {key: [best, *_revised(changed)], **_by_start(key, others)}
    return _by_start(key, current)


def _by_start(key: str, singles: list[Component]) -> dict[str, list[Component]]:
    return {f"{key}/{each.value(b'DTSTART')}": [each] for each in singles}


def _current(masters: list[Component]) -> list[Component]:
    """Of several with one UID those that are no older revision of another: all of the highest
    SEQUENCE, once for each start."""
    if len(masters) < 2:
        return masters
    highest = max(each.sequence for each in masters)
    newest: dict[tuple[str, bool], Component] = {}
    for each in sorted(masters, key=lambda each: each.revision):
        if each.sequence == highest:
            newest[each.value(b"DTSTART"), each.repeats] = each
    return sorted(newest.values(), key=lambda each: each.value(b"DTSTART"))


def _revised(changed: list[Component]) -> list[Component]:
    """The newest revision of each changed occurrence, in their order."""
    newest: dict[bytes, Component] = {}
    for each in sorted(changed, key=lambda each: each.revision):
        assert each.recurrence_id is not None
        newest[each.recurrence_id] = each
    return [newest[name] for name in sorted(newest)]


def _without_dates(by_uid: dict[str, list[Component]]) -> dict[str, str]:
    """UID → UID without the event's own dates, where that is unique in the document."""
    found = {
        uid: short
        for uid, members in by_uid.items()
        if _LONG_NUMBER.search(uid) and len(members) == 1 and (short := _short(uid, members[0]))
    }
    taken = Counter([*found.values(), *(uid for uid in by_uid if uid not in found)])
    return {uid: short for uid, short in found.items() if taken[short] == 1}


def _short(uid: str, component: Component) -> str | None:
    """A UID without what says its start or end; None where too little else is left."""
    times = [time for time in (component.start, component.end) if time is not None]
    short = _NUMBERS.sub(lambda found: "" if _says(found[0], times) else found[0], uid)
    own = short.partition("@")[0]
    return short if short != uid and any(map(str.isalnum, own)) else None


def _says(part: str, times: list[Written]) -> bool:
    """Whether a part of a UID is one of these times, in whatever zone."""
    digits = "".join(filter(str.isdigit, part))
    if len(digits) == 10:
        at = datetime.fromtimestamp(int(digits), UTC).replace(tzinfo=None)
        return any(abs(at - _wall(time.at)) <= _FAR_FROM_UTC for time in times)
    try:
        said = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return any(abs(said - _wall(time.at).date()) <= _A_DAY for time in times)


def _wall(at: date | datetime) -> datetime:
    return at if isinstance(at, datetime) else datetime.combine(at, time.min)
