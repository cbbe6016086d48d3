"""`/v1/stats` and `/v1/categories`: counts over time and by category, from what is kept."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection

from aggregator.queries import Database
from aggregator.store.tables import day_count, day_term_count
from schema import Offer, schemes
from schema.vocabulary import LANGUAGES
from tests.api.asking import ask, said
from tests.api.conftest import Client, Serve
from tests.api.programme import put
from tests.api.seeding import PUBLIC_URL, add_day_count, add_source
from tests.planting import plant

ROWS = (
    (date(2026, 10, 1), "open", 5),
    (date(2026, 11, 2), "open", 7),
    (date(2026, 11, 2), "filled", 1),
    (date(2026, 11, 18), "open", 6),
    (date(2026, 11, 20), "filled", 0),
)


def add_others(connection: Connection) -> None:
    """What a second source had, and how many had which category."""
    other = {"day": date(2026, 11, 19), "source": "zweite", "kind": "offer", "status": "open"}
    connection.execute(day_count.insert().values(n=10, **other))
    terms = {"day": date(2026, 11, 1), "source": "agentur", "kind": "offer"}
    for term, n in (("topics:energy", 3), ("", 2)):
        connection.execute(day_term_count.insert().values(term=term, n=n, **terms))


def seed(database: Database) -> None:
    """Two sources whose counts changed now and then; it is Saturday, the 21st of November."""
    for source in ("agentur", "zweite"):
        database.write_now(add_source, source)
    for day, status, n in ROWS:
        database.write_now(add_day_count, day, "offer", status, n)
    database.write_now(add_others)


@pytest.fixture
async def asker(database: Database, serve: Serve) -> Client:
    plant(database, seed)
    return await serve(database)


async def totals(client: Client, query: str) -> dict[str, int]:
    """Day → total."""
    answer = await said(client, f"/v1/stats?{query}")
    return {point["day"]: point["total"] for point in answer["data"]}


async def test_a_count_holds_until_it_changes(asker: Client) -> None:
    assert await totals(asker, "from=2026-11-17&to=2026-11-21") == {
        "2026-11-17": 8,
        "2026-11-18": 7,
        "2026-11-19": 17,
        "2026-11-20": 16,
        "2026-11-21": 16,
    }


async def test_without_days_it_is_the_last_thirty_up_to_today(asker: Client) -> None:
    answer = await said(asker, "/v1/stats")
    assert len(answer["data"]) == 31
    assert answer["data"][-1] == {"day": "2026-11-21", "total": 16}
    assert answer["links"]["self"] == f"{PUBLIC_URL}v1/stats?from=2026-10-22&to=2026-11-21"
    assert (answer["kind"], answer["zone"]) == ("offer", "Europe/Berlin")


async def test_weeks_end_on_sunday_and_months_on_their_last_day(asker: Client) -> None:
    assert await totals(asker, "interval=week&from=2026-11-02") == {
        "2026-11-08": 8,
        "2026-11-15": 8,
        "2026-11-21": 16,
    }
    assert await totals(asker, "interval=month&from=2026-09-01") == {
        "2026-09-30": 0,
        "2026-10-31": 5,
        "2026-11-21": 16,
    }


async def test_counts_are_told_apart_by_status_source_and_category(asker: Client) -> None:
    async def last(by: str) -> Any:
        answer = await said(asker, f"/v1/stats?by={by}&from=2026-11-19&to=2026-11-19")
        return answer["data"][-1]

    assert await last("status") == {
        "day": "2026-11-19",
        "total": 17,
        "counts": {"filled": 1, "open": 16},
    }
    assert (await last("source"))["counts"] == {"agentur": 7, "zweite": 10}
    assert await last("category") == {
        "day": "2026-11-19",
        "counts": {"topics:energy": 3, "unmapped": 2},
    }


async def test_one_source_alone_may_be_asked_for(asker: Client) -> None:
    assert await totals(asker, "source=zweite&from=2026-11-18&to=2026-11-19") == {
        "2026-11-18": 0,
        "2026-11-19": 10,
    }
    assert set((await totals(asker, "kind=event&to=2026-11-02")).values()) == {0}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("kind=city", "kind"),
        ("by=colour", "by"),
        ("interval=year", "interval"),
        ("from=2026-02-30", "from"),
        ("from=now", "from"),
        ("from=2026-11-20&to=2026-11-19", "from"),
        ("from=2027-01-01", "from"),
        ("from=2000-01-01", "interval"),
        ("from=0001-01-01&interval=month", "from"),
        ("source=nowhere", "source"),
    ],
)
async def test_what_makes_no_sense_is_refused(asker: Client, query: str, parameter: str) -> None:
    problem = await said(asker, f"/v1/stats?{query}", status=400)
    assert problem["errors"][0]["parameter"] == parameter


@pytest.mark.parametrize(
    "query", ["to=0001-01-02", "to=9999-12-31", "from=2000-01-01&interval=week"]
)
async def test_the_ends_of_the_calendar_are_days_too(asker: Client, query: str) -> None:
    assert (await said(asker, f"/v1/stats?{query}"))["data"]


@pytest.mark.parametrize("path", ["/v1/stats?by=status", "/v1/categories"])
async def test_they_are_known_by_their_tag(asker: Client, path: str) -> None:
    answer = await ask(asker, path)
    assert "max-age" in answer.headers["Cache-Control"]
    assert (await ask(asker, path, If_None_Match=answer.headers["ETag"])).status == 304


async def test_categories_have_labels_sentences_examples_and_counts(
    asker: Client, database: Database
) -> None:
    energy = [{"scheme": "topics", "term": "energy", "by": "source"}]
    for number, categories in enumerate((energy, energy, None), 1):
        fields = {"native_id": "x", "title": {"de": "x"}, "categories": categories}
        database.write_now(put, number, Offer.model_validate(fields))
    answer = await said(asker, "/v1/categories")
    assert [scheme["id"] for scheme in answer["data"]] == list(schemes.names())
    assert [scheme["default"] for scheme in answer["data"]] == [True, False]
    assert answer["unmapped"] == {"offer": 1}
    topics = {term["id"]: term for term in answer["data"][0]["terms"]}
    assert topics["energy"]["entries"] == {"offer": 2}
    assert topics["energy"]["category"] == "topics:energy"
    assert topics["mobility"]["entries"] == {}
    for term in topics.values():
        for words in ("labels", "sentence", "examples"):
            assert set(term[words]) == set(LANGUAGES), (term["id"], words)


async def test_related_terms_of_other_schemes_are_named(asker: Client) -> None:
    answer = await said(asker, "/v1/categories")
    named = {
        each for s in answer["data"] for term in s["terms"] for each in term.get("related", ())
    }
    assert named
    assert all(schemes.find(each) for each in named)
