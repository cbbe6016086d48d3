"""Is a document's text read in its right encoding? Judged by the words that came out."""

import codecs
import re
from html import unescape
from typing import Final

from benchmarks.scoreboard.cases import Case, Comparison, because
from benchmarks.scoreboard.entries import entries_of, sayings
from benchmarks.scoreboard.feeds import titles_and_texts
from benchmarks.scoreboard.verdicts import Unmet

TAG: Final = re.compile(r"<[^>]{0,2000}>")


def codec_of(label: str) -> str | None:
    """An encoding's name, perhaps with a language behind it (`iso-8859-2-polish`) → a codec."""
    parts = label.lower().replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        name = "-".join(parts[:length])
        try:
            return codecs.lookup(name).name
        except LookupError:
            continue
    return None


def true_encoding(case: Case) -> Unmet | None:
    """`value`: the encoding's label: all that came out stands in the text decoded by it."""
    return stands_in(case, str(case.value))


def stands_in(case: Case, label: str) -> Unmet | None:
    """Whether the document was read, and its words are those of this encoding."""
    if case.reading.failure is not None:
        return because(case.reading, "refused")
    name = codec_of(label)
    if name is None:
        return Unmet("unknown_encoding", label)
    whole = letters(case.reading.path.read_bytes().decode(name, "replace"))
    for said in titles_and_texts(entries_of(case.reading)):
        if not _stands(said, whole):
            return Unmet("wrong_text", said[:200])
    return None


def _stands(said: str, whole: str) -> bool:
    """Whether a text's beginning stands there; its rest may hold addresses of links."""
    return any(each[:60] in whole for each in (*sayings(said), letters(said)))


def letters(text: str) -> str:
    """A document's text without markup and white space; entities are read twice, as in feeds."""
    plain = TAG.sub("", unescape(TAG.sub("", text.replace("<![CDATA[", "").replace("]]>", ""))))
    return "".join(TAG.sub("", unescape(plain)).split())


def decoded_contains(case: Case) -> Unmet | None:
    """`value`: a word that stands in the text."""
    if case.reading.failure is not None:
        return because(case.reading, "refused")
    if any(case.value in text for text in titles_and_texts(entries_of(case.reading))):
        return None
    return because(
        case.reading, "wrong_text", str(titles_and_texts(entries_of(case.reading)))[:300]
    )


COMPARISONS: Final[dict[str, Comparison]] = {
    "true_encoding": true_encoding,
    "decoded_contains": decoded_contains,
}
