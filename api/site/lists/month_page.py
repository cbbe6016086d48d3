"""`/events/month`: a month of what takes place, as a table of days, with the filters of the data.

Every occurrence is read that fits the overview; the days that it does not reach are counted, so
that each day's number is that of the day's own list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
from aiohttp import web

from aggregator.queries.joining import within_window
from aggregator.queries.listing import open_list, read_page
from aggregator.queries.wanted import Total
from api.filter_params import OCCURRENCES
from api.keys import HOURS, LINKS, PAGES, SETTINGS
from api.list_params import FILTERS
from api.listings import Listing
from api.params import Parameter, Query
from api.site.answering import language_of
from api.site.cards import CALLED_OFF, USUAL, Said, said_in
from api.site.dates import MONTHS, weekday_of
from api.site.lists.answers import given, tidied
from api.site.lists.around import around_of
from api.site.lists.events import views
from api.site.lists.kindly import followed
from api.site.lists.kinds import EVENTS
from api.site.lists.kinds import MONTHS as LISTED
from api.site.lists.months import Cell, Spread, Week, after, before, days_on, month_of, weeks_of
from api.site.lists.numbers import number, total_said
from api.site.lists.reading import read
from api.site.lists.shown import Around, asked_for, shown_around
from api.site.moments import ONE_DAY, day_said
from api.site.words import label, words_in
from api.spans import ends_of

PATH: Final = f"{EVENTS.path}/month"
AT_ONCE: Final = 250
MOST: Final = 1_000
"""Occurrences whose titles are read, some at a time; what comes later is counted by day."""
SHOWN: Final = 4
"""Titles in a day's cell."""

MONTH: Final = Parameter(
    name="month",
    form="a month as year-month, for example 2026-12; this month where it is left out.",
    parse=month_of,
    schema={"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
    example="2026-12",
)
WITHIN_A_MONTH: Final = tuple(
    each for each in FILTERS[EVENTS.kind] if each.name not in {"from", "to"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a day's cell says of an occurrence; `time` is None for whole days."""

    title: Said
    time: str | None
    status: str | None
    called_off: bool
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A month's occurrences, by start, and the totals of the days that they do not reach."""

    spreads: tuple[Spread[Mark], ...]
    counted: Mapping[date, Total]


async def show_month(request: web.Request, query: Query) -> web.Response:
    """A month in the reader's language."""
    reading = read(query)
    if tidier := tidied(request, reading):
        return tidier
    language = language_of(request, query)
    hour = await request.app[HOURS].begun()
    today = hour.astimezone(ZoneInfo(request.app[SETTINGS].service.zone)).date()
    month: date = reading.query.values.get("month", today.replace(day=1))
    found = await followed(request, reading, EVENTS.kind, _within(month))
    around = replace(await around_of(request, found, LISTED, language), path=PATH)
    overview = await _overview(request, found.listing, month, around)
    links = request.app[LINKS]
    shown = {
        **shown_around(around, links),
        **views(around, links),
        **_shown(around, overview, month),
        "json": links.absolute(EVENTS.data, asked_for(found.reading.query, **_days_of(month))),
        "ways_out": [],
    }
    return given(request, "month.html", around, shown)


def _within(month: date) -> Query:
    values = {"from": month, "to": after(month) - ONE_DAY, "expand": OCCURRENCES, "limit": AT_ONCE}
    return Query(values, {**_days_of(month), "limit": str(AT_ONCE)})


def _days_of(month: date) -> dict[str, str]:
    days = {"from": month.isoformat(), "to": (after(month) - ONE_DAY).isoformat()}
    return {**days, "expand": OCCURRENCES}


async def _overview(
    request: web.Request, listing: Listing, month: date, around: Around
) -> Overview:
    pages, opened = request.app[PAGES], listing.opened
    spreads: list[Spread[Mark]] = []
    more = True
    while more and len(spreads) < MOST:
        page = await read_page(pages, opened, bodies=True)
        spreads += [_spread(orjson.loads(body), around) for body in page.bodies]
        opened, more = opened.at(opened.wanted.limit, page.last), page.more
    if not more:
        return Overview(spreads=tuple(spreads), counted={})
    counted = {}
    day = max(month, spreads[-1].first)
    while day < after(month):
        window = ends_of(day, day, around.zone)
        assert window is not None
        filters = within_window(listing.wanted.filters, window)
        counted[day] = (await open_list(pages, replace(listing.wanted, filters=filters))).total
        day += ONE_DAY
    return Overview(spreads=tuple(spreads), counted=counted)


def _spread(said: Mapping[str, Any], around: Around) -> Spread[Mark]:
    when, status = said["when"], said.get("status", USUAL)
    if when.get("all_day"):
        first = date.fromisoformat(when["start"])
        last = max(first, date.fromisoformat(when["end"]) - ONE_DAY) if "end" in when else first
        time = None
    else:
        start = datetime.fromisoformat(when["start"])
        end = datetime.fromisoformat(when["end"]) if "end" in when else start
        first, last = days_on(start, end, around.zone)
        time = f"{start.astimezone(ZoneInfo(around.zone)):%H:%M}"  # days are those here, too
    mark = Mark(
        title=said_in(said["title"], around.language) or Said(around.language, said["id"]),
        time=time,
        status=None if status == USUAL else label(f"status.{status}", around.language),
        called_off=status in CALLED_OFF,
        path=f"{EVENTS.path}/{said['id']}",
    )
    return Spread(first, last, mark)


def _shown(around: Around, overview: Overview, month: date) -> dict[str, Any]:
    language = around.language
    weeks = weeks_of(month, overview.spreads)
    name = _name(month, language)
    return {
        "month": month,
        "month_name": name,
        "weeks": [(week.number, _days(week, overview, around)) for week in weeks],
        "weekdays": [weekday_of(cell_day, language) for cell_day in _week_days(month)],
        "before": _beside(before(month), language),
        "after": _beside(after(month), language),
        "is_this": month == around.today.replace(day=1),
        "cut": bool(overview.counted),
        "caption": words_in(language)["month.caption"].replace("{month}", name),
    }


def _name(month: date, language: str) -> str:
    return f"{MONTHS[language][month.month - 1]} {month.year}"


def _beside(month: date, language: str) -> dict[str, str]:
    return {"query": f"{month:%Y-%m}", "name": _name(month, language)}


def _week_days(month: date) -> list[date]:
    monday = month - timedelta(days=month.weekday())
    return [monday + timedelta(days=each) for each in range(7)]


def _days(week: Week[Mark], overview: Overview, around: Around) -> list[dict[str, Any] | None]:
    return [
        None if cell is None else _day(cell, overview.counted.get(cell.day), around)
        for cell in week.days
    ]


def _day(cell: Cell[Mark], counted: Total | None, around: Around) -> dict[str, Any]:
    total = counted or Total(len(cell.on))
    more_than = f"{words_in(around.language)['list.more_than']} " if total.at_least else ""
    day = cell.day.isoformat()
    return {
        "day": cell.day,
        "name": day_said(cell.day, around.today, around.language),
        "today": cell.day == around.today,
        "marks": [(each.what, each.first < cell.day) for each in cell.on[:SHOWN]],
        "n": total.n,
        "total": f"{more_than}{number(total.n, around.language)}",
        "said": total_said(total, EVENTS.counted, around.language),
        "query": {"from": day, "to": day},
    }
