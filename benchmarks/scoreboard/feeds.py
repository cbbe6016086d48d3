"""Is a feed understood as others understand it? Comparisons of whole feeds."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from benchmarks.scoreboard.cases import Case, Comparison, because
from benchmarks.scoreboard.entries import Entry, entries_of
from benchmarks.scoreboard.fields import compare, has_address, has_id, same_title
from benchmarks.scoreboard.reading import Reading
from benchmarks.scoreboard.verdicts import Unmet

ASKED: Final = (
    *("title", "link", "links", "id", "guid", "description", "summary", "content"),
    *("published", "updated", "pubDate", "isoDate", "categories", "enclosures", "enclosure"),
)
"""Fields of an entry that ours has as well; persons, rights, sources and extensions are not."""


def entries_in(model: Any) -> list[Mapping[str, Any]]:
    """The entries of another reader's model of a feed."""
    if not isinstance(model, dict):
        return []
    feed = model.get("feed")
    inner = feed if isinstance(feed, dict) else model
    found = inner.get("items") or inner.get("entries") or ()
    return [each for each in found if isinstance(each, dict)]


def model_equals_file(case: Case) -> Unmet | None:
    """`value`: the file that holds the feed as another reader models it."""
    model = json.loads(case.path(case.value).read_text("utf-8-sig"))
    return entries_equal(case, entries_in(model))


def feed_normalised(case: Case) -> Unmet | None:
    """`value`: a feed with entries of id, title, published, updated, links."""
    return entries_equal(case, entries_in(case.value))


def entries_equal(case: Case, expected: Sequence[Mapping[str, Any]]) -> Unmet | None:
    """Each expected entry is one of ours."""
    if case.reading.failure is not None:
        return because(case.reading, "refused")
    left = entries_of(case.reading)
    if len(left) < len(expected):
        return because(case.reading, "missing_entry", f"{len(left)} for {len(expected)}")
    for said in expected:
        near = _nearest(said, left)
        wrong = difference(near, said)
        if wrong is not None:
            return wrong
        left.remove(near)
    return None


def _nearest(said: Mapping[str, Any], entries: Sequence[Entry]) -> Entry:
    """The entry that is meant: it agrees in most of what identifies it; of equals the first."""

    def agreement(entry: Entry) -> int:
        identity = said.get("id") or said.get("guid")
        known = bool(identity) and has_id(entry, identity)
        titled = bool(said.get("title")) and same_title(entry, said["title"])
        linked = bool(said.get("link")) and has_address(entry, said["link"])
        whole = difference(entry, said) is None
        return 4 * known + 2 * linked + titled + 8 * whole

    return max(entries, key=agreement)


def difference(entry: Entry, said: Mapping[str, Any]) -> Unmet | None:
    """What is wrong with an entry, of what was asked about it."""
    for field in ASKED:
        expected = said.get(field)
        if expected is None or (field in ("id", "guid") and is_made_up(said, expected)):
            continue
        wrong = compare(entry, field, expected)
        if wrong is not None:
            return wrong
    return Unmet("active_content", entry.html[:300]) if entry.has_active_content else None


def is_made_up(said: Mapping[str, Any], identity: Any) -> bool:
    """Whether another reader made an id of its own (a hash or UUID) because there was none."""
    text = str(identity).replace("-", "")
    hexadecimal = 28 <= len(text) <= 32 and all(c in "0123456789abcdef" for c in text)
    return hexadecimal and identity != said.get("link")


def feed_validator(case: Case) -> Unmet | None:
    """`value`: whether a validator finds fault by one rule. A valid feed is read with all its
    entries; one with a fault is read or refused with a code."""
    reading = case.reading
    if reading.crashes or reading.hangs:
        return because(reading, "crash")
    if case.value["valid_for_this_rule"] is True and reading.failure is not None:
        return because(reading, "refused")
    found, wanted = len(entries_of(reading)) + reading.count("document.notices"), _marked(reading)
    if case.value["valid_for_this_rule"] is True and found < wanted:
        return because(reading, "missing_entry", f"{found} for {wanted}")
    if reading.failure or reading.records or reading.refusals or reading.findings:
        return None
    return Unmet("nothing_said", "neither read nor refused")


def _marked(reading: Reading) -> int:
    """How many entries the document's bytes open; one where there are any at all, if some may
    stand within texts."""
    data = reading.path.read_bytes().replace(b"\0", b"").lower()
    counted = sum(data.count(each) for each in (b"<item>", b"<item ", b"<entry>", b"<entry "))
    return min(counted, 1) if b"cdata" in data or b"<!--" in data else counted


def titles_and_texts(entries: Iterable[Entry]) -> list[str]:
    """All that entries say."""
    return [text for entry in entries for text in (*entry.titles, *entry.texts)]


COMPARISONS: Final[dict[str, Comparison]] = {
    "model_equals_file": model_equals_file,
    "feed_normalised": feed_normalised,
    "feed_validator": feed_validator,
}
