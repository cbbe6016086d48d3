"""Publishers that keep a score of their reader: who asked when, with which validators.

Each has a validator style of its own and stays truthful: 304 exactly when the validators are its
newest. Now and then one is busy or broken and says how long to wait. Time is the driver's.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Final

from aiohttp import web

from api.demo.offers import twin, write_list

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
OFFERS: Final = 4
BUSY_EVERY: Final = 60
"""One poll in so many is answered with 429, 500 or 503."""
CHANGED_EVERY: Final = 12
HOSTILE_EVERY: Final = 400
WAITS: Final = ("soon", "-5", "0", "60", "7200", "date", "past")

Stamp = Callable[[int], tuple[str | None, str | None]]
"""Number of a version → its ETag and its Last-Modified, as they are sent."""


def _dated(form: str) -> Stamp:
    def stamp(version: int) -> tuple[None, str]:
        at = datetime(2026, 1, 1) + version * timedelta(minutes=7)  # noqa: DTZ001 - only its text
        return None, at.strftime(form)

    return stamp


STYLES: Final[dict[str, Stamp]] = {
    "strong": lambda n: (f'"{n}"', None),
    "weak": lambda n: (f'W/"{n}"', None),
    "unquoted": lambda n: (f"rev{n}", None),
    "comma": lambda n: (f'"a,{n}"', None),
    "gzip suffix": lambda n: (f'"{n}-gzip"', None),
    "quoting": lambda n: (f'"%22 $&/()\' {n}"', None),
    "long": lambda n: (f'"{n:0900}"', None),
    "date": _dated("%a, %d %b %Y %H:%M:%S GMT"),
    "asctime": _dated("%a %b %d %H:%M:%S %Y"),
    "odd date": _dated("%Y-%m-%d %H:%M:%S"),
    "both": lambda n: (f'"{n}"', _dated("%a, %d %b %Y %H:%M:%S GMT")(n)[1]),
    "rotating": lambda n: (f'W/"turn-{n}"', "Thu, 01 Jan 1970 00:00:00 GMT"),
}


@dataclass(slots=True)
class Score:
    """What a publisher has to say about its reader."""

    polls: int = 0
    unconditional: int = 0
    early: int = 0
    wrong: int = 0
    impolite: int = 0
    unchanged: int = 0
    refused: int = 0
    first_target: str = ""


@dataclass(slots=True)
class Publisher:
    """One source. `not_before` is when it may be asked again, `sent` what it said last."""

    style: str
    every: timedelta
    chance: random.Random
    revision: int = 0
    version: int = 0
    sent: tuple[str | None, str | None] | None = None
    not_before: datetime | None = None
    score: Score = field(default_factory=Score)

    def answer(self, request: web.Request, now: datetime) -> web.Response:
        """Judge a request and answer it."""
        self._judge(request, now)
        if self.score.polls > 1 and self.chance.randrange(BUSY_EVERY) == 0:
            return self._busy(now)
        changed = self.score.polls > 1 and self.chance.randrange(CHANGED_EVERY) == 0
        self.revision += changed
        rotates = self.style == "rotating" and self.chance.random() < 0.5
        self.version += changed or rotates
        known = self.sent is not None and not changed and _conditions(request) == self.sent
        self.score.unchanged += known
        self.sent = STYLES[self.style](self.version)
        fresh = self.chance.choice((None, 0, 60, 5400, 10 * 86400))
        granted = min(timedelta(seconds=fresh or 0), DAY)
        self.not_before = now + max(self.every, granted)
        headers = {"Set-Cookie": f"visitor={self.score.polls}", **self._stamps(fresh)}
        if known:
            return web.Response(status=304, headers=headers)
        return web.Response(
            text=self._list(), headers={**headers, "Content-Type": "text/xml; charset=utf-8"}
        )

    def _judge(self, request: web.Request, now: datetime) -> None:
        score = self.score
        score.polls += 1
        score.first_target = score.first_target or request.path_qs
        given = _conditions(request)
        if given == (None, None):
            score.unconditional += 1
        elif given != self.sent:
            score.wrong += 1
        score.early += self.not_before is not None and now < self.not_before
        manners = {"Cookie", "Referer"} & request.headers.keys()
        named = request.headers.get("User-Agent", "").startswith("Allmende/")
        score.impolite += bool(manners) or not named or request.path_qs != score.first_target

    def _busy(self, now: datetime) -> web.Response:
        self.score.refused += 1
        said = self.chance.choice(WAITS)
        if self.chance.randrange(HOSTILE_EVERY // BUSY_EVERY) == 0:
            said = "315360000"
        if said in {"date", "past"}:
            at = now + timedelta(hours=5 if said == "date" else -5)
            asked = max(at.replace(microsecond=0) - now, timedelta())
            said = format_datetime(at.replace(microsecond=0), usegmt=True)
        else:
            asked = timedelta(seconds=int(said) if said.isdigit() else 0)
        self.not_before = now + max(self.every, min(asked, WEEK))
        headers = {"Retry-After": said, "Date": format_datetime(now, usegmt=True)}
        return web.Response(status=self.chance.choice((429, 500, 503)), headers=headers)

    def _stamps(self, fresh: int | None) -> dict[str, str]:
        assert self.sent is not None
        pairs = zip(("ETag", "Last-Modified"), self.sent, strict=True)
        headers = {name: value for name, value in pairs if value is not None}
        return headers if fresh is None else {**headers, "Cache-Control": f"max-age={fresh}"}

    def _list(self) -> str:
        offers = twin()[:OFFERS]
        last = offers[-1].with_value("beschreibung", f"Stand {self.revision}")
        return write_list((*offers[:-1], last), 'agencyID="177"')


def _conditions(request: web.Request) -> tuple[str | None, str | None]:
    return request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
