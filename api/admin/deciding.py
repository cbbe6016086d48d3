"""`/admin/runs/{id}/decision`: approve or reject what a run held back, by the same command as the
command line's. Decides nothing itself."""

import logging
from typing import Final

from aiohttp import web

from aggregator.commands.runs import Decision, NotPossible, decide
from api.admin.entering import Visitor, admitted, must_decide, see_other, with_language
from api.admin.forms import read_form
from api.admin.run_page import number_of
from api.keys import CLOCK, DATABASE, DOOR, LINKS
from api.params import Query
from api.problems import invalid_parameter, not_found

log = logging.getLogger(__name__)

TOLD: Final = {"run.not_held": "late", "run.not_newest": "newer"}
"""Why a decision is not possible → what the run's page then says."""


@admitted
async def decide_run(request: web.Request, query: Query, visitor: Visitor) -> web.Response:
    """Carry a form's decision out, and back to the run. What was decided meanwhile, or is held
    back by a later run, is told there."""
    form = await read_form(request)
    must_decide(request, visitor, form.get("token", ""))
    number, decision = number_of(request), _decision(form.get("decision", ""))
    app, who = request.app, request.app[DOOR].who
    try:
        made = await decide(app[DATABASE], app[CLOCK], number, decision, who=who)
    except NotPossible as error:
        if error.code not in TOLD:
            raise not_found() from error
        told = TOLD[error.code]
    else:
        log.info("run %s of %s: %s by %s", number, made.source, decision.value, who)
        told = decision.value
    path = app[LINKS].local(f"/admin/runs/{number}")
    return see_other(with_language(path, query, told=told) + "#held")


def _decision(said: str) -> Decision:
    try:
        return Decision(said)
    except ValueError:
        raise invalid_parameter("decision", "approved or rejected.") from None
