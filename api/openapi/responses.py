"""Components of answers that are no data: not modified, moved, and every kind of problem."""

from collections.abc import Mapping
from typing import Any, Final

from api.openapi.answers import PROBLEM, Answer
from api.openapi.headers import headers
from api.openapi.schemas import ref

Said = dict[str, Any]
PROBLEMS: Final = {
    "BadRequest": ("400", "A parameter is unknown or has a wrong value; `errors` names it.", ()),
    "NotFound": ("404", "There never was such an entry.", ()),
    "MethodNotAllowed": ("405", "Only GET, HEAD and OPTIONS are possible.", ("Allow",)),
    "NotAcceptable": (
        "406",
        "`Accept-Encoding` refuses every coding there is, plain bytes too.",
        (),
    ),
    "Gone": ("410", "The entry was withdrawn, or erased: remove it on your side.", ()),
    "TooManyRequests": (
        "429",
        "You asked too often; wait as long as `Retry-After` says.",
        ("RetryAfter",),
    ),
    "Unavailable": ("503", "The database does not answer; try again.", ("RetryAfter",)),
}
"""Component → status, what it means, further headers."""
NOT_MODIFIED: Final = ("304", "NotModified")
MOVED: Final = ("308", "Moved")


def response_components(examples: Mapping[str, Any]) -> dict[str, Said]:
    """Component name → response object; `examples` are problem documents by component."""
    problems = {
        name: _problem(meaning, further, examples.get(name))
        for name, (_, meaning, further) in PROBLEMS.items()
    }
    return {
        "NotModified": {
            "description": "You have it: nothing changed since the answer with this tag.",
            "headers": headers("ETag", "CacheControl", "LastModified", "Link"),
        },
        "Moved": {
            "description": "The entry was merged into another one.",
            "headers": headers("Location", "CacheControl"),
        },
        **problems,
    }


def _problem(meaning: str, further: tuple[str, ...], example: Any) -> Said:
    shown = {} if example is None else {"example": example}
    return {
        "description": meaning,
        "headers": headers("CacheControl", *further),
        "content": {PROBLEM: {"schema": ref("Problem"), **shown}},
    }


def others(answer: Answer, *, strict: bool) -> dict[str, Said]:
    """Status → what a route answers when it does not answer 200."""
    names = ["MethodNotAllowed"]
    if strict:
        names += ["BadRequest", "NotAcceptable", "TooManyRequests", "Unavailable"]
    if answer.entry:
        names += ["NotFound", "Gone"]
    found = [(PROBLEMS[name][0], name) for name in names]
    found += [NOT_MODIFIED] if answer.kept else []
    found += [MOVED] if answer.entry else []
    said = {status: {"$ref": f"#/components/responses/{name}"} for status, name in sorted(found)}
    if answer.unready:
        said["503"] = answer.good("What it waits for.", None)
    return said
