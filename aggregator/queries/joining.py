"""Filters within bounds: what is asked for, and what must hold besides, as one. Pure.

Bounds can only take entries away. Where they leave nothing, the result says so in a way that every
query understands.
"""

from dataclasses import replace
from typing import Final

from aggregator.occurrences import Window
from aggregator.queries.filters import Choice, Filters

NOTHING: Final = Choice("", ("nothing",))
"""A facet that no entity has."""


def bounded(asked: Filters, bounds: Filters) -> Filters:
    """Both together. Distances are measured as `asked` says. Words are not joined here: whoever
    looks for them must look for all at once, and hands that in as `asked.sought`."""
    both = replace(
        asked,
        bounds=(*asked.bounds, *bounds.facets),
        bounding_status=bounds.status,
        within=(*asked.within, *bounds.areas),
    )
    if bounds.confirmed is not None:
        if asked.confirmed not in {None, bounds.confirmed}:
            both = _nothing(both)
        both = replace(both, confirmed=bounds.confirmed, stale=bounds.stale)
    return both if bounds.window is None else within_window(both, bounds.window)


def within_window(filters: Filters, window: Window) -> Filters:
    """The same inside a window too, which may hold nothing (`before` not later than `after`)."""
    own = filters.window or window
    after, before = max(own.after, window.after), min(own.before, window.before)
    if before <= after:
        return _nothing(filters)
    return replace(filters, window=Window(after=after, before=before))


def _nothing(filters: Filters) -> Filters:
    return replace(filters, bounds=(*filters.bounds, NOTHING))
