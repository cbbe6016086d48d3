"""What a list's form offers to choose from, kept while nothing changes. Knows no request."""

from collections.abc import Mapping
from typing import Final

from aggregator.queries import Pages
from aggregator.queries.choices import Choices, read_choices
from aggregator.queries.feed import FeedState
from api.facet_params import NAMES
from api.keeping import Kept

VALUES: Final = 20_000
PARAMETERS: Final[Mapping[str, str]] = {facet: name for name, facet in NAMES.items()}


class Choosing:
    """Choices by kind and state of the feed."""

    def __init__(self) -> None:
        self._kept: Kept[Choices] = Kept(VALUES, lambda choices: 1 + len(choices.named))

    async def of(self, pages: Pages, kind: str, feed: FeedState) -> Choices:
        """What there is to choose from, as the feed stands."""
        key = (feed.mark, feed.head, kind)
        choices = self._kept.get(key)
        if choices is None:
            choices = await read_choices(pages, kind)
            self._kept.put(key, choices)
        return choices


def counts_of(choices: Choices) -> dict[str, tuple[tuple[str, int], ...]]:
    """Parameter → its values with counts."""
    return {PARAMETERS.get(name, name): values for name, values in choices.counts.items()}
