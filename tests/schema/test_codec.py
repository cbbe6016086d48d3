"""Entities as bytes: what is compared of them."""

from datetime import datetime

import pytest

from schema import Event, Timed, digest, encode, telling

WHEN = Timed(start=datetime.fromisoformat("2026-12-04T10:00"), zone="Europe/Berlin")


def body(uid: str | None, text: str = "Alle") -> bytes:
    """An event's bytes."""
    return encode(
        Event(
            native_id="1",
            title={"de": "Treff"},
            description={"de": text},
            when=WHEN,
            source_uid=uid,
        )
    )


@pytest.mark.parametrize("uid", ["a@b.example", 'mit " und \\', "\\", '\\\\"', "ü,}", ""])
def test_another_uid_is_not_told(uid: str) -> None:
    assert telling(body(uid)) == telling(body(None)) == body(None)


def test_a_text_that_looks_like_a_uid_is_told() -> None:
    looks = 'er sagt "source_uid":"1" und mehr'
    assert digest(telling(body("1", looks))) != digest(telling(body("1", looks.replace("1", "2"))))
    assert telling(body(None, looks)) == body(None, looks)
