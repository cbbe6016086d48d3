"""Every kind of page there is, by a name and an address of the furnished instance. Data only."""

from typing import Final

from tests.api.seeding import identity
from tests.browser.furnishing import GONE, RICH

PAGES: Final = {
    "start": "/",
    "offers": "/offers",
    "offers-narrowed": "/offers?q=baum&source=agentur",
    "events": "/events",
    "month": "/events/month",
    "organisations": "/organisations",
    "offer": f"/offers/{identity('offer', RICH)}",
    "event": f"/events/{identity('event', RICH)}",
    "organisation": f"/organisations/{identity('organisation', 1)}",
    "project": f"/projects/{identity('project', RICH)}",
    "search": "/search?q=baum",
    "data": "/data",
    "imprint": "/imprint",
    "privacy": "/privacy",
    "accessibility": "/accessibility",
    "problem": "/problems/run.held",
    "admin": "/admin",
    "runs": "/admin/runs",
    "run": "/admin/runs/5",
    "source": "/admin/sources/agentur",
}
FAILING: Final = {
    "gone": (f"/offers/{identity('offer', GONE)}", 410),
    "nowhere": ("/nowhere", 404),
    "unreadable": ("/offers?near=nirgends", 400),
}
"""Pages that say something is not as asked for, with their status."""


def in_language(path: str, language: str) -> str:
    """The address of a page in a language."""
    return f"{path}{'&' if '?' in path else '?'}lang={language}"
