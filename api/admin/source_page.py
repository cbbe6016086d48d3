"""`/admin/sources/{id}`: one source: how it is doing, what of it is held back or in quarantine, its
last runs, and its settings as far as they are no secret. Reading only."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from aiohttp import web
from sqlalchemy import Connection

from aggregator.configuring.floors import in_words
from aggregator.fetch.redact import redact
from aggregator.queries.quarantine import Quarantined, quarantined
from aggregator.queries.runs import RunRow, recent_runs
from aggregator.queries.sources import SourceState, source_states
from aggregator.settings import SourceSettings
from aggregator.working.clock import Clock
from api.admin.answering import shown
from api.admin.entering import Visitor, admitted
from api.admin.telling import summary, told_source
from api.keys import CLOCK, DATABASE, SETTINGS
from api.params import Query
from api.problems import not_found
from api.saying import ago, meaning
from api.site.answering import language_of

RUNS: Final = 10
QUARANTINED: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    now: datetime
    state: SourceState
    runs: tuple[RunRow, ...]
    refused: tuple[Quarantined, ...]


@admitted
async def show_source(request: web.Request, query: Query, visitor: Visitor) -> web.Response:
    """One source; 404 for one that never was."""
    app, source = request.app, request.match_info["id"]
    read = await app[DATABASE].read(_read, app[CLOCK], source)
    if read is None:
        raise not_found()
    language = language_of(request, query)
    configured = next((each for each in app[SETTINGS].sources if each.id == source), None)
    values = {
        "source": told_source(read.state, read.runs, read.now, language),
        "runs": [summary(run, read.now, language) for run in read.runs],
        "refused": [_told(each, read.now, language) for each in read.refused[:QUARANTINED]],
        "settings": None if configured is None else harmless(configured),
    }
    return shown(request, query, "source.html", visitor, **values)


def harmless(source: SourceSettings) -> dict[str, Any]:
    """The settings that are no secret and no address that is fetched: none of the connector's."""
    return {
        "every": in_words(source.every),
        "language": source.language,
        "zone": source.zone,
        "licence": source.licence,
        "share": source.share,
        "attribution": source.attribution,
        "climate": None if source.climate is None else ", ".join(source.climate),
        "categories": ", ".join(source.categories) or None,
        "personal": ", ".join(source.personal.fields) or None,
        "free_text": source.personal.free_text,
        "removals": f"{source.guard.removals:.0%}",
        "changes": f"{source.guard.changes:.0%}",
    }


def _read(connection: Connection, clock: Clock, source: str) -> _Read | None:
    now = clock.now(connection)
    state = next((each for each in source_states(connection, now) if each.id == source), None)
    if state is None:
        return None
    return _Read(
        now=now,
        state=state,
        runs=recent_runs(connection, source=source, limit=RUNS),
        refused=quarantined(connection, source=source, limit=QUARANTINED + 1),
    )


def _told(refused: Quarantined, now: datetime, language: str) -> dict[str, Any]:
    """A refused record: where it stands and what is wrong. Not what it says: it may name people,
    and a source may send us our own key back."""
    return {
        "refused": replace(refused, locator=redact(refused.locator), problems=()),
        "since": None if refused.since is None else ago(refused.since, now, language),
        "problems": [
            {"code": one.code, "path": one.path, "meaning": meaning(one.code, language)}
            for one in refused.problems
        ],
    }
