"""What `[site]` names outside the file: the logo, and the legal pages. Shows none of it.

A file that cannot be used is told here, so that the service does not start without what every page
has to link to.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any, Final

from aggregator.configuring.admission import is_reached_from_elsewhere
from aggregator.configuring.mistakes import Mistake
from aggregator.settings import LEGAL, ServiceSettings, SiteSettings, is_web_address
from schema import Level

MOST_BYTES: Final = 300_000
"""Of a logo or a text: more is a mistake."""
TEXTS: Final = frozenset({".md", ".txt"})
PNG: Final = b"\x89PNG\r\n\x1a\n"
FILES: Final = ("logo", *LEGAL)
"""Settings that may name a file."""


def anchored_site(table: Any, folder: FilePath) -> Any:
    """`[site]` with the files it names made absolute."""
    if not isinstance(table, dict):
        return table
    named = {name: table[name] for name in FILES if isinstance(table.get(name), str)}
    files = {name: value for name, value in named.items() if value and not _is_page(name, value)}
    return {**table, **{name: str(folder / value) for name, value in files.items()}}


def unusable(table: Any) -> Iterator[Mistake]:
    """What is wrong with the files that `[site]` names."""
    if not isinstance(table, Mapping):
        return
    for name in FILES:
        value = table.get(name)
        if isinstance(value, str) and value and not _is_page(name, value):
            message = _wrong_with(FilePath(value), is_logo=name == "logo")
            if message:
                yield _mistake(name, message)


def _is_page(name: str, value: str) -> bool:
    """Whether a page elsewhere is meant. A logo is always a file: pages ask no other host."""
    return name != "logo" and is_web_address(value)


def _wrong_with(path: FilePath, *, is_logo: bool) -> str | None:
    kinds = {".svg", ".png"} if is_logo else TEXTS
    if path.suffix.lower() not in kinds:
        return f"the file's name must end in {' or '.join(sorted(kinds))}"
    try:
        content = path.read_bytes()
    except OSError as error:
        return f"the file cannot be read: {error.strerror}"
    if len(content) > MOST_BYTES:
        return f"the file has more than {MOST_BYTES} bytes"
    if is_logo:
        return None if _is_picture(path, content) else "the file is no picture of this kind"
    try:
        return None if content.decode("utf-8-sig").strip() else "the file is empty"
    except UnicodeDecodeError:
        return "the file is not UTF-8"


def _is_picture(path: FilePath, content: bytes) -> bool:
    if path.suffix.lower() == ".png":
        return content.startswith(PNG)
    return b"<svg" in content


def _mistake(name: str, message: str) -> Mistake:
    kind = "an SVG or PNG file" if name == "logo" else "a web address, or a .md or .txt file"
    return Mistake(
        code="settings.invalid", path=("site", name), message=message, suggestion=f"name {kind}"
    )


def missing(site: SiteSettings, service: ServiceSettings) -> Iterator[Mistake]:
    """Warnings: what a public service has to say, and does not."""
    if site.imprint is None and is_reached_from_elsewhere(service):
        yield Mistake(
            code="settings.no_imprint",
            path=("site", "imprint"),
            message="no imprint says who runs this service",
            suggestion='imprint = "imprint.md" in [site], or a web address',
            level=Level.WARNING,
        )
