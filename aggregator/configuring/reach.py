"""What `[fetch]` names outside the file: authorities to trust, the proxy's login. Dials nothing.

A file that cannot be used is told here: as an error of every fetch it would look like the sources'.
"""

import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from aggregator.configuring.mistakes import Mistake
from aggregator.configuring.secrets import Secret, anchor_reference, is_reference, look_up
from aggregator.fetch.session import trust

LOGIN_AT = ("fetch", "proxy_login")
CA_FILE_AT = ("fetch", "ca_file")


def anchored_reach(table: Any, folder: FilePath) -> Any:
    """`[fetch]` with the paths it names made absolute."""
    if not isinstance(table, dict):
        return table
    values = dict(table)
    if isinstance(values.get("ca_file"), str):
        values["ca_file"] = str(folder / values["ca_file"])
    if "proxy_login" in values:
        values["proxy_login"] = anchor_reference(values["proxy_login"], folder)
    return values


def proxy_logins(table: Any) -> Iterator[Secret]:
    """The reference to the proxy's login, where there is one, and whether it leads anywhere."""
    reference = table.get("proxy_login") if isinstance(table, Mapping) else None
    if isinstance(reference, str) and is_reference(reference):
        yield Secret(path=LOGIN_AT, reference=reference, found=bool(look_up(reference)))


def untrusted(table: Any) -> Iterator[Mistake]:
    """What is wrong with the file of authorities that `[fetch]` names."""
    ca_file = table.get("ca_file") if isinstance(table, Mapping) else None
    if not isinstance(ca_file, str):
        return
    try:
        trust(ca_file)
    except ssl.SSLError:
        yield _unusable("the file holds no certificate in PEM form")
    except OSError as error:
        yield _unusable(f"the file cannot be read: {error.strerror}")


def _unusable(message: str) -> Mistake:
    return Mistake(
        code="settings.invalid",
        path=CA_FILE_AT,
        message=message,
        suggestion="name a PEM file of certificate authorities",
    )
