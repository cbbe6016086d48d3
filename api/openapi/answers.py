"""What each documented route answers with: the shape of a good answer, and which others occur.

Paths, parameters and sentences come from the table of routes; here stands only what that table
does not know. Routes without an entry here are found by a test.
"""

from dataclasses import dataclass
from typing import Any, Final

from api.openapi.envelopes import LISTED
from api.openapi.headers import headers
from api.openapi.schemas import Schema, ref

JSON: Final = "application/json"
CALENDAR: Final = "text/calendar"
PROBLEM: Final = "application/problem+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A good answer. `kept`: it has a tag, so that 304 occurs; `entry`: its subject may have
    moved (308), gone (410), or never been (404); `unready`: 503 has this shape too."""

    schema: Schema
    tag: str
    media_type: str = JSON
    headers: tuple[str, ...] = ()
    kept: bool = True
    entry: bool = False
    unready: bool = False

    def good(self, summary: str, example: Any) -> dict[str, Any]:
        """The answer with status 200."""
        shown = {} if example is None else {"example": example}
        named = (*self.headers, "CacheControl", *(("ETag",) if self.kept else ()))
        return {
            "description": summary,
            "headers": headers(*named),
            "content": {self.media_type: {"schema": self.schema, **shown}},
        }


ENTRIES: Final = "Entries"
CALENDARS: Final = "Calendars"
FOLLOWING: Final = "Changes"
ABOUT: Final = "About the data"
OPERATION: Final = "Operation"
TAGS: Final = {
    ENTRIES: "Organisations, offers, events and projects, in lists and each on its own.",
    CALENDARS: "Events as iCalendar (RFC 5545).",
    FOLLOWING: "Everything that changed, in order.",
    ABOUT: "Sources, categories, numbers, and the service itself.",
    OPERATION: "For those who run the service.",
}
_TEXT: Final[Schema] = {"type": "string"}
_VALID: Final = ("LastModified",)
_FILE: Final = ("LastModified", "ContentDisposition")


def _answers() -> dict[str, Answer]:
    found = {
        "calendar": Answer(
            schema=_TEXT, tag=CALENDARS, media_type=CALENDAR, headers=(*_FILE, "Link")
        ),
        "calendar_event": Answer(
            schema=_TEXT, tag=CALENDARS, media_type=CALENDAR, headers=_FILE, entry=True
        ),
        "list_changes": Answer(schema=ref("Changes"), tag=FOLLOWING),
        "search": Answer(schema=ref("Search"), tag=ENTRIES, headers=("Link",)),
        "list_sources": Answer(schema=ref("SourceList"), tag=ABOUT),
        "list_categories": Answer(schema=ref("CategorySchemeList"), tag=ABOUT),
        "show_stats": Answer(schema=ref("Stats"), tag=ABOUT),
        "index": Answer(schema=ref("Index"), tag=ABOUT),
        "openapi": Answer(schema={"type": "object"}, tag=ABOUT),
        "alive": Answer(schema=ref("Alive"), tag=OPERATION, kept=False),
        "ready": Answer(schema=ref("Readiness"), tag=OPERATION, kept=False, unready=True),
    }
    for collection, entry in LISTED.items():
        lists, single = ref(f"{entry}List"), ref(entry)
        found[f"list_{collection}"] = Answer(schema=lists, tag=ENTRIES, headers=(*_VALID, "Link"))
        found[f"show_{collection}"] = Answer(schema=single, tag=ENTRIES, headers=_VALID, entry=True)
    return found


ANSWERS: Final = _answers()
"""A route's name → its answer."""
ANYTHING: Final = Answer(schema={}, tag=ABOUT, kept=False)
"""What is said of a route that nobody described."""
