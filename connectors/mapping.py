"""What every connector's raws and entities go through: the audit of fields, and `finish`. Pure.

`finish` is applied to every entity of every connector: a connector cannot forget the source's
settings, the safe subset of HTML, or privacy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar
from urllib.parse import quote

from connectors.base import Facts
from connectors.cleaning.html import has_markup, safe, text_of
from connectors.privacy import (
    Fields,
    Search,
    published_addresses,
    published_answer,
    published_contact,
    search_for,
)
from schema import Category, Contact, Entity, Level, Organisation, Problem, Ref, Respond, Texts
from schema.normal.names import fold_name
from schema.schemes import find
from schema.vocabulary import Decider

T = TypeVar("T")
E = TypeVar("E", bound=Entity)
Terms = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(slots=True)
class Audit:
    """The audit of one document's fields: each is used, or ignored by name, or reported once."""

    used: frozenset[str]
    ignored: frozenset[str] = frozenset()
    unknown: set[str] = field(default_factory=set)

    def take(self, payload: Mapping[str, T]) -> dict[str, T]:
        """A record's fields → those that are used. Others are not kept: a field nobody knows
        could hold a person."""
        taken = {name: value for name, value in payload.items() if name in self.used}
        if len(taken) != len(payload):
            self.unknown.update(payload.keys() - self.used - self.ignored)
        return taken

    def problems(self) -> tuple[Problem, ...]:
        """A note for each field that nothing reads."""
        return tuple(
            Problem("record.unmapped_field", name, "nothing reads this field", Level.INFO)
            for name in sorted(self.unknown)
        )


def finish(entity: Entity, facts: Facts) -> tuple[Entity, tuple[Problem, ...]]:
    """An entity as `map` made it → as it is kept, and what was found in it.

    Adds what the source's settings say (page, climate, categories), makes HTML safe and a text
    of it, masks private contacts, and gives every entity a way to answer. Raises pydantic's
    `ValidationError` where a reference says what no organisation is.
    """
    reference, contact = _reference(entity, facts)
    changes = {**_from_settings(entity, facts), **reference}
    return _protected(entity, changes, contact, facts)


def _from_settings(entity: Entity, facts: Facts) -> Fields:
    changes: Fields = {}
    if facts.page_url is not None:
        changes["url"] = facts.page_url.replace("{id}", quote(entity.native_id))
    if facts.climate is not None and entity.climate is None:
        changes["climate"] = facts.climate
    categories = _categories(entity, facts)
    if categories != (entity.categories or ()):
        changes["categories"] = categories
    return changes


def _categories(entity: Entity, facts: Facts) -> tuple[Category, ...]:
    """What the record says, what its words mean, what holds for all of the source; each once."""
    said = entity.categories or ()
    if not facts.terms and not facts.categories:
        return said
    words = (*(entity.tags or ()), *(getattr(entity, "activities", None) or ()))
    meanings = _folded(tuple((word, tuple(terms)) for word, terms in facts.terms.items()))
    meant = [term for word in words for term in meanings.get(fold_name(word), ())]
    found = [*said, *_terms(meant, "source"), *_terms(facts.categories, "rule")]
    return tuple({(each.scheme, each.term): each for each in reversed(found)}.values())[::-1]


def _terms(written: Iterable[str], by: Decider) -> list[Category]:
    found = (find(term) for term in written)
    return [Category(scheme=term.scheme, term=term.id, by=by) for term in found if term]


@lru_cache(maxsize=64)
def _folded(terms: Terms) -> dict[str, tuple[str, ...]]:
    """A term table with its words folded, so that case and punctuation do not matter."""
    return {fold_name(word): meant for word, meant in terms}


def _reference(entity: Entity, facts: Facts) -> tuple[Fields, Contact | None]:
    """What the source says of the organisation behind a record, cleared of persons → the changed
    field, and the organisation's contact. A mere title is searched with the record itself."""
    ref: Ref | None = getattr(entity, entity.reference) if entity.reference else None
    if ref is None or ref.said is None or ref.said.keys() <= {"title"}:
        return {}, None
    named = Organisation.model_validate({**ref.said, "native_id": ref.native_id or ""})
    said, _ = _protected(named, {}, None, facts)
    dumped = said.model_dump(mode="json", exclude_none=True)
    return {str(entity.reference): ref.model_copy(update={"said": dumped})}, said.contact


def _protected(
    entity: E, changes: Fields, contact: Contact | None, facts: Facts
) -> tuple[E, tuple[Problem, ...]]:
    """Entity and changes to it → the entity without persons. `contact` may stand in its texts."""
    fields = {**entity.__dict__, **changes}
    changes = {**changes, **published_addresses(fields)}
    fields.update(changes)
    if fields["contact"] is not None:
        changes["contact"] = fields["contact"] = published_contact(fields["contact"], facts)
    if fields["respond"] is not None:
        fields["respond"] = published_answer(fields["respond"], facts)
    search = search_for((fields["contact"], contact), facts)
    marked = _markup(fields, search)
    fields.update(marked)
    changes.update(marked)
    others = fields if not marked else {**fields, **dict.fromkeys(marked)}
    changes.update(search.fields(type(entity), others))
    changes["respond"] = fields["respond"] or (
        Respond(url=fields["url"]) if fields["url"] else None
    )
    return entity.model_copy(update=changes), search.problems()


def _markup(fields: Fields, search: Search) -> Fields:
    """HTML in any state → safe HTML without private contacts, and the text that it says."""
    if fields["description_html"] is None:
        return {}
    html = {
        language: search.text("description_html", safe(source))
        for language, source in fields["description_html"].items()
    }
    said = {language: text for language, each in html.items() if (text := text_of(each))}
    return {
        "description_html": {key: each for key, each in html.items() if has_markup(each)} or None,
        "description": {**said, **_searched(fields["description"], search)} or None,
    }


def _searched(texts: Texts | None, search: Search) -> Texts:
    return {language: search.text("description", text) for language, text in (texts or {}).items()}
