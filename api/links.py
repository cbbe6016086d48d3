"""Links into this service. Every address it publishes is made here, from `public_url`."""

from collections.abc import Mapping
from urllib.parse import quote, urlsplit


class Links:
    """Absolute links for data, path-only ones for pages, both with the public path prefix.

    Pages link by path, so that they also work under another name of the same host.
    """

    def __init__(self, public_url: str) -> None:
        self.public_url = public_url if public_url.endswith("/") else f"{public_url}/"
        self.base_path = urlsplit(self.public_url).path

    def absolute(self, path: str, query: str = "") -> str:
        """A path as routes know it ("/v1/offers") and an encoded query → the public address."""
        address = f"{self.public_url}{path.removeprefix('/')}"
        return f"{address}?{query}" if query else address

    def local(self, path: str) -> str:
        """A path as routes know it → the path as a browser sees it."""
        return f"{self.base_path}{path.removeprefix('/')}"

    def problem(self, code: str) -> str:
        """The page that explains a problem code."""
        return self.absolute(f"/problems/{code}")


def encoded(query: Mapping[str, str]) -> str:
    """A query → its canonical text: sorted by name, values percent-encoded. Names are our own."""
    return "&".join([f"{name}={_quoted(text)}" for name, text in sorted(query.items())])


def _quoted(text: str) -> str:
    """Most values are plain words and numbers, which need no second look."""
    return text if text.isascii() and text.isalnum() else quote(text, safe="")
