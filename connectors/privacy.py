"""Keep persons out of what is published, whatever a connector hands over. Pure.

Persons' names, private mail addresses and private phone numbers leave the contact block; every
text of the entity is searched for them too, HTML included. Role mailboxes and what a connector
marks as a contact of an organisation or a role stay. Only the source's policy can allow more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from operator import is_
from typing import Any, Final

from connectors.base import Facts
from connectors.cleaning.contacts import Allowed, is_role_mailbox, mask, suspicious
from connectors.cleaning.masking import mask_html, reveals
from schema import Contact, Level, Override, Problem, Recurrence, Respond
from schema.normal.phones import e164, region_of
from schema.values import Value

PERSONAL_FIELDS: Final = ("contact.person", "contact.email", "contact.phone")
"""What a source's policy may name: published only then, where it belongs to a person."""

_NO_PROSE_NAMES: Final = """
    native_id url type status commitment climate categories postal_code country precision
    authority source_created source_modified valid_from valid_through licence email phone
    contact respond remote hours wanted lat lon consent stock open_for_cooperation initiative_type
    rule zone source_uid
"""
_NO_PROSE: Final = frozenset(_NO_PROSE_NAMES.split())
"""Fields without free text, and the two that have rules of their own. A field that is not named
here is searched: a new one too."""

Fields = dict[str, Any]
"""The fields of an entity by name."""


@dataclass(slots=True)
class Search:
    """The search through one entity's texts: what may stay, and where something was masked."""

    allowed: Allowed
    active: bool = True
    found: dict[str, int] = field(default_factory=dict)

    def through(self, path: str, value: Any) -> Any:
        """What stands at `path` → the same object, or a copy with private contacts masked."""
        if isinstance(value, str):
            return self.text(path, value)
        if isinstance(value, dict):
            texts = [self.through(path, text) for text in value.values()]
            same = all(map(is_, texts, value.values()))
            return value if same else dict(zip(value, texts, strict=True))
        if isinstance(value, tuple):
            items = [self.through(path, item) for item in value]
            return value if all(map(is_, items, value)) else tuple(items)
        if isinstance(value, Value):
            changed = self.fields(type(value), value.__dict__, f"{path}.")
            return value.model_copy(update=changed) if changed else value
        return value

    def fields(self, model: type[Value], fields: Fields, inside: str = "") -> Fields:
        """Name → new value of each field of `model` in which something was masked."""
        changed = {}
        for name in prose_of(model):
            value = fields.get(name)
            if value is not None:
                searched = self.through(inside + name, value)
                if searched is not value:
                    changed[name] = searched
        return changed

    def text(self, path: str, text: str) -> str:
        """The text at `path` → the same text with private contacts masked."""
        if not self.active or not suspicious(text):
            return text
        masked, found = (mask_html if path.endswith("_html") else mask)(text, self.allowed)
        if found:
            self.found[path] = self.found.get(path, 0) + found
        return masked

    def problems(self) -> tuple[Problem, ...]:
        """A finding for each field in which something was masked; it never says what."""
        return tuple(
            Problem("text.masked_contact", path, f"{count} masked", Level.WARNING)
            for path, count in self.found.items()
        )


@cache
def prose_of(model: type[Value]) -> tuple[str, ...]:
    """The fields of a model that are searched: all that are not named as holding no text."""
    return tuple(name for name in model.model_fields if name not in _NO_PROSE)


def search_for(contacts: Iterable[Contact | None], facts: Facts) -> Search:
    """A search that lets stand what `contacts` (already cleared) publish anyway."""
    known = [contact for contact in contacts if contact is not None]
    region, active = region_of(facts.zone), facts.personal.free_text == "mask"
    if not known:
        return Search(Allowed(region=region), active)
    numbers = (e164(contact.phone, region) for contact in known if contact.phone)
    allowed = Allowed(
        mails=frozenset(contact.email.lower() for contact in known if contact.email),
        phones=frozenset(number for number in numbers if number),
        region=region,
    )
    return Search(allowed, active)


def published_contact(contact: Contact, facts: Facts) -> Contact | None:
    """A contact block → what of it may be published; None where nothing is left.

    Without a role it is a person's: only role mailboxes stay.
    """
    policy, is_role = facts.personal.fields, contact.role is not None
    url = contact.url
    personal = "contact.person" in policy
    kept = contact.model_copy(
        update={
            "person": contact.person if personal else None,
            "name": contact.name if is_role or personal else None,
            "email": contact.email if is_role or may_mail(contact.email, facts) else None,
            "phone": contact.phone if is_role or "contact.phone" in policy else None,
            "url": None if url is None or reveals(url) else url,
        }
    )
    return kept if any((kept.name, kept.person, kept.email, kept.phone, kept.url)) else None


def published_answer(respond: Respond, facts: Facts) -> Respond | None:
    """The way to answer → the same without a private mail address; None where nothing is left."""
    url = None if respond.url is None or reveals(respond.url) else respond.url
    email = respond.email if may_mail(respond.email, facts) else None
    if (url, email) == (respond.url, respond.email):
        return respond
    return Respond(url=url, email=email) if url or email else None


def published_addresses(fields: Fields) -> Fields:
    """The entity's page, links, pictures and changed occurrences whose addresses reveal a person
    → those fields without these addresses."""
    changed: Fields = {}
    if fields["url"] is not None and reveals(fields["url"]):
        changed["url"] = None
    for name in ("links", "images"):
        kept = tuple(each for each in fields[name] or () if not reveals(each.url))
        if len(kept) < len(fields[name] or ()):
            changed[name] = kept or None
    recurrence: Recurrence | None = fields.get("recurrence")
    if recurrence is not None and any(map(_leads_to_a_person, recurrence.overrides or ())):
        overrides = tuple(map(_without_address, recurrence.overrides or ()))
        changed["recurrence"] = recurrence.model_copy(update={"overrides": overrides})
    return changed


def _leads_to_a_person(override: Override) -> bool:
    return override.url is not None and reveals(override.url)


def _without_address(override: Override) -> Override:
    return override.model_copy(update={"url": None}) if _leads_to_a_person(override) else override


def may_mail(address: str | None, facts: Facts) -> bool:
    """Whether an address may be published: a role mailbox, or the policy says so."""
    if address is None:
        return False
    return "contact.email" in facts.personal.fields or is_role_mailbox(address)
