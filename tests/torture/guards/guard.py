"""What a guard is to the proof: where it stands, how it is taken out, who must notice."""

from dataclasses import dataclass
from pathlib import Path


class Misplaced(Exception):
    """A guard's text does not stand in its file just once: the table no longer fits the code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A guard, in a sentence. `text` stands in `file` exactly once; with `instead` in its place
    the guard is gone and the file is still Python. `test` is the node that must then fail."""

    name: str
    file: str
    text: str
    instead: str
    test: str

    def without(self, top: Path) -> str:
        """The file below `top` as it is without the guard. Raises `Misplaced`, and `SyntaxError`
        when that would be no Python."""
        path = top / self.file
        whole = path.read_text(encoding="utf-8") if path.is_file() else ""
        found = whole.count(self.text)
        if found != 1:
            raise Misplaced(f"{self.name}: stands {found} times in {self.file}: {self.text!r}")
        mutant = whole.replace(self.text, self.instead)
        compile(mutant, self.file, "exec")
        return mutant
