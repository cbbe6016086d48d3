"""Examples of answers, kept as files: what the service said to a test about an invented city.

`tests.contract.exemplifying` writes them; a test compares them with what is answered now. A file is
named after the route, or the component, whose answer it shows.
"""

from pathlib import Path
from typing import Any, Final

import orjson

FOLDER: Final = Path(__file__).parent / "examples"


def examples() -> dict[str, Any]:
    """Name of a route or component → its example: JSON parsed, anything else as text."""
    return {path.stem: _read(path) for path in sorted(FOLDER.iterdir())}


def _read(path: Path) -> Any:
    content = path.read_bytes()
    return orjson.loads(content) if path.suffix == ".json" else content.decode()
