"""Static files of the pages, named after their content so that they can be kept for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "static"
MEDIA_TYPES: Final = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file: the name it is served under, its media type and its bytes."""

    served: str
    media_type: str
    content: bytes


def load(folder: Path = FOLDER) -> Mapping[str, Asset]:
    """File name → asset, for every file of the folder."""
    return {path.name: _read(path) for path in sorted(folder.iterdir())}


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    mark = blake2b(content, digest_size=6).hexdigest()
    return Asset(f"{path.stem}.{mark}{path.suffix}", MEDIA_TYPES[path.suffix], content)
