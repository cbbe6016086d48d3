"""Read `[service]`, `[http]`, `[site]`, `[fetch]`, `[admin]`: file and, stronger, environment.

`ALLMENDE_SERVICE__PORT=9000` is `port = 9000` in `[service]`. Relative paths are anchored at the
configuration's folder. Opens no database.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Final

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from aggregator.configuring.admission import (
    PASSWORD_AT,
    anchored_admission,
    doubtful,
    passwords,
    without_plain_password,
)
from aggregator.configuring.explain import explain, suggest
from aggregator.configuring.lines import Path
from aggregator.configuring.mistakes import Mistake
from aggregator.configuring.reach import LOGIN_AT, anchored_reach, proxy_logins, untrusted
from aggregator.configuring.secrets import (
    HOW,
    Secret,
    anchor_reference,
    carries_secret,
    is_reference,
    look_up,
    missing_value,
)
from aggregator.configuring.surroundings import anchored_site, missing, unusable
from aggregator.settings import (
    AdminSettings,
    FetchSettings,
    HttpSettings,
    Section,
    ServiceSettings,
    SiteSettings,
)

PREFIX: Final = "ALLMENDE_"
SECTIONS: Final[dict[str, type[Section]]] = {
    "service": ServiceSettings,
    "http": HttpSettings,
    "site": SiteSettings,
    "fetch": FetchSettings,
    "admin": AdminSettings,
}
LISTS: Final = ("source", "portal")
"""Tables of which there may be many."""
SQLITE: Final = "sqlite:///"
DATABASE: Final = re.compile(r"sqlite:///[^?].*|postgresql://.+")
DATABASE_AT: Final = ("service", "database")
NEEDED: Final = frozenset({LOGIN_AT, PASSWORD_AT})
"""Secrets without which the service does not start: it would ask, or open, what it must not."""


class _Environment(BaseSettings):
    """The variables that stand for process settings, as text."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="ignore", enable_decoding=False
    )
    service: dict[str, str] = {}
    http: dict[str, str] = {}
    site: dict[str, str] = {}
    fetch: dict[str, str] = {}
    admin: dict[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedProcess:
    """The sections after checking; a section with mistakes has its defaults."""

    service: ServiceSettings
    http: HttpSettings
    site: SiteSettings
    fetch: FetchSettings
    admin: AdminSettings
    mistakes: tuple[Mistake, ...]
    secrets: tuple[Secret, ...]
    variables: Mapping[Path, str]
    """Setting → the environment variable it came from."""


def read_process(document: Mapping[str, Any], folder: FilePath) -> CheckedProcess:
    """The file's document → the process settings and what is wrong with them."""
    mistakes: list[Mistake] = [*_misplaced(document)]
    overrides = _overrides(mistakes)
    tables = {name: _merged(document.get(name, {}), overrides[name]) for name in SECTIONS}
    variables: dict[Path, str] = {
        (section, name): f"{PREFIX}{section}__{name}".upper()
        for section, values in overrides.items()
        for name in values
    }
    tables["fetch"] = anchored_reach(tables["fetch"], folder)
    tables["admin"] = anchored_admission(tables["admin"], folder)
    tables["site"] = anchored_site(tables["site"], folder)
    secrets = (
        *_see_to_database(tables["service"], folder, variables, mistakes),
        *proxy_logins(tables["fetch"]),
        *passwords(tables["admin"]),
    )
    mistakes += [*untrusted(tables["fetch"]), *unusable(tables["site"])]
    mistakes += [missing_value(s) for s in secrets if not s.found and s.path in NEEDED]
    tables["admin"] = without_plain_password(tables["admin"], mistakes)
    read = {name: _read(name, table, mistakes) for name, table in tables.items()}
    service, http, site, fetch, admin = (read[name] for name in SECTIONS)
    assert isinstance(service, ServiceSettings)
    assert isinstance(http, HttpSettings)
    assert isinstance(site, SiteSettings)
    assert isinstance(fetch, FetchSettings)
    assert isinstance(admin, AdminSettings)
    mistakes += [*doubtful(admin, service), *missing(site, service)]
    return CheckedProcess(
        service=service.model_copy(update={"data": str(folder / service.data)}),
        http=http,
        site=site,
        fetch=fetch,
        admin=admin,
        mistakes=tuple(mistakes),
        secrets=secrets,
        variables=variables,
    )


def _overrides(mistakes: list[Mistake]) -> dict[str, dict[str, str]]:
    try:
        found = _Environment()
    except ValidationError:
        message = f"write {PREFIX}SERVICE__NAME=value, one variable for each setting"
        mistakes.append(Mistake(code="settings.invalid", path=(), message=message))
        return {name: {} for name in SECTIONS}
    return {
        "service": found.service,
        "http": found.http,
        "site": found.site,
        "fetch": found.fetch,
        "admin": found.admin,
    }


def _merged(table: object, override: Mapping[str, str]) -> Any:
    return {**table, **override} if isinstance(table, dict) else table


def _read(name: str, table: object, mistakes: list[Mistake]) -> Section:
    model = SECTIONS[name]
    try:
        return model.model_validate(table)
    except ValidationError as error:
        mistakes.extend(explain(error, model, (name,)))
        return model()


def _misplaced(document: Mapping[str, Any]) -> Iterator[Mistake]:
    """Names at the top of the file that are no table we know."""
    for name in document:
        if name in {*SECTIONS, *LISTS}:
            continue
        homes = [f"[{home}]" for home, model in SECTIONS.items() if name in model.model_fields]
        known = [f"[{each}]" for each in SECTIONS] + [f"[[{each}]]" for each in LISTS]
        yield Mistake(
            code="settings.unknown",
            path=(name,),
            message=f'there is no table or setting "{name}" here',
            suggestion=f"it belongs into {homes[0]}" if homes else suggest(f"[{name}]", known),
        )


def _see_to_database(
    table: object, folder: FilePath, variables: Mapping[Path, str], mistakes: list[Mistake]
) -> Iterator[Secret]:
    """Resolve a reference, refuse a password in the file, anchor SQLite's path."""
    if not isinstance(table, dict):
        return
    setting = table.get("database", ServiceSettings.model_fields["database"].default)
    if not isinstance(setting, str):
        return
    if is_reference(setting):
        reference = anchor_reference(setting, folder)
        setting = look_up(reference) or ""
        secret = Secret(path=DATABASE_AT, reference=reference, found=bool(setting))
        yield secret
        if not setting:
            mistakes.append(missing_value(secret))
            return
    elif carries_secret(setting) and DATABASE_AT not in variables:
        message = "the address carries a password"
        mistakes.append(
            Mistake(code="settings.plain_secret", path=DATABASE_AT, message=message, suggestion=HOW)
        )
    if not DATABASE.fullmatch(setting) or ":memory:" in setting:
        mistakes.append(_no_database())
    table["database"] = _anchored_database(setting, folder)


def _no_database() -> Mistake:
    return Mistake(
        code="settings.invalid",
        path=DATABASE_AT,
        message="no database this service can keep its data in",
        suggestion="sqlite:///data/allmende.db or postgresql://user@host/name",
    )


def _anchored_database(setting: str, folder: FilePath) -> str:
    """A relative SQLite file → an absolute one; everything else stays."""
    if not setting.startswith(SQLITE):
        return setting
    return f"{SQLITE}{folder / setting.removeprefix(SQLITE)}"
