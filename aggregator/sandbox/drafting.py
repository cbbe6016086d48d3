"""One raw → its drafts, or a refusal, or "the same as before". Pure; runs in the child.

fingerprint → known? → map → finish → check → encode.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from time import perf_counter
from typing import Any, Final

import orjson

from aggregator.harvest import Draft, Mention, Refusal
from aggregator.sandbox.foreign import Foreign, problems_of_record
from connectors.base import Connector, ConnectorSettings, Facts, Raw
from connectors.fingerprints import fingerprint, mapping_hash
from connectors.mapping import finish
from schema import Entity, Index, Level, Problem, Ref, canonical, encode
from schema.checks import check, is_long
from schema.identity import recognised_by
from schema.index import index_of
from schema.normal.names import fold_name
from schema.normal.text import FORBIDDEN, forbidden_in

LONGEST_KEY: Final = 1_000
LONGEST_FOLD: Final = 500
"""Characters of a folded name: those that agree so far are one."""
LONGEST_RAW: Final = 64 * 1024
_TEXTS: Final = tuple(each.name for each in fields(Index) if each.type in (str, str | None))
Known = Mapping[tuple[str, str], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """The raw is known, and nothing that it becomes would differ."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What a raw became."""

    drafts: tuple[Draft, ...]
    findings: tuple[Problem, ...]


@dataclass(slots=True)
class Stages:
    """Seconds spent, by stage."""

    read: float = 0.0
    hash: float = 0.0
    map: float = 0.0
    dump: float = 0.0


@dataclass(slots=True, kw_only=True)
class Drafter:
    """Drafts the raws of one source. `stages` is counted up."""

    connector: Connector[Any]
    settings: ConnectorSettings
    facts: Facts
    known: Known
    stages: Stages = field(default_factory=Stages)
    mapping: bytes = field(init=False)
    _foreign: Foreign = field(init=False, default_factory=Foreign)

    def __post_init__(self) -> None:
        self.mapping = mapping_hash(self.connector, self.settings, self.facts)

    def take(self, raw: Raw, locator: str) -> Same | Drafted | Refusal:
        """A raw, with its place in the document for one that has no key."""
        key = raw.key
        if not key or not is_usable(key):
            said = "no id" if not key else "an id that cannot be kept"
            return self._refusal(raw, None, locator, Problem("record.no_key", "", said))
        began = perf_counter()
        with self._foreign:
            mark = fingerprint(self.mapping, self.connector.manifest, raw)
        self.stages.hash += perf_counter() - began
        error = self._foreign.raised()
        if error is not None:
            return self._refusal(raw, None, key, *problems_of_record(error))
        if self.known.get((raw.kind, key)) == mark:
            return Same(kind=raw.kind, key=key)
        return self._draft(raw, key, mark)

    def refuse(self, raw: Raw, locator: str, reason: str) -> Refusal:
        """A raw that must not be mapped again."""
        mark = None
        with self._foreign:
            mark = fingerprint(self.mapping, self.connector.manifest, raw)
        problem = Problem("record.crashed_reader", "", reason)
        return self._refusal(raw, mark, raw.key or locator, problem)

    def _draft(self, raw: Raw, key: str, mark: bytes) -> Drafted | Refusal:
        began = perf_counter()
        entities, findings = self._map(raw)
        mapped = perf_counter()
        self.stages.map += mapped - began
        errors = [problem for problem in findings if problem.level is Level.ERROR]
        if errors:
            return self._refusal(raw, mark, key, *errors)
        drafts: list[Draft] = []
        with self._foreign:
            drafts = [_draft(raw, key, mark, entity) for entity in entities]
        self.stages.dump += perf_counter() - mapped
        error = self._foreign.raised()
        if error is not None:
            return self._refusal(raw, mark, key, *problems_of_record(error))
        return Drafted(drafts=tuple(drafts), findings=findings)

    def _map(self, raw: Raw) -> tuple[list[Entity], tuple[Problem, ...]]:
        """What a raw becomes, and all that is wrong with it."""
        entities: list[Entity] = []
        findings: list[Problem] = []
        with self._foreign:
            for mapped in self.connector.map(raw, self.settings, self.facts):
                if isinstance(mapped, Problem):
                    findings.append(mapped)
                    continue
                entity, found = finish(mapped, self.facts)
                entities.append(entity)
                findings += (*found, *check(entity))
        error = self._foreign.raised()
        if error is not None:
            findings += problems_of_record(error)
        return entities, tuple(findings)

    def _refusal(self, raw: Raw, mark: bytes | None, locator: str, *problems: Problem) -> Refusal:
        has_key = raw.key is not None and raw.key == locator
        return Refusal(
            kind=raw.kind,
            key=raw.key if has_key else None,
            locator=locator,
            fingerprint=mark,
            problems=problems,
            raw=shown(raw.data),
        )


def is_usable(key: str) -> bool:
    """Whether a key can be kept and compared."""
    fits = len(key) <= LONGEST_KEY and not is_long(key)
    return fits and not key.isspace() and forbidden_in(key) is None


def shown(data: Mapping[str, Any]) -> bytes:
    """A raw's data as canonical JSON, cut; what JSON cannot hold as a JSON string of its form."""
    try:
        return canonical(data)[:LONGEST_RAW]
    except TypeError:
        form = repr(data)[:LONGEST_RAW].encode("utf-8", "backslashreplace")
        return orjson.dumps(form.decode())[:LONGEST_RAW]


def _draft(raw: Raw, key: str, mark: bytes, entity: Entity) -> Draft:
    return Draft(
        kind=entity.kind,
        native_id=entity.native_id,
        raw_key=key,
        fingerprint=mark,
        body=encode(entity),
        index=_storable(index_of(entity)),
        stamp=None if raw.stamp is None else _readable(raw.stamp),
        mention=_mention(entity),
        partial=raw.partial,
        likeness=recognised_by(entity),
    )


def _storable(index: Index) -> Index:
    """An index whose texts every database takes."""
    changes: dict[str, Any] = {}
    for name in _TEXTS:
        text = getattr(index, name)
        if text is not None and forbidden_in(text) is not None:
            changes[name] = _readable(text)
    if any(forbidden_in(value) is not None for _, value in index.facets):
        changes["facets"] = tuple((name, _readable(value)) for name, value in index.facets)
    return replace(index, **changes) if changes else index


def _readable(text: str) -> str:
    """A text with U+FFFD in place of characters that must not stand in a column."""
    return text if forbidden_in(text) is None else FORBIDDEN.sub("\ufffd", text)


def _mention(entity: Entity) -> Mention | None:
    """How an entity names its organisation: by its name where its id is too long to be kept."""
    ref: Ref | None = getattr(entity, entity.reference) if entity.reference else None
    if ref is None:
        return None
    id_ = ref.native_id
    return Mention(
        native_id=None if id_ is None or is_long(id_) else _readable(id_),
        name=_readable(ref.name),
        fold=fold_name(ref.name)[:LONGEST_FOLD],
        said=None if ref.said is None else canonical(ref.said),
    )
