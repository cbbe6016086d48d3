"""The ends of a window as somebody wrote them → instants, in the instance's zone. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from aggregator.occurrences import Window
from api.problems import invalid_parameter
from schema.when import instant

BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
END: Final = datetime.max.replace(tzinfo=UTC)


def window_of(start: date | None, end: date | None, zone: str) -> Window | None:
    """As `ends_of`. Raises a 400 `HttpProblem` for a window that holds nothing."""
    window = ends_of(start, end, zone)
    if window is not None and window.before <= window.after:
        raise invalid_parameter("to", "it must be later than `from`.")
    return window


def ends_of(start: date | None, end: date | None, zone: str) -> Window | None:
    """The ends of a window, each an aware instant or a date → the window, which may hold nothing;
    None where neither is given. A date as `end` takes that whole day in."""
    if start is None and end is None:
        return None
    after = _instant(start, zone) if start else BEGINNING
    before = _instant(end, zone, days=1) if end else END
    return Window(after=after, before=before)


def _instant(bound: date, zone: str, days: int = 0) -> datetime:
    """An instant as it is; of a date, the first instant of it, or of one some days later. At the
    ends of the calendar, the last instant there is."""
    if isinstance(bound, datetime):
        return bound
    try:
        return instant(datetime.combine(bound + timedelta(days=days), time.min), zone)
    except OverflowError:
        return BEGINNING if bound.year == 1 else END
