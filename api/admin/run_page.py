"""`/admin/runs/{id}`: what one run did, changed and held back, and what can be decided about it.
Reading only.

No message of a source and no contact is shown, and who decided only to those who may decide: the
page may be open to everybody.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aiohttp import web
from sqlalchemy import Connection

from aggregator.decisions import APPROVED_FOR
from aggregator.differences import Difference
from aggregator.queries.run_changes import RunChanges, run_changes
from aggregator.queries.runs import RunDetail, run_detail
from aggregator.working.clock import Clock
from api.admin.answering import shown
from api.admin.entering import Visitor, admitted
from api.admin.fields import field_name, field_value
from api.admin.telling import summary
from api.keys import CLOCK, DATABASE
from api.params import Parameter, Query
from api.problems import not_found
from api.saying import at_stake, became, changed, meaning
from api.site.answering import language_of
from schema.problems import MEANINGS

SHOWN: Final = 200
"""How many records are named; the command line names more."""
NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
PRIVATE: Final = frozenset({"contact", "respond", "organisation"})
"""Members that may hold how to reach somebody: that they differ is said, not how."""
HARMLESS: Final = frozenset({"organisation, name", "organisation, native id"})
"""Of those, what is told all the same."""
TOLD: Final = Parameter(
    name="told",
    form="what came of a decision.",
    parse=str,
    schema={"type": "string"},
    example="approved",
)


@dataclass(frozen=True, slots=True)
class _Shown:
    now: datetime
    detail: RunDetail
    changes: RunChanges


@admitted
async def show_run(request: web.Request, query: Query, visitor: Visitor) -> web.Response:
    """One run; 404 for one that never was."""
    read = await request.app[DATABASE].read(_read, request.app[CLOCK], number_of(request))
    if read is None:
        raise not_found()
    language, detail = language_of(request, query), read.detail
    waits = detail.waiting if detail.waiting and detail.waiting.run else None
    values: dict[str, Any] = {
        "detail": detail,
        "changes": read.changes,
        "changed": changed(read.changes.counts, language),
        "at_stake": at_stake(waits, language) if waits else None,
        "waits": waits,
        "told": query.values.get("told"),
        "days": APPROVED_FOR.days,
        "became": became,
        "meaning": meaning,
        "known": MEANINGS,
        "is_private": is_private,
        "field_name": field_name,
        "field_value": field_value,
    }
    told = summary(detail.run, read.now, language)
    return shown(request, query, "run.html", visitor, **told, **values)


def number_of(request: web.Request) -> int:
    """The run that an address names. Raises a 404 where it names none."""
    number = request.match_info["id"]
    if not NUMBER.fullmatch(number):
        raise not_found()
    return int(number)


def is_private(difference: Difference) -> bool:
    """Whether only that something differs may be shown."""
    return difference.field in PRIVATE and difference.path not in HARMLESS


def _read(connection: Connection, clock: Clock, number: int) -> _Shown | None:
    detail = run_detail(connection, number, SHOWN)
    if detail is None:
        return None
    return _Shown(clock.now(connection), detail, run_changes(connection, number, SHOWN))
