"""Our own keys, taken out of what a source answers: some repeat them in links or error texts.

Works on the decoded stream, so that no file, row or page ever holds them. Knows nothing of HTTP.
"""

from collections.abc import Iterable
from html import escape
from json import dumps
from typing import Final
from urllib.parse import quote, quote_plus

from aggregator.fetch.redact import MASK, SHORTEST

ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be")


class Masker:
    """Replaces secrets in a stream by `***`, wherever the stream is cut into pieces."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._masks = tuple(
            (text.encode(encoding), MASK.encode(encoding))
            for text in _spellings(secrets)
            for encoding in ENCODINGS
        )
        self._longest = max((len(spelled) for spelled, _ in self._masks), default=1)
        self._held = b""

    def feed(self, piece: bytes) -> bytes:
        """The next piece → what can be said of the stream by now."""
        if not self._masks:
            return piece
        text = self._masked(self._held + piece)
        cut = max(len(text) - self._longest + 1, 0)
        self._held = text[cut:]
        return text[:cut]

    def rest(self) -> bytes:
        """The end of the stream."""
        held, self._held = self._held, b""
        return held

    def _masked(self, text: bytes) -> bytes:
        for spelled, mask in self._masks:
            text = text.replace(spelled, mask)
        return text


def _spellings(secrets: Iterable[str]) -> list[str]:
    """Secrets as they may stand in a document, the longest first."""
    found = set()
    for secret in secrets:
        if len(secret) >= SHORTEST:
            quoted = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
            small = {_small(text) for text in quoted}
            written = dumps(secret)[1:-1]
            plain = {secret, escape(secret), escape(secret, quote=False), written}
            plain |= {written.replace("/", r"\/"), secret.replace("/", r"\/")}
            found |= quoted | small | plain
    return sorted(found, key=lambda text: (-len(text), text))


def _small(quoted: str) -> str:
    """Percent signs with small hexadecimal digits."""
    parts = quoted.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])
