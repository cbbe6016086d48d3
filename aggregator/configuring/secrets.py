"""Secrets in a configuration: references only, plain ones refused. Never shows a value.

A reference is `env:NAME` or `file:/path`; the pipeline replaces it when it dials.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path as FilePath
from typing import Any, Final, get_args
from urllib.parse import parse_qsl, urlsplit

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from aggregator.configuring.lines import Path
from aggregator.configuring.mistakes import Mistake
from aggregator.errors import Unfetchable
from aggregator.fetch.secrets import resolve
from connectors import base as connectors
from schema import Level

REFERENCE: Final = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:.+")
SECRET_PARAMETERS: Final = frozenset(
    {"accesskey", "accesskeyinternal", "apikey", "api_key", "key", "token", "password", "secret"}
)
HOW: Final = 'write "env:NAME" or "file:/path" and keep the secret there'


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A reference that the configuration makes, and whether it leads to a secret."""

    path: Path
    reference: str
    found: bool


def is_reference(value: object) -> bool:
    """Whether `value` has the form `env:NAME` or `file:/path`."""
    return isinstance(value, str) and REFERENCE.fullmatch(value) is not None


@cache
def marked(model: type[BaseModel]) -> tuple[str, ...]:
    """The names of a model's settings that must be secret references."""
    return tuple(name for name, field in model.model_fields.items() if _is_marked(field))


def _is_marked(field: FieldInfo) -> bool:
    return any(_is_mark(mark) for mark in (*field.metadata, *_inner_metadata(field.annotation)))


def _inner_metadata(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for argument in get_args(annotation):
        yield from _inner_metadata(argument)


def _is_mark(mark: object) -> bool:
    return mark is connectors.SecretRef or isinstance(mark, connectors.SecretRef)


def anchored(values: Mapping[str, Any], names: tuple[str, ...], folder: FilePath) -> dict[str, Any]:
    """`values` with the relative `file:` references among `names` made absolute."""
    return {
        name: anchor_reference(value, folder) if name in names else value
        for name, value in values.items()
    }


def anchor_reference(value: Any, folder: FilePath) -> Any:
    """A relative `file:` reference → an absolute one; everything else stays."""
    if not (is_reference(value) and value.startswith("file:")):
        return value
    return f"file:{folder / value.removeprefix('file:')}"


def plain_secrets(values: Mapping[str, Any], names: tuple[str, ...], at: Path) -> Iterator[Mistake]:
    """Mistakes for secrets written out: as one of `names`, or inside an address."""
    for name, value in values.items():
        if name in names and isinstance(value, str) and not is_reference(value):
            yield _refused((*at, name), f'"{name}" is written out here')
        elif isinstance(value, str) and carries_secret(value):
            yield _refused((*at, name), "the address carries a key or a password")
        elif isinstance(value, dict):
            yield from plain_secrets(value, (), (*at, name))


def _refused(path: Path, message: str) -> Mistake:
    return Mistake(code="settings.plain_secret", path=path, message=message, suggestion=HOW)


def carries_secret(value: str) -> bool:
    """Whether an address has a password before its host, or a key in its query."""
    if "//" not in value:  # most settings are no addresses
        return False
    try:
        parts = urlsplit(value)
        query = parse_qsl(parts.query)
    except ValueError:
        return False
    if not parts.scheme or not parts.netloc:
        return False
    named = any(name.lower() in SECRET_PARAMETERS and given for name, given in query)
    return named or parts.password is not None


def references(values: Mapping[str, Any], names: tuple[str, ...], at: Path) -> Iterator[Secret]:
    """The references among `names`, each with whether it leads to a secret right now."""
    for name in names:
        value = values.get(name)
        if isinstance(value, str) and is_reference(value):
            yield Secret(path=(*at, name), reference=value, found=bool(look_up(value)))


def look_up(reference: str) -> str | None:
    """A reference → its secret, as the pipeline will find it; None where there is none."""
    try:
        return resolve(connectors.Secret(reference))
    except Unfetchable:
        return None


def missing(secret: Secret) -> Mistake:
    """A warning: the source will be refused until the secret is there."""
    return replace(missing_value(secret), level=Level.WARNING)


def missing_value(secret: Secret) -> Mistake:
    """A reference that leads nowhere."""
    kind, _, name = secret.reference.partition(":")
    place = f"the environment variable {name}" if kind == "env" else f"the file {name}"
    return Mistake(
        code="source.secret_missing",
        path=secret.path,
        message=f"{place} is missing or empty",
        suggestion="put the secret there",
    )
