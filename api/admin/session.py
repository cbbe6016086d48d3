"""The login as a signed cookie: made and checked without a table of sessions. Pure: the time is an
argument, no request is known here.

A value is `expires.nonce.signature`, signed with HMAC-SHA256. The key follows from the password and
the instance: another password or another instance ends every session. It is stretched (scrypt,
RFC 7914), so that whoever gets hold of a cookie cannot try passwords quickly.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import scrypt, sha256
from secrets import token_urlsafe
from typing import Final
from uuid import UUID

LASTS: Final = timedelta(hours=12)
LONGEST: Final = 200
"""Characters of a cookie or token that is looked at."""
STRETCH: Final = {"n": 2**14, "r": 8, "p": 1}
"""16 MiB and some 50 ms, once when the service starts."""
KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Session:
    """A login that holds: its random name and when it ends (aware, UTC)."""

    nonce: str
    expires: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Lock:
    """What opens the pages: keeps a key and a fingerprint, never the password itself."""

    _key: bytes
    _fingerprint: bytes

    @classmethod
    def of(cls, password: str, instance: UUID) -> "Lock":
        """The lock that this password opens at this instance."""
        key = scrypt(password.encode(), salt=instance.bytes, dklen=KEY_BYTES, **STRETCH)
        return cls(key, _signed(key, f"password\n{password}"))

    def opens(self, password: str) -> bool:
        """Whether this is the password; takes equally long whatever is wrong with it."""
        return hmac.compare_digest(_signed(self._key, f"password\n{password}"), self._fingerprint)

    def issue(self, now: datetime) -> str:
        """The cookie of a new session that begins at `now` (aware)."""
        expires = int((now + LASTS).timestamp())
        said = f"{expires}.{token_urlsafe(16)}"
        return f"{said}.{self._mark('session', said)}"

    def read(self, cookie: str | None, now: datetime) -> Session | None:
        """A cookie → its session, or None for one that is not ours, not whole, or over."""
        if cookie is None or len(cookie) > LONGEST or not cookie.isascii():
            return None
        said, _, mark = cookie.rpartition(".")
        if not hmac.compare_digest(mark, self._mark("session", said)):
            return None
        expires, _, nonce = said.partition(".")
        ends = datetime.fromtimestamp(int(expires), UTC)
        return Session(nonce, ends) if now < ends <= now + LASTS + timedelta(seconds=1) else None

    def token(self, session: Session) -> str:
        """What the forms of a session carry."""
        return self._mark("form", session.nonce)

    def is_token(self, session: Session, given: str) -> bool:
        """Whether a form is one of this session."""
        return given.isascii() and hmac.compare_digest(given, self.token(session))

    def _mark(self, purpose: str, said: str) -> str:
        return _signed(self._key, f"{purpose}\n{said}").hex()


def _signed(key: bytes, said: str) -> bytes:
    return hmac.digest(key, said.encode("utf-8", "surrogatepass"), sha256)
