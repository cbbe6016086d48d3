"""Who is who: record keys, public ids, folded names. Pure."""

from uuid import NAMESPACE_URL, UUID, uuid5

from schema.codec import canonical, digest
from schema.entities import Entity, Event
from schema.normal.names import fold_name

CONTENT = "content:"
"""Prefix of the native id of what a source gives no id that lasts."""
UNNAMED = "name:"
"""Prefix of the native id of what a source names but gives no id."""


def instance_id(public_url: str) -> UUID:
    """The instance's UUID from the public URL it was first set up with; kept ever after."""
    return uuid5(NAMESPACE_URL, public_url)


def record_key(source: str, kind: str, native_id: str) -> str:
    """The key of a record as one string; source ids and kinds contain no slash."""
    return f"{source}/{kind}/{native_id}"


def entity_id(instance: UUID, source: str, kind: str, native_id: str) -> UUID:
    """Public id = UUIDv5(instance, key of the entity's first record)."""
    return uuid5(instance, record_key(source, kind, native_id))


def content_id(event: Event) -> str:
    """Native id for an event whose source gives none that lasts: hash of title, start, place."""
    return CONTENT + likeness(event).hex()


def recognised_by(entity: Entity) -> bytes | None:
    """Digest by which an entity is recognised under another id; None: by its id alone."""
    return likeness(entity) if isinstance(entity, Event) else None


def likeness(event: Event) -> bytes:
    """Digest of what people know an event by: title, start and place. The same under another id
    is most likely the same event."""
    place = event.place
    where = (place.name or place.street or place.locality or "") if place else ""
    titles = sorted(map(fold_name, event.title.values()))
    start = event.when.model_dump(mode="json", include={"start", "zone"})
    return digest(canonical([titles, start, fold_name(where)]))
