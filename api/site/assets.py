"""Static files of the pages, named after their content so that they can be kept for ever.

The style sheets of `styles` are served as one file, in the order of their names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "static"
STYLES: Final = Path(__file__).parent / "styles"
STYLE: Final = "site.css"
MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file: the name it is served under, its media type and its bytes."""

    served: str
    media_type: str
    content: bytes


def load(folder: Path = FOLDER, styles: Path = STYLES) -> Mapping[str, Asset]:
    """Name → asset, for every file of the folder and the style sheets as one."""
    found = {path.name: asset_of(path.name, path.read_bytes()) for path in sorted(folder.iterdir())}
    sheets = [path.read_bytes() for path in sorted(styles.iterdir())]
    return found | {STYLE: asset_of(STYLE, b"\n".join(sheets))}


def asset_of(name: str, content: bytes) -> Asset:
    """A file's name and bytes → what is served."""
    path = Path(name)
    mark = blake2b(content, digest_size=6).hexdigest()
    return Asset(f"{path.stem}.{mark}{path.suffix}", MEDIA_TYPES[path.suffix], content)
