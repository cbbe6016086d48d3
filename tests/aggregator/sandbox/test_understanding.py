"""What comes out of the sandbox when nothing goes wrong, or one record does."""

from datetime import UTC, date, datetime

import orjson
import pytest

from aggregator.errors import SourceError, UnreadableDocument
from aggregator.harvest import Mention
from aggregator.sandbox.batches import MOST_BYTES, MOST_DRAFTS
from aggregator.sandbox.parent import Opening, Sandbox, Session
from connectors.base import Between, Document, Everything, Facts, Request, Secret, UnlessKnown
from schema import Level, Problem
from tests.aggregator.sandbox.conftest import Write, hear, offers
from tests.aggregator.sandbox.odd import NAME, PERSON

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_first_requests_come_with_references_only(shared: Sandbox) -> None:
    settings = {"url": "https://odd.example/a", "key": "env:ODD_KEY"}
    async with shared.session(Opening(connector=NAME, settings=settings, facts=Facts())) as session:
        requests = await session.start({"page": 2})
    assert requests == (
        Request(
            url="https://odd.example/a",
            query=(("q", "ä"), ("accessKey", Secret("env:ODD_KEY"))),
            tag={"state": {"page": 2}},
            unless_known=UnlessKnown(kind="offer", native_id="1", stamp="2026"),
        ),
    )


async def test_a_draft_is_ready_to_be_kept(session: Session, write: Write) -> None:
    said = {"title": {"de": "Verein"}}
    ref = {"id": "5", "name": "Grüner Verein e.V.", "said": said}
    heard = await hear(session, write({"key": "1", "stamp": "s", "ref": ref, "place": "Halle"}))
    [draft] = heard.drafts
    assert (draft.kind, draft.native_id, draft.raw_key, draft.stamp) == ("offer", "1", "1", "s")
    assert isinstance(draft.body, bytes)
    assert orjson.loads(draft.body)["title"] == {"de": "Angebot 1"}
    assert len(draft.fingerprint) == 16
    assert draft.index.first == date(2026, 11, 21)
    assert draft.index.source_modified == datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
    assert (draft.index.locality, draft.index.sort_title) == ("Halle", "angebot 1")
    assert draft.mention is not None
    assert (draft.mention.native_id, draft.mention.fold) == ("5", "gruener verein e v")
    assert orjson.loads(draft.mention.said or b"")["title"] == said["title"]


async def test_a_name_alone_is_a_mention_too(session: Session, write: Write) -> None:
    heard = await hear(session, write({"key": "1", "ref": {"name": "BUND"}}, {"key": "2"}))
    mentions = [draft.mention for draft in heard.drafts]
    assert mentions == [Mention(native_id=None, name="BUND", fold="bund"), None]


async def test_everything_else_comes_too(session: Session, write: Write) -> None:
    kinds = ["request", "gone", "problem", "cursor", "complete"]
    heard = await hear(session, write(*({"yield": kind, "id": "9"} for kind in kinds)))
    [batch] = heard.batches
    assert batch.requests == (Request(url="https://odd.example/2", tag=["next"]),)
    assert batch.gone == (("offer", "9"),)
    assert batch.findings == (Problem("document.cut", "", "breaks off", Level.WARNING),)
    assert (batch.cursor, batch.complete) == ({"at": "x"}, Everything())


async def test_completeness_may_be_of_a_period(session: Session, write: Write) -> None:
    heard = await hear(session, write({"yield": "between"}))
    assert heard.batches[-1].complete == Between(date(2026, 1, 1), date(2026, 2, 1))


async def test_batches_are_small_and_in_order(session: Session, write: Write) -> None:
    lines = [*offers(450), *offers(40, 450, text="x" * 20_000), *offers(1, 490, text="y" * 190_000)]
    heard = await hear(session, write(*lines))
    assert heard.keys == [str(number) for number in range(491)]
    assert max(len(batch.drafts) for batch in heard.batches) == MOST_DRAFTS
    for batch in heard.batches:
        sizes = [len(draft.body) for draft in batch.drafts if isinstance(draft.body, bytes)]
        assert sum(sizes) <= MOST_BYTES or len(sizes) == 1
    staged = [batch for batch in heard.batches if batch.stages]
    assert staged == heard.batches[-1:]
    assert set(staged[0].stages) == {"read", "hash", "map", "dump"}


async def test_one_raw_can_become_several_entities(session: Session, write: Write) -> None:
    heard = await hear(session, write({"key": "a", "entities": 3}, {"key": "b", "entities": 0}))
    assert [(d.raw_key, d.native_id) for d in heard.drafts] == [
        ("a", "a"),
        ("a", "a-1"),
        ("a", "a-2"),
    ]


async def test_what_is_known_is_neither_mapped_nor_sent(session: Session, write: Write) -> None:
    document = write(*offers(300), {"key": "x", "map": "fail"}, {"key": "v", "count": 1})
    first = await hear(session, document)
    known = [(d.kind, d.raw_key, d.fingerprint) for d in first.drafts]
    known += [(r.kind, r.key or "", r.fingerprint or b"") for r in first.refusals]
    await session.know(known)
    changed = write(*offers(299), {"key": "299", "title": "Neu"}, {"key": "v", "count": 2})
    again = await hear(session, changed)
    assert again.same == [("offer", str(number)) for number in [*range(299), "v"]]
    assert again.keys == ["299"]
    assert (await hear(session, document)).refusals == []


async def test_knowledge_comes_with_the_opening_and_survives_the_child(
    shared: Sandbox, session: Session, write: Write
) -> None:
    document = write(*offers(5))
    first = await hear(session, document)
    known = [(d.kind, d.raw_key, d.fingerprint) for d in first.drafts]
    opening = Opening(connector=NAME, settings={}, facts=Facts(), known=known)
    async with shared.session(opening) as second:
        assert len((await hear(second, document)).same) == 5
        assert len((await hear(session, document)).drafts) == 5
        assert (await hear(second, write({"read": "exit"}, name="bad"))).code
        assert len((await hear(second, document)).same) == 5


async def test_settings_that_change_the_mapping_make_everything_new(
    shared: Sandbox, session: Session, write: Write
) -> None:
    document = write(*offers(2))
    known = [(d.kind, d.raw_key, d.fingerprint) for d in (await hear(session, document)).drafts]
    for settings, same in (({"url": "https://new.example/"}, 2), ({"language": "en"}, 0)):
        opening = Opening(connector=NAME, settings=settings, facts=Facts(), known=known)
        async with shared.session(opening) as other:
            assert len((await hear(other, document)).same) == same


async def test_a_failed_document_becomes_a_partial_record(session: Session) -> None:
    failed = Document(path=None, url="https://odd.example/", tag={"id": 1}, failure="later")
    [draft] = (await hear(session, failed)).drafts
    assert draft.partial


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"map": "fail"}, "record.crashed_reader"),
        ({"map": "reject"}, "record.no_title"),
        ({"map": "not_mine"}, "record.crashed_reader"),
        ({"title": "x" * 3000}, "record.too_long"),
        ({"title": {"no": "text"}}, "record.invalid"),
        ({"title": "a\x00b"}, "record.forbidden_character"),
        ({"map": "write"}, "record.crashed_reader"),
        ({"map": "open"}, "record.crashed_reader"),
    ],
)
async def test_a_bad_record_is_refused_and_the_rest_flows(
    session: Session, write: Write, line: dict[str, object], code: str
) -> None:
    heard = await hear(session, write(*offers(2), {"key": "bad", **line}, *offers(2, 2)))
    [refusal] = heard.refusals
    assert (heard.keys, heard.error) == (["0", "1", "2", "3"], None)
    assert (refusal.kind, refusal.key, refusal.locator) == ("offer", "bad", "bad")
    assert {problem.code for problem in refusal.problems} == {code}
    assert {problem.level for problem in refusal.problems} == {Level.ERROR}
    assert refusal.fingerprint is not None
    assert orjson.loads(refusal.raw)["key"] == "bad"


@pytest.mark.parametrize("kind", ["set", "surrogate"])
async def test_what_json_cannot_hold_is_refused(session: Session, write: Write, kind: str) -> None:
    heard = await hear(session, write({"yield": kind}, {"key": "1"}))
    [refusal] = heard.refusals
    assert (refusal.key, refusal.fingerprint, heard.keys) == (kind, None, ["1"])
    assert orjson.loads(refusal.raw)


@pytest.mark.parametrize("key", [None, "", " ", "x" * 1001, "a\x00b", "\ufffd"])
async def test_a_record_without_usable_key_is_named_by_its_place(
    session: Session, write: Write, key: str | None
) -> None:
    heard = await hear(session, write({"key": "1"}, {"key": key}))
    [refusal] = heard.refusals
    assert (refusal.key, refusal.locator, refusal.fingerprint) == (None, "#1", None)
    assert [problem.code for problem in refusal.problems] == ["record.no_key"]


async def test_a_refused_raw_is_cut(session: Session, write: Write) -> None:
    heard = await hear(session, write({"key": "1", "title": "x" * 1_000_000}))
    assert len(heard.refusals[0].raw) == 64 * 1024


async def test_no_error_quotes_the_record(session: Session, write: Write) -> None:
    invalid = {"key": "2", "title": {"name": PERSON}}
    heard = await hear(session, write({"key": "1", "map": "fail"}, invalid, {"read": "fail"}))
    shown = [problem for refusal in heard.refusals for problem in refusal.problems]
    assert len(shown) >= 2
    assert PERSON not in f"{shown} {heard.error!r}"
    assert "RuntimeError in sandbox/odd.py, line" in shown[0].message


async def test_findings_travel_and_columns_stay_storable(session: Session, write: Write) -> None:
    heard = await hear(
        session,
        write({"key": "1", "place": "Ha\x00lle", "ref": {"name": "B\x07"}, "stamp": "\x00"}),
    )
    [draft] = heard.drafts
    assert {problem.code for problem in heard.findings} == {"record.forbidden_character"}
    assert draft.index.locality == "Ha\ufffdlle"
    assert draft.mention is not None
    assert (draft.mention.name, draft.stamp) == ("B\ufffd", "\ufffd")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"read": "not_mine"}, "document.wrong_root"),
        ({"read": "fail"}, "document.unreadable"),
        ({"yield": "nonsense"}, "document.unreadable"),
        ({"yield": "cursor", "size": 70_000}, "document.unreadable"),
    ],
)
async def test_an_unreadable_document_says_why_behind_what_was_read(
    session: Session, write: Write, line: dict[str, object], code: str
) -> None:
    heard = await hear(session, write(*offers(3), line, {"yield": "complete"}))
    assert isinstance(heard.error, UnreadableDocument)
    assert (heard.code, heard.keys) == (code, ["0", "1", "2"])
    assert not any(batch.complete for batch in heard.batches)
    assert (await hear(session, write(*offers(3)))).error is None


@pytest.mark.parametrize(
    ("opening", "code"),
    [
        (Opening(connector="nobody", settings={}, facts=Facts()), "settings.unknown_connector"),
        (Opening(connector="nobody:X", settings={}, facts=Facts()), "settings.unknown_connector"),
        (Opening(connector=f"{NAME}d", settings={}, facts=Facts()), "settings.unknown_connector"),
        (Opening(connector=NAME, settings={"x": PERSON}, facts=Facts()), "settings.invalid"),
    ],
)
async def test_a_session_that_cannot_be_opened_says_why(
    shared: Sandbox, opening: Opening, code: str
) -> None:
    async with shared.session(opening) as session:
        for _ in range(2):
            with pytest.raises(SourceError) as raised:
                await session.start(None)
            assert raised.value.problem.code == code
            assert PERSON not in str(raised.value)


async def test_a_connector_that_fails_to_start_is_a_source_error(session: Session) -> None:
    with pytest.raises(UnreadableDocument):
        await session.start("fail")
    with pytest.raises(UnreadableDocument):
        await session.start("exit")
    assert len(await session.start(None)) == 1


async def test_what_a_connector_prints_disturbs_nothing(session: Session, write: Write) -> None:
    heard = await hear(session, write({"key": "1", "map": "print", "read": "print"}))
    assert heard.keys == ["1"]


async def test_the_child_has_no_environment(
    session: Session, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY_KEY", "secret")
    assert (await hear(session, write({"key": "1", "map": "environment"}))).keys == ["1"]


async def test_entry_points_name_connectors_too(shared: Sandbox) -> None:
    settings = {"base_url": "https://freinet.example/api/", "agency": 177, "key": "env:X"}
    opening = Opening(connector="freinet", settings=settings, facts=Facts())
    async with shared.session(opening) as session:
        [request] = await session.start(None)
    assert request.url.startswith("https://freinet.example/api/")


async def test_an_empty_document_ends_well(session: Session, write: Write) -> None:
    heard = await hear(session, write())
    assert (len(heard.batches), heard.error, heard.drafts) == (1, None, [])


async def test_a_missing_file_is_an_unreadable_document(session: Session) -> None:
    gone = Document(path="/nowhere/document", url="https://odd.example/")
    heard = await hear(session, gone)
    assert heard.code == "document.unreadable"
    assert "FileNotFoundError" in str(heard.error)
