"""A document begins with what it is of, so that the change feed need not ask for it."""

from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest

from schema.edition import Edition, Origin
from schema.entities import KINDS
from schema.formats.json import ID, KIND, KIND_SAID, Provenance, Published, document

ID_OF_IT = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
THEN = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize("kind", KINDS)
def test_id_and_kind_stand_at_their_places(kind: str) -> None:
    origin = Provenance(origin=Origin(id="a", name="A"), fetched=THEN)
    published = Published(
        kind=kind,
        id=ID_OF_IT,
        body=b'{"title":{"de":"A"}}',
        target=None,
        sources=(origin,),
        created=THEN,
        modified=THEN,
    )
    said = document(published, Edition(public_url="https://a.example/", instance=ID_OF_IT))
    assert said[ID] == f'"id":"{ID_OF_IT}"'.encode()
    assert said[KIND : said.index(b'"', KIND_SAID) + 1] == f'"kind":"{kind}"'.encode()
    assert orjson.loads(said)["kind"] == kind
