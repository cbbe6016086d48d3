"""What takes place next, its documents parsed; for pages that show a few occurrences."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Connection

from aggregator.queries.agenda import Agenda, by_start
from aggregator.queries.candidates import Form
from aggregator.queries.filters import values_of
from aggregator.queries.occurrences import Walls, occurring
from aggregator.queries.wanted import Wanted


def coming(connection: Connection, wanted: Wanted) -> tuple[Mapping[str, Any], ...]:
    """The first occurrences in the window, which must be there and is all that is looked at."""
    agenda = Agenda(Form(wanted.filters.pattern), each=True)
    values = {**values_of(wanted.filters, {}), "rows": wanted.limit}
    rows = connection.execute(by_start(agenda, bodies=True).select, values).all()
    found = []
    for row in sorted(rows, key=lambda row: (row.starts, row.no, row.recurrence_id)):
        walls = Walls(row.wall_start, row.wall_end, row.zone, row.all_day)
        found.append(orjson.loads(occurring(row.json, row.recurrence_id, walls)))
    return tuple(found)
