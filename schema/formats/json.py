"""Entity → its public JSON document. Language-neutral; holds no clock and no state of a source.

The body is spliced in as the bytes it is kept as: rendering neither parses nor validates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from schema.codec import canonical, digest
from schema.edition import Edition, Origin
from schema.entities import KINDS

RENDERER_VERSION = 3
"""Counts up when anything derived of an entity would come out otherwise: its document, what lists
filter by, its occurrences, its calendar components."""
ID: Final = slice(1, 44)
"""Where a document says its id, as a member with its name: it is the first."""
KIND: Final = 45
"""Where the next member begins, the kind."""
KIND_SAID: Final = 53
"""Where its value begins, which ends with the next quotation mark."""
_UTC = orjson.OPT_UTC_Z


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The organisation a record refers to: its public id, and its name as the record says it."""

    entity: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """A source of an entity, and when its record last changed."""

    origin: Origin
    fetched: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a document is made of. `body` is a canonical JSON object; instants are aware."""

    kind: str
    id: UUID
    body: bytes
    target: Target | None
    sources: Sequence[Provenance]
    created: datetime
    modified: datetime
    withheld: bool = False
    """Whether the source seems not to stand behind it any more, and nobody has decided yet: it
    stays, without its contact."""


def document(published: Published, edition: Edition) -> bytes:
    """What is published → JSON bytes of the whole document."""
    head = {
        "id": published.id,
        "kind": published.kind,
        "self": edition.url_of(published.kind, published.id),
        "created": published.created,
        "modified": published.modified,
        "sources": [_source(provenance) for provenance in published.sources],
        **_terms_of_use(published.sources),
        **({"freshness": "withheld"} if published.withheld else {}),
    }
    reference = KINDS[published.kind].reference
    if reference and published.target:
        head[reference] = _reference(published.target, edition)
    body = _without_contact(published.body) if published.withheld else published.body
    return orjson.dumps(head, option=_UTC)[:-1] + b"," + body[1:]


def _without_contact(body: bytes) -> bytes:
    said = orjson.loads(body)
    return canonical({name: value for name, value in said.items() if name != "contact"})


def _source(provenance: Provenance) -> dict[str, object]:
    origin = provenance.origin
    return _without_none(
        id=origin.id,
        name=origin.name,
        url=origin.url,
        licence=origin.licence,
        attribution=origin.attribution,
        fetched=provenance.fetched,
    )


def _terms_of_use(sources: Sequence[Provenance]) -> dict[str, object]:
    """Those of the first source, which is the one of highest authority."""
    if not sources:
        return {}
    origin = sources[0].origin
    return _without_none(licence=origin.licence, attribution=origin.attribution, share=origin.share)


def _reference(target: Target, edition: Edition) -> dict[str, object]:
    url = edition.url_of("organisation", target.entity)
    return {"id": target.entity, "url": url, "name": target.name}


def _without_none(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


def inputs_of(edition: Edition, origins: Sequence[Origin]) -> bytes:
    """Digest of everything a document is rendered from besides body, references and times: a
    stored document with other inputs is stale."""
    facts = [[o.id, o.name, o.url, o.licence, o.attribution, o.share] for o in origins]
    return digest(canonical([RENDERER_VERSION, edition.public_url, facts]))
