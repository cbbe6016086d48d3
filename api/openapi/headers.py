"""Components of the headers that answers carry, and which answers carry which."""

from typing import Any, Final

TEXT: Final = {"type": "string"}
SECONDS: Final = {"type": "integer", "minimum": 0}

HEADERS: Final[dict[str, dict[str, Any]]] = {
    "Allow": {
        "description": "The methods that are possible here.",
        "schema": TEXT,
    },
    "CacheControl": {
        "description": "For how long the answer may be kept.",
        "schema": TEXT,
    },
    "ContentDisposition": {
        "description": "The name to keep the file under.",
        "schema": TEXT,
    },
    "ETag": {
        "description": "Strong tag of this answer, to send back in `If-None-Match`.",
        "schema": {"type": "string", "pattern": '^"[!#-~]+"$'},
    },
    "LastModified": {
        "description": "When anything in the list, or the entry, last changed.",
        "schema": TEXT,
    },
    "Link": {
        "description": "Pages beside this one (RFC 8288), as in `links`.",
        "schema": TEXT,
    },
    "Location": {
        "description": "The entry that this one was merged into.",
        "schema": {"type": "string", "format": "uri"},
    },
    "RetryAfter": {
        "description": "Seconds to wait before asking again.",
        "schema": SECONDS,
    },
}
NAMES: Final = {
    "CacheControl": "Cache-Control",
    "ContentDisposition": "Content-Disposition",
    "LastModified": "Last-Modified",
    "RetryAfter": "Retry-After",
}
"""Component → the header's name, where they differ: a component's name has no hyphen."""
ALWAYS: Final = frozenset({"Allow", "CacheControl", "ETag", "Location", "RetryAfter"})
"""Headers that an answer has wherever it is said to have them."""


GENERAL: Final = (
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Age",
    "Content-Encoding",
    "Content-Length",
    "Content-Security-Policy",
    "Content-Type",
    "Date",
    "RateLimit",
    "RateLimit-Policy",
    "Referrer-Policy",
    "Server",
    "Vary",
    "X-Content-Type-Options",
)
"""Headers that any answer may carry."""


def header_components() -> dict[str, dict[str, Any]]:
    """Component name → header object."""
    return {
        name: {**said, **({"required": True} if name in ALWAYS else {})}
        for name, said in HEADERS.items()
    }


def headers(*components: str) -> dict[str, Any]:
    """Components → the `headers` of an answer."""
    return {
        NAMES.get(name, name): {"$ref": f"#/components/headers/{name}"}
        for name in sorted(components)
    }
