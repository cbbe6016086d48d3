"""What parent and child say to each other ↔ frames. Pure; neither side's behaviour is here.

Dataclasses travel as JSON objects of their fields, instants and dates as ISO 8601, bytes as bodies
(fingerprints in hexadecimal). What arrives is checked against the same dataclasses: a message that
does not fit raises `BadFrame`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter

from aggregator.harvest import Batch, Draft, Mention, Refusal
from aggregator.sandbox.frames import BadFrame, Frame
from connectors.base import Between, Document, Everything, Facts, Request
from schema import Index, Problem
from schema.codec import DIGEST_SIZE

T = TypeVar("T")
Known = Sequence[tuple[str, str, bytes]]
"""(kind, raw key, fingerprint) of what the parent has."""

READY: Final = Frame({"is": "ready"})
OPENED: Final = Frame({"is": "opened"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How to read a document: from item `skip` on, without mapping item `poison`."""

    document: Document
    skip: int = 0
    poison: int | None = None
    reason: str = ""
    """Why the poisonous item is not mapped, for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A batch as it arrives: `upto` = how many items of the document are delivered with it,
    `memory` = resident bytes of the child, in the last one only."""

    batch: Batch
    upto: int
    last: bool = False
    memory: int = 0


def opening_frame(connector: str, settings: Mapping[str, Any], facts: Facts, known: Known) -> Frame:
    """The frame that opens a session. Fingerprints of another length are left out."""
    keys: dict[str, list[str]] = {}
    prints: dict[str, list[bytes]] = {}
    for kind, key, fingerprint in known:
        if len(fingerprint) == DIGEST_SIZE:
            keys.setdefault(kind, []).append(key)
            prints.setdefault(kind, []).append(fingerprint)
    header = {
        "do": "open",
        "connector": connector,
        "settings": settings,
        "facts": replace(facts, terms=dict(facts.terms)),
        "known": keys,
    }
    return Frame(header, [b"".join(prints[kind]) for kind in keys])


def known_of(frame: Frame) -> dict[tuple[str, str], bytes]:
    """An opening frame → fingerprints by (kind, raw key)."""
    known = {}
    for (kind, keys), prints in zip(frame.header["known"].items(), frame.bodies, strict=True):
        for number, key in enumerate(keys):
            start = number * DIGEST_SIZE
            known[kind, key] = prints[start : start + DIGEST_SIZE]
    return known


def order_frame(order: Order) -> Frame:
    """The frame that asks for a document to be read."""
    return Frame({"do": "read", "order": order})


def requests_frame(requests: Iterable[Request]) -> Frame:
    """The answer to `start`."""
    return Frame({"is": "requests", "requests": list(requests)})


def problem_frame(problem: Problem) -> Frame:
    """What could not be done, instead of an answer."""
    return Frame({"is": "problem", "problem": problem})


def requests_of(frame: Frame) -> tuple[Request, ...]:
    """A frame's requests."""
    return tuple(value(Request, each) for each in frame.header["requests"])


def draft_header(draft: Draft) -> dict[str, Any]:
    """Draft → its part of a batch's header; its bodies are `draft_bodies`."""
    mention = draft.mention
    return {
        "kind": draft.kind,
        "id": draft.native_id,
        "key": draft.raw_key,
        "fingerprint": draft.fingerprint.hex(),
        "stamp": draft.stamp,
        "partial": draft.partial,
        "likeness": draft.likeness and draft.likeness.hex(),
        "index": draft.index,
        "mention": mention and [mention.native_id, mention.name, mention.fold],
        "said": mention is not None and mention.said is not None,
    }


def draft_bodies(draft: Draft) -> tuple[bytes, ...]:
    """Draft → its body and, if its header says so, what is said of the organisation."""
    assert isinstance(draft.body, bytes)
    said = draft.mention.said if draft.mention else None
    return (draft.body,) if said is None else (draft.body, said)


def refusal_header(refusal: Refusal) -> dict[str, Any]:
    """Refusal → its part of a batch's header; its body is the raw."""
    return {
        "kind": refusal.kind,
        "key": refusal.key,
        "locator": refusal.locator,
        "fingerprint": refusal.fingerprint and refusal.fingerprint.hex(),
        "problems": refusal.problems,
    }


def delivery_of(frame: Frame) -> Delivery:
    """A batch's frame → the batch. Raises `BadFrame`."""
    try:
        return _delivery(frame.header, iter(frame.bodies))
    except (KeyError, TypeError, ValueError, StopIteration) as err:
        raise BadFrame("a batch that does not fit") from err


def _delivery(header: Mapping[str, Any], bodies: Iterator[bytes]) -> Delivery:
    batch = Batch(
        drafts=tuple(_draft(each, bodies) for each in header["drafts"]),
        refusals=tuple(_refusal(each, bodies) for each in header["refusals"]),
        same=_pairs(header["same"]),
        gone=_pairs(header["gone"]),
        findings=tuple(value(Problem, each) for each in header["findings"]),
        requests=tuple(value(Request, each) for each in header["requests"]),
        complete=_scope(header["complete"]),
        cursor=header["cursor"],
        stages=value(dict[str, float], header["stages"]),
    )
    return Delivery(batch=batch, upto=header["upto"], last=header["last"], memory=header["memory"])


def _draft(header: Mapping[str, Any], bodies: Iterator[bytes]) -> Draft:
    return Draft(
        kind=header["kind"],
        native_id=header["id"],
        raw_key=header["key"],
        fingerprint=bytes.fromhex(header["fingerprint"]),
        body=next(bodies),
        index=value(Index, header["index"]),
        stamp=header["stamp"],
        mention=_mention(header, bodies),
        partial=header["partial"],
        likeness=_digest(header["likeness"]),
    )


def _mention(header: Mapping[str, Any], bodies: Iterator[bytes]) -> Mention | None:
    if header["mention"] is None:
        return None
    native_id, name, fold = header["mention"]
    said = next(bodies) if header["said"] else None
    return Mention(native_id=native_id, name=name, fold=fold, said=said)


def _refusal(header: Mapping[str, Any], bodies: Iterator[bytes]) -> Refusal:
    return Refusal(
        kind=header["kind"],
        key=header["key"],
        locator=header["locator"],
        fingerprint=_digest(header["fingerprint"]),
        problems=tuple(value(Problem, each) for each in header["problems"]),
        raw=next(bodies),
    )


def _digest(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)


def _scope(scope: Mapping[str, Any] | None) -> Everything | Between | None:
    if scope is None:
        return None
    return value(Between, scope) if scope else Everything()


def _pairs(pairs: Iterable[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((kind, key) for kind, key in pairs)


def value(kind: type[T], data: object) -> T:
    """JSON data → a value of this type. Raises `ValueError` when it does not fit."""
    checked: Any = kind
    found: T = _adapter(checked).validate_python(data)
    return found


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
