"""What the redactor masks, what it leaves, and that no text takes it long."""

import logging
import secrets
import sys
from collections.abc import Iterator

import aiohttp
import pytest
from yarl import URL

from aggregator.fetch.redact import RedactingFilter, redact, redact_logging, remember
from tests.growth import grows_too_fast
from tests.upstreams.faults import answer, redirect, reset, serving

MASKED = [
    ("http://h/x?accessKey=CANARY&limit=3", "http://h/x?accessKey=***&limit=3"),
    ("https://h/x?a=1&sig=CANARY#part", "https://h/x?a=1&sig=***#part"),
    ("URL('http://h/?apiKey=CANARY')", "URL('http://h/?apiKey=***')"),
    ("next: http://h/?key=CANARY", "next: http://h/?key=***"),
    ("u=http%3A%2F%2Fh%2F%3FaccessKey%3DCANARY", "u=http%3A%2F%2Fh%2F%3FaccessKey%3D***"),
    ("a%253FapiKey%253DCANARY", "a%253FapiKey%253D***"),
    ("&amp;accessKey=CANARY&amp;x", "&amp;accessKey=***&amp;x"),
    ("?accessKeyInternal=CANARY;b", "?accessKeyInternal=***;b"),
    ("client_secret=CANARY", "client_secret=***"),
    ("password = CANARY", "password = ***"),
    ("key='CAN ARY'", "key='***'"),
    ('{"accessKey": "CANARY", "a": 1}', '{"accessKey": "***", "a": 1}'),
    ('{"token": "CAN\\"ARY"}', '{"token": "***"}'),
    ('{\\"token\\": \\"CANARY\\"}', '{\\"token\\": \\"***\\"}'),
    ("('accessKey', 'CANARY')", "('accessKey', '***')"),
    ("Authorization: Bearer CANARY", "Authorization: ***"),
    ("Proxy-Authorization: Basic CANARY", "Proxy-Authorization: ***"),
    ("X-Api-Key: CANARY", "X-Api-Key: ***"),
    ("Cookie: a=1; sid=CANARY", "Cookie: ***"),
    ('<CIMultiDict("X-Api-Key": "CANARY")>', '<CIMultiDict("X-Api-Key": "***")>'),
    ("<accessKey>CANARY</accessKey>", "<accessKey>***</accessKey>"),
    ("<c:token><![CDATA[CANARY]]></c:token>", "<c:token><![CDATA[***]]></c:token>"),
    ('<x apiKey="CANARY"/>', '<x apiKey="***"/>'),
    ("https://user:CANARY@h/", "https://***@h/"),
    ("https://CANARY@h/", "https://***@h/"),
    ("https://u:p@CANARY@h/", "https://***@h/"),
    ("https://h/a%40b/private-c0ffee0123456789/basic.ics", "https://h/a%40b/private-***/basic.ics"),
    ("postgresql://allmende:CANARY@db/x", "postgresql://***@db/x"),
]
LEFT = [
    "",
    "the token is missing",
    "KeyError: 'titel'",
    "key: titel",
    "duplicate key (source, kind)",
    "monkey=banana",
    "record.no_key: 12",
    'key = "env:FREINET_KEY" holds no usable value',
    "file:/run/secrets/key holds no usable value",
    "http://h/?accessKey=&limit=3",
    "http://h/x/@someone",
    "http://h/private-views/12 und /private-room",
    "Ein Schlüssel=Bund für den Garten",
]


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_secrets_are_masked(text: str, masked: str) -> None:
    assert redact(text) == masked
    assert redact(masked) == masked


@pytest.mark.parametrize("text", LEFT)
def test_other_text_is_left(text: str) -> None:
    assert redact(text) == text


def test_a_resolved_value_is_masked_wherever_it_stands() -> None:
    value = f"{secrets.token_hex(8)} ä/+"
    remember(value)
    remember("kurz")
    quoted = str(URL("http://h/").extend_query(x=value))
    assert redact(f"we said {value}, a path/{value}/x") == "we said ***, a path/***/x"
    assert value[:16] not in redact(quoted)
    assert redact("kurz") == "kurz"


PIECES = (
    "a accessKey token- key= %25 http:// http://a <token\x20 pass='\x20 a: key\x20:\x20 \"' &#061;"
)


@pytest.mark.parametrize("piece", PIECES.split(" "))
def test_no_text_takes_the_redactor_long(piece: str) -> None:
    assert grows_too_fast(redact, lambda length: piece * (length // max(len(piece), 1))) is None


async def errors_of_the_library(key: str) -> Iterator[BaseException]:
    """What the HTTP library raises, its texts holding the whole address."""
    found: list[BaseException] = []
    scripts = {
        "/403": answer(status=403),
        "/loop": redirect(f"/loop?accessKey={key}"),
        "/reset": reset(),
        "/cut": answer(b"x", length=9),
    }
    async with (
        serving(scripts) as upstream,
        aiohttp.ClientSession(raise_for_status=True) as session,
    ):
        for path in scripts:
            url = f"{upstream.url[:-1]}{path}?accessKey={key}"
            try:
                async with session.get(url, headers={"X-Api-Key": key}) as response:
                    await response.read()
            except aiohttp.ClientError as error:
                found.append(error)
    return iter(found)


async def test_the_librarys_errors_are_masked_in_every_form() -> None:
    key, leaks = secrets.token_hex(16), 0
    for error in await errors_of_the_library(key):
        shown = f"{error} {error!r} {vars(error)} {getattr(error, 'request_info', '')}"
        leaks += key in shown
        assert key not in redact(shown)
    assert leaks >= 2, "the library's texts no longer hold the address: this test proves nothing"


@pytest.fixture
def everything_redacted() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    redact_logging()
    redact_logging()
    yield
    logging.setLogRecordFactory(before)


def log_everything(log: logging.Logger, key: str) -> None:
    log.warning("asked http://h/?accessKey=%s", key)
    log.warning("asked %(accessKey)s", {"accessKey": f"accessKey={key}"})
    too_few = ("token=%s %s", key)
    log.warning(*too_few)
    log.warning("where", stack_info=True)
    try:
        int(f"http://u:{key}@h/")
    except ValueError:
        log.exception("failed")
        log.warning("failed with key=%s", key, exc_info=sys.exc_info())


def test_every_log_record_is_redacted(
    everything_redacted: None, caplog: pytest.LogCaptureFixture
) -> None:
    key = secrets.token_hex(16)
    log_everything(logging.getLogger("somewhere.deep"), key)
    assert key not in caplog.text
    assert caplog.text.count("***") >= 5
    assert "Traceback" in caplog.text
    assert "Stack (most recent call last)" in caplog.text


def test_a_handler_can_be_redacted_alone(capsys: pytest.CaptureFixture[str]) -> None:
    key, log = secrets.token_hex(16), logging.getLogger("somewhere.else")
    handler = logging.StreamHandler(sys.stdout)
    handler.addFilter(RedactingFilter())
    log.addHandler(handler)
    log.propagate = False
    log_everything(log, key)
    log.removeHandler(handler)
    log.propagate = True
    shown = capsys.readouterr().out
    assert key not in shown
    assert "Traceback" in shown
