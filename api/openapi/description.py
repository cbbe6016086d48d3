"""The document of an instance as bytes, made when it is first asked for, and its tag."""

from collections.abc import Callable
from functools import cached_property

from api.caching import tag_of


class Description:
    """Keeps what `make` makes: nothing in the document changes while an instance runs."""

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = make

    @cached_property
    def body(self) -> bytes:
        """The document as JSON bytes."""
        return self._make()

    @cached_property
    def tag(self) -> str:
        """Its strong entity tag."""
        return tag_of([self.body])
