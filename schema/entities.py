"""The kinds of the one schema. Frozen models; no I/O, no defaults that invent facts.

`native_id` is the source's own id; it is the record's key and not part of the body. `url` is the
public page at the source, `respond` the one way to answer.
"""

from datetime import date
from typing import ClassVar, Final

from pydantic import AwareDatetime, Field

from schema.values import (
    Category,
    ClimateSet,
    Contact,
    Image,
    Link,
    Place,
    Ref,
    Respond,
    Texts,
    Value,
)
from schema.vocabulary import Commitment, InitiativeType, OfferStatus, OrganisationType


class Entity(Value):
    """What every kind has in common."""

    kind: ClassVar[str]
    reference: ClassVar[str | None] = None
    """Name of the field that refers to an organisation, where the kind has one."""

    native_id: str = Field(exclude=True)
    title: Texts
    summary: Texts | None = None
    description: Texts | None = None
    description_html: Texts | None = None
    url: str | None = None
    respond: Respond | None = None
    links: tuple[Link, ...] | None = None
    images: tuple[Image, ...] | None = None
    climate: ClimateSet | None = None
    categories: tuple[Category, ...] | None = None
    tags: tuple[str, ...] | None = None
    place: Place | None = None
    contact: Contact | None = None
    source_created: AwareDatetime | None = None
    source_modified: AwareDatetime | None = None


class Organisation(Entity):
    """Who does something: an association, an initiative, a municipality, a company, a school."""

    kind: ClassVar[str] = "organisation"

    type: OrganisationType | None = None
    initiative_type: InitiativeType | None = None
    open_for_cooperation: bool | None = None
    opening_hours: Texts | None = None
    accessibility: Texts | None = None


class Offer(Entity):
    """A volunteering opportunity. `hours` are hours a week; `wanted` counts people."""

    kind: ClassVar[str] = "offer"
    reference: ClassVar[str | None] = "organisation"

    organisation: Ref | None = Field(default=None, exclude=True)
    status: OfferStatus = "unknown"
    status_reason: str | None = None
    commitment: Commitment = "unknown"
    schedule: Texts | None = None
    hours: float | None = None
    wanted: int | None = Field(default=None, ge=0)
    skills: tuple[str, ...] | None = None
    target_groups: tuple[str, ...] | None = None
    activities: tuple[str, ...] | None = None
    remote: bool | None = None
    requirements: Texts | None = None
    benefits: Texts | None = None
    valid_from: date | None = None
    valid_through: date | None = None
    accessibility: Texts | None = None


KINDS: Final[dict[str, type[Entity]]] = {kind.kind: kind for kind in (Organisation, Offer)}
COLLECTIONS: Final[dict[str, str]] = {"organisation": "organisations", "offer": "offers"}
"""kind → the plural that stands in URLs."""
