"""What `[admin]` says about who gets in: the password behind a reference, and whether the pages lie
open to everybody. Never shows a value."""

from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any, Final
from urllib.parse import urlsplit

from aggregator.configuring.floors import is_loopback
from aggregator.configuring.lines import Path
from aggregator.configuring.mistakes import Mistake
from aggregator.configuring.secrets import HOW, Secret, anchor_reference, is_reference, look_up
from aggregator.settings import AdminSettings, ServiceSettings
from schema import Level

PASSWORD_AT: Final[Path] = ("admin", "password")
SHORTEST: Final = 12
"""Characters of a password that guessing does not find."""


def anchored_admission(table: Any, folder: FilePath) -> Any:
    """`[admin]` with the file it names made absolute."""
    if not isinstance(table, dict) or "password" not in table:
        return table
    return {**table, "password": anchor_reference(table["password"], folder)}


def passwords(table: Any) -> Iterator[Secret]:
    """The reference to the password, where there is one, and whether it leads anywhere."""
    reference = table.get("password") if isinstance(table, Mapping) else None
    if isinstance(reference, str) and is_reference(reference):
        yield Secret(path=PASSWORD_AT, reference=reference, found=bool(look_up(reference)))


def without_plain_password(table: Any, mistakes: list[Mistake]) -> Any:
    """`[admin]` without a password that is written out, which is a mistake."""
    password = table.get("password") if isinstance(table, dict) else None
    if not isinstance(password, str) or is_reference(password):
        return table
    message = '"password" is written out here'
    mistakes.append(
        Mistake(code="settings.plain_secret", path=PASSWORD_AT, message=message, suggestion=HOW)
    )
    return {name: value for name, value in table.items() if name != "password"}


def doubtful(admin: AdminSettings, service: ServiceSettings) -> Iterator[Mistake]:
    """Warnings: pages that everybody may read, a password that is soon guessed."""
    if admin.password is None and admin.public and is_reached_from_elsewhere(service):
        yield Mistake(
            code="settings.admin_unprotected",
            path=("admin", "public"),
            message="everybody may read the pages under /admin",
            suggestion="set a password, or leave `public` out",
            level=Level.WARNING,
        )
    password = look_up(admin.password) if admin.password else None
    if password and len(password) < SHORTEST:
        yield Mistake(
            code="settings.weak_password",
            path=PASSWORD_AT,
            message=f"the password has fewer than {SHORTEST} characters",
            suggestion="use a longer one, made by a generator",
            level=Level.WARNING,
        )


def is_reached_from_elsewhere(service: ServiceSettings) -> bool:
    """Whether others than this very machine may reach the service: it listens for them, or a
    server in front of it does."""
    hosts = (service.host, urlsplit(service.public_url).hostname or "")
    return not all(is_loopback(host) for host in hosts)
