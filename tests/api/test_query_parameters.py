"""Query parameters are read strictly, and a refusal says what would be right."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from aggregator.queries.wanted import Letter, Moment, Position, Spot, Where
from api.cursors import Cursor, cursor
from api.params import (
    AFTER_CHANGE_NUMBER,
    CURSOR,
    LIMIT,
    MODIFIED_SINCE,
    Parameter,
    instant,
    read_query,
    whole_number,
)
from api.problems import HttpProblem
from api.routes import ROUTES
from tests.api.asking import ask, said
from tests.api.conftest import Client

KNOWN = (AFTER_CHANGE_NUMBER, CURSOR, LIMIT, MODIFIED_SINCE)


async def test_an_unknown_parameter_is_refused_and_the_known_ones_named(face: Client) -> None:
    problem = await said(face, "/v1/offers?limt=5&town=halle", status=400)
    assert problem["type"].endswith("/problems/request.unknown_parameter")
    assert [error["parameter"] for error in problem["errors"]] == ["limt", "town"]
    assert problem["accepted"][:4] == ["limit", "cursor", "modified_since", "status"]
    assert "limit, cursor, modified_since" in problem["detail"]


@pytest.mark.parametrize("path", ["/v1/sources", "/v1/changes", "/v1/offers/x"])
async def test_every_data_route_refuses_unknown_parameters(face: Client, path: str) -> None:
    problem = await said(face, f"{path}?nonsense=1", status=400)
    assert problem["errors"] == [{"parameter": "nonsense", "detail": "unknown"}]


@pytest.mark.parametrize("path", ["/", "/admin", "/healthz", "/readyz"])
async def test_pages_and_probes_pass_over_what_trackers_append(face: Client, path: str) -> None:
    assert (await ask(face, f"{path}?utm_source=letter")).status == 200


@pytest.mark.parametrize("limit", ["0", "-1", "501", "1000000000", "false", "", "5.0", "٥", "+5"])
async def test_a_limit_is_a_whole_number_from_one_to_five_hundred(face: Client, limit: str) -> None:
    answer = await face.get("/v1/offers", params={"limit": limit})
    problem = await answer.json(content_type=None)
    assert answer.status == 400
    assert problem["errors"] == [
        {
            "parameter": "limit",
            "detail": "a whole number from 1 to 500: how many entries a page has at most.",
        }
    ]


async def test_a_parameter_given_twice_is_refused(face: Client) -> None:
    problem = await said(face, "/v1/offers?limit=5&limit=6", status=400)
    assert problem["errors"] == [{"parameter": "limit", "detail": "may be given once only."}]


async def test_a_date_alone_is_refused_with_the_reason(face: Client) -> None:
    problem = await said(face, "/v1/offers?modified_since=2026-03-29", status=400)
    assert "in which time zone the day begins" in problem["detail"]
    assert "2026-03-29T00:00:00+01:00" in problem["detail"]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-29T19:00:00",
        "2026-13-29T19:00:00Z",
        "2026-02-30T19:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "yesterday",
        "1774807200",
        "20260329T190000Z",
        "",
    ],
)
async def test_an_instant_has_date_time_and_offset(face: Client, text: str) -> None:
    answer = await face.get("/v1/offers", params={"modified_since": text})
    assert answer.status == 400
    assert (await answer.json(content_type=None))["errors"][0]["parameter"] == "modified_since"


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-29T19:00:00+02:00",
        "2026-03-29T19:00:00 02:00",
        "2026-03-29 19:00:00+02:00",
        "2026-03-29t17:00:00z",
        "2026-03-29T17:00:00.000Z",
    ],
)
def test_an_instant_is_read_in_all_its_spellings(text: str) -> None:
    assert instant(text) == datetime(2026, 3, 29, 17, tzinfo=UTC)
    assert instant(text).tzinfo is UTC


NINE = datetime(2026, 3, 29, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=5)))


@pytest.mark.parametrize(
    "position",
    [
        Position(change=7),
        Position(change=8, back=True),
        Letter(title="bäume gießen", no=9),
        Letter(title="", no=0, back=True),
        Spot(square=0.1 + 0.2, no=3),
        Spot(square=0.0, no=3, back=True),
        Moment(starts=NINE, no=4),
        Moment(starts=NINE, no=4, recurrence_id="2026-03-29", back=True),
    ],
)
def test_a_cursor_comes_back_as_it_went(position: Where) -> None:
    assert cursor(str(Cursor("epoch", position))) == Cursor("epoch", position)


@pytest.mark.parametrize(
    "text", ["x", "", "ä", "bnVsbA", "WzEsMl0", "WyJlIiwxLDEwMDAwMDAwMDAwMDAwMDAwMDAwMCx0cnVlXQ"]
)
async def test_a_made_up_cursor_is_refused(face: Client, text: str) -> None:
    answer = await face.get("/v1/offers", params={"cursor": text})
    assert answer.status == 400
    assert (await answer.json(content_type=None))["errors"][0]["parameter"] == "cursor"


SHAPES = (
    '["e","n",true,1.5]',
    '["e","n",true,true]',
    '["e","n",true]',
    '["e","n",true,1,2]',
    '[1,"n",true,1]',
    '["e","n",1,1]',
    '["e","x",true,1]',
    '["e",["n"],true,1]',
    '["e","n",true,"1"]',
    '["e","n",true,-1]',
    '["e","n",true,9223372036854775808]',
    '["e","n",true,99999999999999999999]',
    '["e","t",true,7,1]',
    '["e","t",true,"\\u0000",1]',
    '["e","d",true,1,1]',
    '["e","d",true,-0.5,1]',
    '["e","d",true,1e300,1]',
    '["e","s",true,99999999999999999999,1]',
    '["e","s",true,999999999999999999,1]',
    '["e","s",true,1.5,1]',
    '["e","o",true,1,1]',
    '["e","o",true,1,1,null]',
    '{"a":1}',
    "[" * 3000,
)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_cursor_of_another_shape_is_refused(shape: str) -> None:
    made = urlsafe_b64encode(shape.encode()).decode()
    with pytest.raises(HttpProblem):
        read_query(MultiDict(cursor=made), (CURSOR,))


def test_numbers_keep_to_their_bounds() -> None:
    parse = whole_number(1, 9)
    assert [parse("1"), parse("9")] == [1, 9]
    for text in ("0", "10", "1" * 5000):
        with pytest.raises(ValueError, match=text[:1]):
            parse(text)


@given(name=st.sampled_from([each.name for each in KNOWN]), text=st.text())
def test_whatever_is_written_is_read_or_refused(name: str, text: str) -> None:
    try:
        query = read_query(MultiDict({name: text}), KNOWN)
    except HttpProblem:
        return
    assert query.texts == {name: text}


NASTY = (
    "/v1/offers?limit=%ff",
    "/v1/offers/%00",
    "/v1/offers?%00=1",
    "/problems/%0a",
    "/static/%00",
)


@pytest.mark.parametrize("path", NASTY)
async def test_nasty_addresses_are_refused(face: Client, path: str) -> None:
    assert (await ask(face, path)).status in {400, 404}


EVERY = sorted(
    {parameter for route in ROUTES for parameter in route.parameters}, key=lambda each: each.name
)


@pytest.mark.parametrize("parameter", EVERY, ids=lambda each: each.name)
def test_the_example_of_a_parameter_is_accepted(parameter: Parameter) -> None:
    parameter.parse(parameter.example)
