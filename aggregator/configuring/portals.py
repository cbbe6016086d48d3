"""Read `[[portal]]`. What a filter may say is known to whoever answers requests, not here: that one
hands in a judge, and without one a filter is any text."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from aggregator.configuring.explain import explain
from aggregator.configuring.mistakes import Mistake
from aggregator.configuring.tables import Tables
from aggregator.settings import PortalSettings, ServiceSettings, SourceSettings
from schema import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a filter: the problem's code, words, and what to do."""

    code: str
    message: str
    suggestion: str | None = None
    level: Level = Level.ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a filter is judged by besides itself."""

    service: ServiceSettings
    sources: tuple[SourceSettings, ...]


Judge = Callable[[PortalSettings, Surroundings], Iterable[Fault]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPortal:
    """One portal after checking. `settings` is None when it cannot be read."""

    settings: PortalSettings | None
    mistakes: tuple[Mistake, ...] = ()


def check_portals(
    tables: Tables, around: Surroundings, judge: Judge | None
) -> Iterator[CheckedPortal]:
    """Every table → the portal, and what is wrong with it."""
    for at, table in tables:
        checked = _read(table, at)
        if checked.settings is None or judge is None:
            yield checked
            continue
        found = judge(checked.settings, around)
        mistakes = tuple(_mistake(fault, at) for fault in found)
        yield CheckedPortal(settings=checked.settings, mistakes=mistakes)


def _read(table: dict[str, Any], at: int) -> CheckedPortal:
    try:
        return CheckedPortal(settings=PortalSettings.model_validate(table))
    except ValidationError as error:
        mistakes = explain(error, PortalSettings, ("portal", at))
        return CheckedPortal(settings=None, mistakes=tuple(mistakes))


def _mistake(fault: Fault, at: int) -> Mistake:
    return Mistake(
        code=fault.code,
        path=("portal", at, "filter"),
        message=fault.message,
        suggestion=fault.suggestion,
        level=fault.level,
    )
