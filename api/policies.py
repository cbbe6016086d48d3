"""What a page may load, as Content-Security-Policy says it. Knows no route.

Pages have style and images of their own and send their forms to us. A route that needs more says
so by `policy_with`; nothing ever comes from another host, and nothing stands inline.
"""

from typing import Final

from aiohttp import web

_BASE: Final = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def policy_with(**more: str) -> str:
    """The policy with directives set anew: `policy_with(script_src="'self'")`."""
    said = {name.replace("_", "-"): sources for name, sources in more.items()}
    return "; ".join(f"{name} {sources}" for name, sources in {**_BASE, **said}.items())


STRICT: Final = policy_with()
"""No scripts, nothing from elsewhere, in no frame."""
SCRIPTED: Final = policy_with(script_src="'self'", connect_src="'self'", img_src="'self' data:")
"""Scripts of our own that ask our own addresses."""

POLICY: Final = web.RequestKey("policy", str)
"""The policy of the route that a request found."""
