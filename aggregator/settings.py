"""Every setting, in one place: process settings and sources. Read once, passed down, frozen.

Nothing here opens a file or a connection; `configuration.py` reads `allmende.toml`.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from connectors.base import Facts, Personal
from schema.edition import Origin
from schema.vocabulary import Climate, Licence, Share


class Section(BaseModel):
    """Base of every table of the file: frozen, unknown names refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ServiceSettings(Section):
    """`[service]`: where the service lives and keeps its data."""

    public_url: str = "http://127.0.0.1:8080/"
    database: str = "sqlite:///data/allmende.db"
    data: str = "data"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    zone: str = "Europe/Berlin"
    title: str = "Allmende"


class FetchSettings(Section):
    """`[fetch]`: how sources are asked. Seconds and decoded bytes."""

    contact: str = ""
    allow_loopback: bool = False
    parallel: int = Field(default=8, ge=1, le=64)
    per_host: int = Field(default=2, ge=1, le=8)


class PersonalSettings(Section):
    """`[source.personal]`: which person-level data may be published (none by default)."""

    fields: tuple[str, ...] = ()
    free_text: Literal["mask", "keep"] = "mask"


class SourceSettings(Section):
    """`[[source]]`: one source. `every` is seconds in the model, "30m" in the file."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    connector: str
    name: str = ""
    every: float = 3600.0
    enabled: bool = True
    language: str = "de"
    zone: str = "Europe/Berlin"
    url: str | None = None
    page_url: str | None = None
    licence: Licence = "unknown"
    attribution: str | None = None
    share: Share = "portal"
    climate: tuple[Climate, ...] | None = None
    categories: tuple[str, ...] = ()
    terms: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    personal: PersonalSettings = PersonalSettings()
    settings: dict[str, Any] = Field(default_factory=dict)

    def facts(self) -> Facts:
        """What mapping sees of this source."""
        return Facts(
            language=self.language,
            zone=self.zone,
            terms=self.terms,
            climate=self.climate,
            categories=self.categories,
            page_url=self.page_url,
            personal=Personal(fields=self.personal.fields, free_text=self.personal.free_text),
        )

    def origin(self) -> Origin:
        """What the public sees of this source."""
        return Origin(
            id=self.id,
            name=self.name or self.id,
            url=self.url,
            licence=self.licence,
            attribution=self.attribution,
            share=self.share,
        )


class Settings(Section):
    """Everything: `[service]`, `[fetch]`, `[[source]]`."""

    service: ServiceSettings = ServiceSettings()
    fetch: FetchSettings = FetchSettings()
    sources: tuple[SourceSettings, ...] = ()
