"""When something takes place: wall time and zone, or whole days. Pure; reads no clock.

`Timed`: wall time and IANA zone are the truth, the instant follows from them. A wall time that does
not exist (the hour that is skipped in spring) means as much later, one that exists twice (in
autumn) its first time. `Days`: dates, never midnights; `end` is the first day after it, as
iCalendar's DTEND (RFC 5545, 3.6.1). `zone` of days says whose days are meant.

JSON: `{"start": "2026-03-29T19:00:00+02:00", "zone": "Europe/Berlin"}` or
`{"start": "2026-03-29", "all_day": true, "zone": …}`; `end` only where the source gave one.
"""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    field_serializer,
    field_validator,
    model_validator,
)

from schema.values import Value

DATE: Final = len("2026-03-29")
NAMED: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?)?$"
"""What names an occurrence in JSON: a wall time, which has no offset, or a date."""
_DATE_TIME: Final = Field(json_schema_extra={"format": "date-time"})
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_IN_UTC: Final = _EPOCH.replace(tzinfo=None)


@lru_cache(maxsize=512)
def is_zone(name: str) -> bool:
    """Whether a name is an IANA time zone that this machine knows."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _known(name: str) -> str:
    if not is_zone(name):
        raise ValueError("no time zone of this name")
    return name


Zone = Annotated[str, AfterValidator(_known)]


def instant(wall: datetime, zone: str) -> datetime:
    """Wall time (naive) in a zone → the instant in UTC: gap → later, fold → first."""
    if wall.fold:
        wall = wall.replace(fold=0)
    east = ZoneInfo(zone).utcoffset(wall)
    assert east is not None  # a zone of IANA's tells it for every wall time
    return _EPOCH + (wall - _EPOCH_IN_UTC - east)  # half the time of `astimezone`


def wall_of(moment: datetime, zone: str) -> datetime:
    """Instant (aware) → naive wall time in a zone."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


class Timed(Value):
    """`start` and `end` are naive wall times in `zone`. An end that is the start is none."""

    start: datetime
    end: datetime | None = None
    zone: Zone

    @field_validator("start", "end", mode="before")
    @classmethod
    def _wall(cls, value: Any) -> Any:
        """The wall time of what may carry an offset: the zone decides, not the offset."""
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            return value.replace(tzinfo=None, fold=0)
        return value

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise ValueError("ends before it starts")
        return self

    @field_serializer("start", "end", when_used="json")
    def _said(self, wall: datetime | None) -> Annotated[str | None, _DATE_TIME]:
        if wall is None:
            return None
        return instant(wall, self.zone).astimezone(ZoneInfo(self.zone)).isoformat()

    @property
    def all_day(self) -> bool:
        """It has hours."""
        return False

    @property
    def starts(self) -> datetime:
        """The instant of its start, in UTC."""
        return instant(self.start, self.zone)

    @property
    def ends(self) -> datetime:
        """The instant of its end, in UTC; that of its start where no end is known, or where the
        clocks skip the start and its move forward passes the end."""
        return self.span[1]

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The instants of its start and its end, in UTC."""
        starts = instant(self.start, self.zone)
        return starts, starts if self.end is None else max(starts, instant(self.end, self.zone))


class Days(Value):
    """Whole days from `start` up to but without `end` (None: one day)."""

    start: date
    end: date | None = None
    all_day: Literal[True] = True
    zone: Zone

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end is not None and self.end <= self.start:
            raise ValueError("ends before its first day is over")
        return self

    @property
    def after(self) -> date:
        """The first day after it. Raises `OverflowError` at the end of the calendar."""
        return self.end or date.fromordinal(self.start.toordinal() + 1)

    @property
    def starts(self) -> datetime:
        """The instant its first day begins, in UTC."""
        return instant(datetime.combine(self.start, time.min), self.zone)

    @property
    def ends(self) -> datetime:
        """The instant its last day is over, in UTC."""
        return instant(datetime.combine(self.after, time.min), self.zone)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The instants its first day begins and its last day is over, in UTC."""
        return self.starts, self.ends


def _form(value: Any) -> str:
    if isinstance(value, dict):
        return "days" if value.get("all_day") else "timed"
    return "days" if isinstance(value, Days) else "timed"


When = Annotated[
    Annotated[Timed, Tag("timed")] | Annotated[Days, Tag("days")], Discriminator(_form)
]


def _start(value: Any) -> Any:
    """A text → a date or a wall time, by its length: midnight is no date."""
    if not isinstance(value, str):
        return value
    return date.fromisoformat(value) if len(value) == DATE else datetime.fromisoformat(value)


Start = Annotated[
    datetime | date, BeforeValidator(_start), WithJsonSchema({"type": "string", "pattern": NAMED})
]
"""What names one occurrence of a series (RECURRENCE-ID): its original start, a naive wall time in
the event's zone, or a date where the event takes whole days."""
