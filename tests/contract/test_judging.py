"""Answers that break a promise are noticed: the judge is judged."""

import orjson
import pytest

from api.openapi.document import Instance, written
from api.routes import ROUTES
from tests.contract.judging import Contract, Told
from tests.postgres import PUBLIC_URL

PROMISE = Contract(orjson.loads(written(ROUTES, Instance(public_url=PUBLIC_URL, title="Halle"))))
GOOD = b'{"data":[],"pagination":{"totalElements":0,"elementsPerPage":50},"links":%s%s}'
LINKS = b'{"first":"https://a.example/","self":"https://a.example/"}'
HEADERS = {"content-type": "application/json", "etag": '"a"', "cache-control": "public"}


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        (Told(status=418, headers=HEADERS, body=b""), "status 418"),
        (Told(status=200, headers=HEADERS, body=GOOD % (LINKS, b"")), "stale_sources"),
        (Told(status=200, headers=HEADERS | {"x-new": "1"}, body=b"{}"), "header x-new"),
        (Told(status=200, headers={"content-type": "text/html"}, body=b""), "media type"),
        (Told(status=200, headers={}, body=b""), "no header etag"),
        (
            Told(status=200, headers=HEADERS, body=GOOD % (LINKS, b',"stale_sources":[],"a":1')),
            "'a' was unexpected",
        ),
        (
            Told(status=200, headers=HEADERS, body=GOOD % (b"{}", b',"stale_sources":[]')),
            '"first" is a required',
        ),
        (Told(status=304, headers=HEADERS, body=b"x"), "a body"),
    ],
)
def test_an_answer_that_breaks_the_promise_is_noticed(told: Told, fault: str) -> None:
    assert any(fault in each for each in PROMISE.faults("/v1/offers", told))


def test_an_answer_that_keeps_it_is_accepted() -> None:
    body = GOOD % (LINKS, b',"stale_sources":[]')
    good = Told(status=200, headers=HEADERS, body=body)
    assert [*PROMISE.faults("/v1/offers", good)] == []
