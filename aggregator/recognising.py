"""Is a record that is new to us one we know, under another id? Pure.

Many calendars give an event a new UID whenever they are asked, or when it is edited. What the
listing names under an id nobody knows, and is like a published record that the listing does not
name, is that record: it keeps its public id, and nothing is new or missing for it.

A listing that broke off may hold the former id in its unread part. The two would then be twins, and
the worst that can happen is that they change places; while a calendar whose ids always change would
leave everything published twice. So it is recognised in any listing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final

from aggregator.compare import Key, Known, named_in
from aggregator.harvest import Draft, Harvest
from aggregator.plan import Head
from schema import Level, Problem

MANY: Final = 0.3
"""From this share of a listing on, its ids are said not to last."""


def recognise(harvest: Harvest, known: Known) -> Known:
    """What is known, with recognised records under their new ids."""
    strangers = _strangers(harvest, known)
    if not strangers:
        return known
    live = [head for head in known.heads.values() if head.withdrawn is None]
    spoken_of = named_in(harvest, live).union(
        head.no for key in harvest.gone if (head := known.heads.get(key)) is not None
    )
    lost = [head for head in live if head.likeness is not None and head.no not in spoken_of]
    heads, renamed, left = dict(known.heads), {}, set()
    for draft, head in _pairs(strangers, lost):
        former, key = (head.kind, head.native_id), (draft.kind, draft.native_id)
        renamed[former] = key
        if head.raw_key is not None:
            left.add((head.kind, head.raw_key))
        del heads[former]
        heads[key] = replace(head, native_id=draft.native_id)
    return replace(known, heads=heads, renamed=renamed, left=frozenset(left))


def recognised(known: Known, listed: int) -> Iterator[Problem]:
    """What is said of a listing of so many records some of which came under other ids."""
    count = len(known.renamed)
    if count:
        level = Level.WARNING if count >= MANY * listed else Level.INFO
        message = f"{count} of {listed} are known under other ids"
        yield Problem("event.new_uid", "", message, level)


def _strangers(harvest: Harvest, known: Known) -> list[Draft]:
    """Drafts under ids nobody knows, that can be recognised; of several with one id the first."""
    same = set(harvest.same)
    found: dict[Key, Draft] = {}
    for draft in harvest.drafts:
        key = (draft.kind, draft.native_id)
        is_stranger = key not in known.heads and (draft.kind, draft.raw_key) not in same
        if is_stranger and draft.likeness is not None:
            found.setdefault(key, draft)
    return list(found.values())


def _pairs(strangers: Iterable[Draft], lost: Iterable[Head]) -> Iterator[tuple[Draft, Head]]:
    """Who is whom. Where it is not as many that are alike on both sides, nobody can tell."""
    alike: dict[tuple[str, bytes | None], tuple[list[Draft], list[Head]]]
    alike = defaultdict(lambda: ([], []))
    for draft in strangers:
        alike[draft.kind, draft.likeness][0].append(draft)
    for head in lost:
        alike[head.kind, head.likeness][1].append(head)
    for drafts, heads in alike.values():
        if len(drafts) == len(heads):
            yield from _in_order(drafts, heads)


def _in_order(drafts: Sequence[Draft], heads: Sequence[Head]) -> Iterator[tuple[Draft, Head]]:
    """Those that say the same first, then the others as they stand in the order of their ids."""
    left: dict[bytes, list[Head]] = defaultdict(list)
    for head in sorted(heads, key=attrgetter("no"), reverse=True):
        left[head.digest].append(head)
    rest = []
    for draft in sorted(drafts, key=attrgetter("native_id")):
        if left[draft.digest]:
            yield draft, left[draft.digest].pop()
        else:
            rest.append(draft)
    others = sorted((head for some in left.values() for head in some), key=attrgetter("no"))
    yield from zip(rest, others, strict=True)
