"""How the world speaks: connectors say what to fetch and what they understood. No I/O.

This package imports `schema` only. Its names listed here are the public API for connectors of
third parties; `connectors/README.md` shows how to write one.
"""

from connectors.base import (
    Between,
    Complete,
    Connector,
    ConnectorSettings,
    Cursor,
    Document,
    Everything,
    Facts,
    Fetch,
    Gone,
    Manifest,
    Personal,
    Raw,
    Request,
    Secret,
    SecretRef,
    Understood,
    UnlessKnown,
    Unreadable,
)

__all__ = [
    "Between",
    "Complete",
    "Connector",
    "ConnectorSettings",
    "Cursor",
    "Document",
    "Everything",
    "Facts",
    "Fetch",
    "Gone",
    "Manifest",
    "Personal",
    "Raw",
    "Request",
    "Secret",
    "SecretRef",
    "Understood",
    "UnlessKnown",
    "Unreadable",
]
