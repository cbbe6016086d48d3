"""What a format needs from outside, in one frozen value."""

from dataclasses import dataclass
from uuid import UUID

from schema.entities import COLLECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A source as the public sees it."""

    id: str
    name: str
    url: str | None = None
    licence: str = "unknown"
    attribution: str | None = None
    share: str = "portal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """`public_url` ends with a slash; every published link starts with it."""

    public_url: str
    instance: UUID

    def url_of(self, kind: str, entity: UUID) -> str:
        """Kind and id → the entity's stable public URL."""
        return f"{self.public_url}v1/{COLLECTIONS[kind]}/{entity}"
