"""Which organisation does a record mean? Pure; sees one source, reads nothing.

Rule: an id decides. A name alone means the one organisation of the source with the same folded
name; no such organisation: a derived one of that name; several: its own, with a finding. A
derived organisation is made of what its records say most often, ties by newest stamp, then text.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from aggregator.harvest import Mention
from schema import Problem, canonical
from schema.identity import UNNAMED
from schema.problems import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioning:
    """A live record that names an organisation. `key` is (kind, native id) of the record."""

    key: tuple[str, str]
    mention: Mention
    stamp: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """`targets`: record key → native id of its organisation. `organisations`: native id → body
    (canonical JSON). `taken_over`: native id → former native id that becomes it. `merged`:
    native id that ends → the one that goes on."""

    targets: Mapping[tuple[str, str], str] = field(default_factory=dict)
    organisations: Mapping[str, bytes] = field(default_factory=dict)
    taken_over: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Problem, ...] = ()


def resolve(
    mentionings: Sequence[Mentioning], stored: Mapping[str, bool], aliases: Mapping[str, str]
) -> Resolution:
    """Every live mention of the touched names and ids → who is meant.

    `stored`: native id of every organisation the store has → whether it is published now.
    `aliases`: former native id → the id that took it over.
    """
    former = {old: new for old, new in aliases.items() if old not in stored}
    with_id = _by_id(mentionings)
    bodies = {native_id: derive(said) for native_id, said in with_id.items()}
    ids_of_fold = _ids_by_fold(with_id)
    targets: dict[tuple[str, str], str] = {}
    named: dict[str, list[Mentioning]] = defaultdict(list)
    ambiguous: set[str] = set()
    for mentioning in mentionings:
        mention = mentioning.mention
        if mention.native_id is not None:
            targets[mentioning.key] = mention.native_id
            continue
        native_id = _meant(mention.fold, ids_of_fold, former, ambiguous)
        if native_id in with_id and native_id not in ids_of_fold.get(mention.fold, ()):
            native_id = UNNAMED + mention.fold  # the id that took the name over has a new one
        targets[mentioning.key] = native_id
        if native_id not in with_id:
            named[native_id].append(mentioning)
    bodies |= {native_id: derive(said) for native_id, said in named.items()}
    taken_over, merged = _successions(ids_of_fold, bodies, stored)
    return Resolution(
        targets=targets,
        organisations=bodies,
        taken_over=taken_over,
        merged=merged,
        findings=tuple(_ambiguity(fold) for fold in sorted(ambiguous)),
    )


def _meant(
    fold: str,
    ids_of_fold: Mapping[str, set[str]],
    former: Mapping[str, str],
    ambiguous: set[str],
) -> str:
    ids = ids_of_fold.get(fold, set())
    if len(ids) == 1:
        return next(iter(ids))
    if len(ids) > 1:
        ambiguous.add(fold)
        return UNNAMED + fold
    # An id that once took this name over keeps the public id when no record says the id any more.
    return former.get(UNNAMED + fold, UNNAMED + fold)


def _by_id(mentionings: Iterable[Mentioning]) -> dict[str, list[Mentioning]]:
    grouped: dict[str, list[Mentioning]] = defaultdict(list)
    for mentioning in mentionings:
        if mentioning.mention.native_id is not None:
            grouped[mentioning.mention.native_id].append(mentioning)
    return grouped


def _ids_by_fold(with_id: Mapping[str, Sequence[Mentioning]]) -> dict[str, set[str]]:
    """Folded name → ids that go by it: an id's name is the one its records give most often."""
    ids: dict[str, set[str]] = defaultdict(set)
    for native_id, said in with_id.items():
        ids[_most_frequent([(m.mention.fold, m.stamp) for m in said])].add(native_id)
    return ids


def _successions(
    ids_of_fold: Mapping[str, set[str]], bodies: Mapping[str, bytes], stored: Mapping[str, bool]
) -> tuple[dict[str, str], dict[str, str]]:
    """Published organisations of a name that now belongs to one id: an id that is new takes the
    public id over, one that had a public id before (even if it was away) is merged into."""
    taken_over: dict[str, str] = {}
    merged: dict[str, str] = {}
    for fold, ids in ids_of_fold.items():
        former = UNNAMED + fold
        if len(ids) != 1 or not stored.get(former) or former in bodies:
            continue
        (native_id,) = ids
        if native_id in stored:
            merged[former] = native_id
        else:
            taken_over[native_id] = former
    return taken_over, merged


def derive(mentionings: Sequence[Mentioning]) -> bytes:
    """What several records say about one organisation → its body (canonical JSON)."""
    said = [(m.mention.said or _only_name(m.mention), m.stamp) for m in mentionings]
    if len({body for body, _ in said}) == 1:
        return said[0][0]
    values: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for body, stamp in said:
        for name, value in orjson.loads(body).items():
            values[name].append((canonical(value).decode(), stamp))
    return canonical({name: orjson.loads(_most_frequent(given)) for name, given in values.items()})


def _only_name(mention: Mention) -> bytes:
    return canonical({"title": {"und": mention.name}})


def _most_frequent(given: Sequence[tuple[str, str | None]]) -> str:
    votes: dict[str, tuple[int, str]] = {}
    for text, stamp in given:
        count, newest = votes.get(text, (0, ""))
        votes[text] = (count + 1, max(newest, stamp or ""))
    return max(votes, key=lambda text: (*votes[text], text))


def _ambiguity(fold: str) -> Problem:
    return Problem(
        "reference.ambiguous", "organisation", f"several ids go by «{fold}»", Level.WARNING
    )
