"""The page `/docs`: Swagger UI, shipped with the package, over the instance's own document.

No script stands in the page, and none comes from elsewhere: it runs under a policy that forbids
both. The page is in English, as the document is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from api.links import Links

HERE: Final = Path(__file__).parent
VENDORED: Final = HERE / "vendored"
OWN: Final = HERE / "static"
TEMPLATE: Final = Template((OWN / "docs.html").read_text("utf-8"))
MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
SERVED: Final = (
    VENDORED / "swagger-ui.css",
    VENDORED / "swagger-ui-bundle.js",
    VENDORED / "LICENSE.txt",
    OWN / "docs.css",
    OWN / "docs.js",
)


@dataclass(frozen=True, slots=True)
class File:
    """A file of the page: the name it is served under, its media type and its bytes."""

    served: str
    media_type: str
    content: bytes


def _read(path: Path) -> File:
    content = path.read_bytes()
    mark = blake2b(content, digest_size=6).hexdigest()
    return File(f"{path.stem}.{mark}{path.suffix}", MEDIA_TYPES[path.suffix], content)


_READ: Final = {path.name: _read(path) for path in SERVED}
FILES: Final = {file.served: file for file in _READ.values()}
"""Served name → file."""


def page(title: str, icon: str, links: Links, legal: Mapping[str, str]) -> str:
    """The page of an instance with this title; `icon` is a path as routes know it, `legal` are the
    links that every page has."""
    files = {
        name.replace("-", "_").replace(".", "_"): links.local(f"/docs/{file.served}")
        for name, file in _READ.items()
    }
    words = {
        "title": title,
        "icon": links.local(icon),
        "start": links.local("/"),
        **legal,
        "document": links.local("/openapi.json"),
    }
    return TEMPLATE.substitute({name: escape(said) for name, said in (words | files).items()})
