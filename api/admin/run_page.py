"""`/admin/runs/{id}`: what one run did, changed and held back. Reading only, never cached.

Nobody logs in here. So no message of a source, no person's name and no contact is shown; the
command line tells all of it.
"""

import re
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from sqlalchemy import Connection

from aggregator.differences import Difference
from aggregator.queries.run_changes import RunChanges, run_changes
from aggregator.queries.runs import RunDetail, run_detail
from api.admin.monitor import LANGUAGE, page, summary
from api.keys import DATABASE, SITE
from api.params import Query
from api.problems import not_found
from api.saying import BECAME, changed, meaning
from schema.problems import MEANINGS

SHOWN: Final = 200
"""How many records are named; the command line names more."""
NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
PRIVATE: Final = frozenset({"contact", "respond", "organisation"})
"""Members that may hold how to reach somebody: that they differ is said, not how."""
HARMLESS: Final = frozenset({"organisation, name", "organisation, native id"})
"""Of those, what is told all the same."""


@dataclass(frozen=True, slots=True)
class _Shown:
    detail: RunDetail
    changes: RunChanges


async def show_run(request: web.Request, _query: Query) -> web.Response:
    """One run; 404 for one that never was."""
    number = request.match_info["id"]
    if not NUMBER.fullmatch(number):
        raise not_found()
    shown = await request.app[DATABASE].read(_read, int(number))
    if shown is None:
        raise not_found()
    html = request.app[SITE].render(
        "run.html",
        LANGUAGE,
        **summary(shown.detail.run),
        detail=shown.detail,
        changes=shown.changes,
        changed=changed(shown.changes.counts),
        became=BECAME,
        meaning=meaning,
        known=MEANINGS,
        is_private=is_private,
    )
    return page(html)


def is_private(difference: Difference) -> bool:
    """Whether only that something differs may be shown."""
    return difference.field in PRIVATE and difference.path not in HARMLESS


def _read(connection: Connection, number: int) -> _Shown | None:
    detail = run_detail(connection, number, SHOWN)
    if detail is None:
        return None
    return _Shown(detail, run_changes(connection, number, SHOWN))
