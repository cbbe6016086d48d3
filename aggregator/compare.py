"""What became of each raw and record: a run's harvest against the stored heads. Pure.

Says what is so; whether that is plausible is the guard's to judge, and what to do about it is
decided elsewhere.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from uuid import UUID

from aggregator.decisions import Decisions
from aggregator.harvest import Draft, Harvest
from aggregator.plan import Head
from aggregator.scope import is_complete, is_expected, is_over, proven
from connectors.base import Between, Everything

Key = tuple[str, str]
"""(kind, native id) of a record, or (kind, raw key) of a raw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows of a source when a run is decided."""

    source: str
    instance: UUID
    heads: Mapping[Key, Head]
    quarantined: Mapping[Key, str] = field(default_factory=dict)
    """(kind, raw key) → locator of its quarantine row."""
    unkeyed: tuple[Key, ...] = ()
    """(kind, locator) of quarantine rows that stand for no readable key."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Former native id of an organisation → the one that took its public id over."""
    decisions: Decisions = field(default_factory=Decisions)
    scope: Everything | Between | None = field(default_factory=Everything)
    """What the last whole listing was complete for; None: for nothing."""
    renamed: Mapping[Key, Key] = field(default_factory=dict)
    """Former key of a record that was recognised → the one it stands under in `heads`."""
    left: frozenset[Key] = frozenset()
    """(kind, raw key) of the raws such records were made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What became of each raw and record. Lists keep the order of reading."""

    new: tuple[Draft, ...]
    changed: tuple[Draft, ...]
    touched: tuple[Draft, ...]
    same: frozenset[Key]
    """Raws that are listed and known."""
    duplicates: tuple[Key, ...]
    """Raws that stand more than once; the first stays."""
    returned: tuple[Head, ...]
    """Listed again after they had been missing, readable or not."""
    absent: tuple[Head, ...]
    """Published, not over, and not in this listing although it was complete for them."""
    gone: tuple[Head, ...]
    """The source says they are deleted."""
    published: int
    """How many are published and not over."""
    over: frozenset[int]
    """Numbers of the published records that have taken place: nothing of them can be missing."""
    listed: frozenset[int]
    """Numbers of the records that stand in the listing."""
    marked: tuple[Head, ...]
    """Those marked as withheld."""
    complete: bool
    """Whether what is not listed is absent."""
    repeats: bool
    """The listing is the last complete one, said again."""

    @property
    def past(self) -> frozenset[int]:
        """Numbers of the records that are over and not listed any more."""
        return self.over - self.listed

    @property
    def restless(self) -> Iterable[Draft]:
        """Drafts that may change who is meant by a name."""
        return chain(self.new, self.changed, self.touched)


def compare(harvest: Harvest, known: Known, now: datetime) -> Comparison:
    """A harvest against the stored heads."""
    new: list[Draft] = []
    changed: list[Draft] = []
    touched: list[Draft] = []
    same, duplicates = _once(harvest.same)
    drafted: set[Key] = set()
    for draft in harvest.drafts:
        key = (draft.kind, draft.native_id)
        head = known.heads.get(key)
        if key in drafted or (draft.kind, draft.raw_key) in same:
            duplicates.append((draft.kind, draft.raw_key))
            continue
        drafted.add(key)
        if head is None or head.withdrawn is not None:
            new.append(draft)
        elif draft.partial or _is_stored(draft, head):
            touched.append(draft)
        else:
            changed.append(draft)
    live = [head for head in known.heads.values() if head.withdrawn is None]
    listed = _listed(harvest, live, drafted)
    gone = _gone(harvest, known)
    over = frozenset(head.no for head in live if is_over(head, now))
    return Comparison(
        new=tuple(new),
        changed=tuple(changed),
        touched=tuple(touched),
        same=frozenset(same),
        duplicates=tuple(duplicates),
        returned=tuple(h for h in live if h.missing_since is not None and h.no in listed),
        absent=tuple(_absent(harvest, live, listed.union(head.no for head in gone), now)),
        gone=gone,
        published=len(live) - len(over),
        over=over,
        listed=frozenset(listed),
        marked=tuple(head for head in live if head.withheld is not None),
        complete=is_complete(harvest),
        repeats=harvest.repeats,
    )


def repeat_listing(harvest: Harvest, known: Known) -> None:
    """Fill a harvest with what the last complete listing named: the same answer says it again."""
    harvest.complete = known.scope
    listed = {
        (head.kind, head.raw_key): None
        for head in known.heads.values()
        if head.raw_key is not None and _was_listed(head, known.decisions)
    }
    harvest.same.extend(listed | dict.fromkeys(known.quarantined))


def _was_listed(head: Head, decisions: Decisions) -> bool:
    """A record that stays because somebody said so is not listed for that."""
    here = head.withdrawn is None and head.missing_since is None
    return here and not decisions.rejects_removal(head)


def _is_stored(draft: Draft, head: Head) -> bool:
    return draft.digest == head.digest


def _once(keys: Iterable[Key]) -> tuple[set[Key], list[Key]]:
    """Keys → each of them, and those that stand there once more."""
    seen: set[Key] = set()
    again: list[Key] = []
    for key in keys:
        if key in seen:
            again.append(key)
        seen.add(key)
    return seen, again


def named_in(harvest: Harvest, live: Iterable[Head]) -> set[int]:
    """Numbers of the records a listing names, by their id or by the raw they are made of."""
    return _listed(harvest, live, {(draft.kind, draft.native_id) for draft in harvest.drafts})


def _listed(harvest: Harvest, live: Iterable[Head], drafted: set[Key]) -> set[int]:
    """Numbers of the records this listing names. A quarantined raw stands for all it gave."""
    raws = {*harvest.same, *((r.kind, r.key) for r in harvest.refusals)}
    return {
        head.no
        for head in live
        if (head.kind, head.native_id) in drafted or (head.kind, head.raw_key) in raws
    }


def _gone(harvest: Harvest, known: Known) -> tuple[Head, ...]:
    heads = (known.heads.get(key) for key in harvest.gone)
    return tuple(h for h in heads if h is not None and h.withdrawn is None)


def _absent(
    harvest: Harvest, live: Iterable[Head], spoken_of: set[int], now: datetime
) -> Iterator[Head]:
    scope = proven(harvest)
    if scope is not None:
        unnamed = (head for head in live if head.no not in spoken_of)
        yield from (head for head in unnamed if is_expected(head, scope, now))
