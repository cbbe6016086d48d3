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
from schema.vocabulary import (
    Attendance,
    Commitment,
    EventStatus,
    EventType,
    InitiativeType,
    OfferStatus,
    OrganisationType,
    ProjectForm,
    ProjectStatus,
)
from schema.when import Start, When


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


class Override(Value):
    """One occurrence of a series that differs from it. `recurrence_id` is the original start;
    what is None is as in the series."""

    recurrence_id: Start
    when: When | None = None
    status: EventStatus | None = None
    title: Texts | None = None
    description: Texts | None = None
    place: Place | None = None
    url: str | None = None


class Recurrence(Value):
    """How an event repeats (RFC 5545, 3.8.5): `rule` is an RRULE's value whose UNTIL is an instant
    in UTC (or a date, for whole days); `added` and `removed` are further and left-out occurrences
    (RDATE, EXDATE). The event's own `when` is an occurrence too, whatever the rule says."""

    rule: str | None = None
    added: tuple[When, ...] | None = None
    removed: tuple[Start, ...] | None = None
    overrides: tuple[Override, ...] | None = None


class Event(Entity):
    """Something that takes place. `previous_start` is where it stood before it was moved;
    `source_uid` and `sequence` are the source's own (UID, SEQUENCE)."""

    kind: ClassVar[str] = "event"
    reference: ClassVar[str | None] = "organiser"

    organiser: Ref | None = Field(default=None, exclude=True)
    type: EventType | None = None
    when: When
    recurrence: Recurrence | None = None
    status: EventStatus = "scheduled"
    previous_start: When | None = None
    attendance: Attendance | None = None
    source_uid: str | None = None
    sequence: int | None = Field(default=None, ge=0)


class Project(Entity):
    """Common work with an aim: a project, the idea of one, an agreement, a call."""

    kind: ClassVar[str] = "project"

    form: ProjectForm = "project"
    status: ProjectStatus = "unknown"


KINDS: Final[dict[str, type[Entity]]] = {
    kind.kind: kind for kind in (Organisation, Offer, Event, Project)
}
COLLECTIONS: Final[dict[str, str]] = {
    "organisation": "organisations",
    "offer": "offers",
    "event": "events",
    "project": "projects",
}
"""kind → the plural that stands in URLs."""
