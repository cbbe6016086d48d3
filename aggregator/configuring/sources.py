"""Check one `[[source]]` table: its settings, its connector's, its secrets, its categories.

Names no single connector: what a connector accepts is asked of the connector.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from aggregator.configuring.explain import explain, suggest
from aggregator.configuring.floors import floor, in_words
from aggregator.configuring.lines import Path
from aggregator.configuring.mistakes import Mistake
from aggregator.configuring.secrets import (
    Secret,
    anchored,
    marked,
    missing,
    plain_secrets,
    references,
)
from aggregator.settings import SourceSettings
from connectors import registry
from schema import Level, schemes

RESERVED: Final = frozenset({"editor"})
"""Ids that the house uses itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSource:
    """One table after checking. `settings` is None where it cannot be used at all."""

    settings: SourceSettings | None
    mistakes: tuple[Mistake, ...]
    secrets: tuple[Secret, ...] = ()


def check_source(
    table: Mapping[str, Any], at: Path, folder: FilePath, *, allow_loopback: bool
) -> CheckedSource:
    """One table of the file, which lies in `folder` → what it says and what is wrong with it."""
    model = connector_settings(table.get("connector"))
    own = table.get("settings", {})
    own = own if isinstance(own, dict) else {}
    names = marked(model) if model else ()
    own = anchored(own, names, folder)
    table = {**table, "settings": own} if "settings" in table else dict(table)
    secrets = tuple(references(own, names, (*at, "settings")))
    mistakes = _unique(
        [
            *plain_secrets(own, names, (*at, "settings")),
            *plain_secrets({key: table[key] for key in table if key != "settings"}, (), at),
            *_own_mistakes(table, at),
            *_connector_mistakes(table.get("connector"), model, own, at),
            *_misplaced(table, model, at),
            *_term_mistakes(table, at),
            *(missing(secret) for secret in secrets if not secret.found),
        ]
    )
    if any(mistake.level is Level.ERROR for mistake in mistakes):
        return CheckedSource(settings=None, mistakes=mistakes, secrets=secrets)
    source = SourceSettings.model_validate(table)
    least = floor(own, has_key=bool(secrets), allow_loopback=allow_loopback)
    if source.every < least:
        mistakes = (*mistakes, _too_often(least, at))
        source = source.model_copy(update={"every": least})
    return CheckedSource(settings=source, mistakes=mistakes, secrets=secrets)


def connector_settings(name: object) -> type[BaseModel] | None:
    """The settings of the connector of this name; None where there is none that loads."""
    if not isinstance(name, str):
        return None
    try:
        settings: type[BaseModel] = registry.load(name).Settings
    except (registry.UnknownConnector, ImportError, AttributeError):
        return None
    return settings


def _own_mistakes(table: Mapping[str, Any], at: Path) -> Iterator[Mistake]:
    try:
        source = SourceSettings.model_validate(table)
    except ValidationError as error:
        yield from explain(error, SourceSettings, at)
        return
    if source.id in RESERVED:
        yield Mistake(
            code="settings.invalid",
            path=(*at, "id"),
            message=f'"{source.id}" is the id of corrections made in this house',
            suggestion="choose another id",
        )


def _connector_mistakes(
    name: object, model: type[BaseModel] | None, own: Mapping[str, Any], at: Path
) -> Iterator[Mistake]:
    if model is None:
        if isinstance(name, str):
            yield _unknown_connector(name, at)
        return
    try:
        model.model_validate(own)
    except ValidationError as error:
        yield from explain(error, model, (*at, "settings"))


def _unknown_connector(name: str, at: Path) -> Mistake:
    installed = name in registry.names()
    return Mistake(
        code="settings.unknown_connector",
        path=(*at, "connector"),
        message="it does not load" if installed else "no installed connector has this name",
        suggestion="install it anew" if installed else suggest(name, registry.names()),
    )


def _misplaced(
    table: Mapping[str, Any], model: type[BaseModel] | None, at: Path
) -> Iterator[Mistake]:
    """Settings of the connector that stand one table too high, and the reverse."""
    own = table.get("settings", {})
    for name in table:
        if model and name in model.model_fields and name not in SourceSettings.model_fields:
            yield _belongs((*at, name), name, "[source.settings]")
    for name in own:
        if model and name in SourceSettings.model_fields and name not in model.model_fields:
            yield _belongs((*at, "settings", name), name, "[[source]]")


def _belongs(path: Path, name: str, where: str) -> Mistake:
    return Mistake(
        code="settings.unknown",
        path=path,
        message=f'there is no setting "{name}" here',
        suggestion=f"it belongs into {where}",
    )


def _term_mistakes(table: Mapping[str, Any], at: Path) -> Iterator[Mistake]:
    """Categories that no scheme has, in the source's defaults and in its term table."""
    terms = table.get("terms", {})
    lists: dict[Path, Any] = {("categories",): table.get("categories")}
    if isinstance(terms, dict):
        lists |= {("terms", word): named for word, named in terms.items()}
    for path, named in lists.items():
        for position, term in enumerate(named if isinstance(named, list) else ()):
            if isinstance(term, str) and schemes.find(term) is None:
                yield _unknown_term(term, (*at, *path, position))


def _unknown_term(term: str, path: Path) -> Mistake:
    return Mistake(
        code="settings.unknown_term",
        path=path,
        message="no scheme has this category",
        suggestion=suggest(term, schemes.written()),
    )


def _too_often(least: float, at: Path) -> Mistake:
    return Mistake(
        code="settings.invalid",
        path=(*at, "every"),
        message=f"more often than is polite: it is asked every {in_words(least)}",
        suggestion=f'write every = "{in_words(least)}" or longer',
        level=Level.WARNING,
    )


def _unique(mistakes: Sequence[Mistake]) -> tuple[Mistake, ...]:
    """One mistake for each place: plain secrets first, else the one that knows most."""
    kept: dict[Path, Mistake] = {}
    for mistake in mistakes:
        known = kept.get(mistake.path)
        belongs = mistake.suggestion is not None and mistake.suggestion.startswith("it belongs")
        if known is None or (belongs and known.code == "settings.unknown"):
            kept[mistake.path] = mistake
    return tuple(kept.values())
