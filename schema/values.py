"""The values entities are made of. Frozen, without behaviour, without I/O.

`None` means the source said nothing. Empty strings are never stored. Texts are maps from a
language tag (BCP 47, e.g. "de") to text.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from schema.vocabulary import Climate, ContactRole, Decider, LinkType, Precision

Texts = dict[str, str]
"""Language tag → text. A language without text is absent."""

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
ClimateSet = tuple[Climate, ...]


class Value(BaseModel):
    """Base of every value and entity: frozen, no unknown fields, no NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Ref(Value):
    """How a record names another: by the source's id, by name, or both.

    `said` holds only what the source states about the referred thing itself (JSON body of that
    kind), never what it states about the record that refers.
    """

    native_id: str | None = None
    name: str
    said: dict[str, object] | None = None


class Respond(Value):
    """The one way in which a person answers: a page, or a role mailbox."""

    url: str | None = None
    email: str | None = None


class Link(Value):
    """A further page. `type` as in `vocabulary.LinkType`."""

    url: str
    title: Texts | None = None
    type: LinkType | None = None


class Image(Value):
    """A picture at the source, with what is known of its rights."""

    url: str
    credit: str | None = None
    licence: str | None = None
    consent: bool | None = None
    stock: bool | None = None
    alt: Texts | None = None


class Category(Value):
    """A term of a category scheme and who decided on it."""

    scheme: str
    term: str
    by: Decider


class Authority(Value):
    """Official codes of a municipality: AGS (Germany), LAU (EU), Wikidata item."""

    ags: str | None = None
    lau: str | None = None
    wikidata: str | None = None


class Place(Value):
    """Where something is. Coordinates are WGS 84 degrees; both are given or neither."""

    name: str | None = None
    street: str | None = None
    postal_code: str | None = None
    locality: str | None = None
    district: str | None = None
    country: str | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    precision: Precision | None = None
    authority: Authority | None = None


class Contact(Value):
    """Contact at role or organisation level. `person` is dropped unless the source's policy
    names it."""

    role: ContactRole | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    url: str | None = None
    person: str | None = None
