"""What every connector must hold to, proven over its own samples. Functions, no test framework.

`failures(connector, samples)` is empty for a connector that conforms. Each function below is one
promise; it yields a sentence for each time the promise is broken.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from connectors.base import (
    Complete,
    Connector,
    ConnectorSettings,
    Cursor,
    Facts,
    Raw,
    Request,
    Secret,
    SecretRef,
    Unreadable,
)
from connectors.fingerprints import fingerprint, mapping_hash
from connectors.mapping import finish
from connectors.samples import Sample, entities_of, outcome_of, understood
from schema import KINDS, Level, canonical, decode, encode
from schema.normal.urls import is_web_url

CUTS: Final = 200
LANGUAGES: Final = frozenset({"de", "en"})
FOREIGN: Final = {
    "a page": b"<!DOCTYPE html><html><head><title>Login</title></head><body><p>Hi<br></html>",
    "a page in XHTML": (
        b'<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 '
        b'Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'
        b'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Login</p></body></html>'
    ),
    "an error in JSON": b'{"error":{"code":417,"message":"Expectation Failed: no such key"}}',
    "a warning in text": b"Fatal error: Allowed memory size exhausted",
    "nothing": b"",
}
"""What servers answer with status 200 in place of a document."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_SECRET_NAME: Final = re.compile(r"key|token|password|secret", re.IGNORECASE)


def failures(connector: Connector[Any], samples: tuple[Sample, ...]) -> list[str]:
    """Everything in which a connector breaks a promise. Without samples nothing is proven."""
    found = [*manifest_is_whole(connector), *settings_are_safe(connector)]
    if not samples:
        found.append("there is no sample")
    for sample in samples:
        for promise in PROMISES:
            found += (f"{sample.name}: {broken}" for broken in promise(connector, sample))
    return found


def manifest_is_whole(connector: Connector[Any]) -> Iterator[str]:
    """Name, version, titles and kinds are what others can rely on."""
    manifest = connector.manifest
    if not _NAME.fullmatch(manifest.name):
        yield f"the name {manifest.name!r} is not small letters, digits and underscores"
    if manifest.version < 1:
        yield "versions start at 1"
    if not manifest.titles.keys() >= LANGUAGES:
        yield "titles in German and English are missing"
    if not manifest.kinds or not set(manifest.kinds) <= KINDS.keys():
        yield f"unknown kinds: {manifest.kinds}"
    if manifest.max_bytes <= 0 or manifest.max_seconds <= 0 or manifest.max_pages <= 0:
        yield "limits must be above 0"


def settings_are_safe(connector: Connector[Any]) -> Iterator[str]:
    """Frozen, described, and nothing named like a secret is anything but a reference to one."""
    model = connector.Settings
    if not issubclass(model, ConnectorSettings) or not model.model_config.get("frozen"):
        yield "settings do not derive from ConnectorSettings"
    for name, field in model.model_fields.items():
        if not field.description:
            yield f"setting {name} has no text under it"
        if _SECRET_NAME.search(name) and SecretRef not in field.metadata:
            yield f"setting {name} is not marked SecretRef"


def start_gives_requests(connector: Connector[Any], sample: Sample) -> Iterator[str]:
    """The same requests each time, to whole addresses, with references in place of secrets."""
    first = list(connector.start(sample.settings, None))
    if not first:
        yield "start gives no request"
    if first != list(connector.start(sample.settings, None)):
        yield "start gives other requests the second time"
    for request in first:
        yield from _request_is_safe(request)


def _request_is_safe(request: Request) -> Iterator[str]:
    if not is_web_url(request.url):
        yield f"no address to fetch: {request.url}"
    for name, value in (*request.query, *request.headers):
        if _SECRET_NAME.search(name) and not isinstance(value, Secret):
            yield f"{name} is sent without a reference to a secret"


def reading_is_repeatable(connector: Connector[Any], sample: Sample) -> Iterator[str]:
    """The same bytes are understood the same way twice."""
    if outcome_of(connector, sample) != outcome_of(connector, sample):
        yield "the second reading differs"


def understood_is_plain_data(connector: Connector[Any], sample: Sample) -> Iterator[str]:
    """Raws, tags and cursors are JSON; kinds are those of the manifest; follow-ups are safe."""
    for item in _read(connector, sample):
        if isinstance(item, Raw):
            if item.kind not in connector.manifest.kinds:
                yield f"kind {item.kind} is not in the manifest"
            yield from _is_json(f"raw {item.key}", item.data)
        elif isinstance(item, Request):
            yield from _request_is_safe(item)
            yield from _is_json("tag", item.tag)
        elif isinstance(item, Cursor):
            yield from _is_json("cursor", item.data)


def _is_json(name: str, value: Any) -> Iterator[str]:
    try:
        canonical(value)
    except TypeError as error:
        yield f"{name} is no JSON: {error}"


def fingerprints_are_stable(connector: Connector[Any], sample: Sample) -> Iterator[str]:
    """Equal raws have equal fingerprints; what is partial, or mapped otherwise, has others."""
    manifest, settings = connector.manifest, sample.settings
    mapping = mapping_hash(connector, settings, sample.facts)
    if mapping != mapping_hash(connector, settings.model_copy(), sample.facts):
        yield "equal settings make different hashes"
    other = mapping_hash(connector, settings, Facts(language="xx"))
    for one, two in zip(_raws(connector, sample), _raws(connector, sample), strict=True):
        mark = fingerprint(mapping, manifest, one)
        if mark != fingerprint(mapping, manifest, two):
            yield f"raw {one.key} has two fingerprints"
        if mark == fingerprint(other, manifest, one):
            yield f"raw {one.key} does not notice other settings"
        counted = dict.fromkeys(manifest.volatile, "other")
        changed = Raw(key=one.key, kind=one.kind, data={**one.data, **counted}, partial=one.partial)
        if mark != fingerprint(mapping, manifest, changed):
            yield f"raw {one.key} changes with a volatile field"


def entities_are_sound(connector: Connector[Any], sample: Sample) -> Iterator[str]:
    """What is not rejected passes all checks, survives being stored, and is finished once."""
    for raw in _raws(connector, sample):
        entities, problems = entities_of(connector, sample, raw)
        if any(problem.level is Level.ERROR for problem in problems):
            continue
        for entity in entities:
            if entity.kind not in connector.manifest.kinds:
                yield f"{raw.key} became a {entity.kind}, which is not in the manifest"
            body = encode(entity)
            if encode(decode(entity.kind, entity.native_id, body)) != body:
                yield f"{entity.native_id} changes when it is stored"
            if encode(finish(entity, sample.facts)[0]) != body:
                yield f"{entity.native_id} changes when it is finished again"
            if b'""' in body:
                yield f"{entity.native_id} holds an empty text"


def nobody_private_appears(connector: Connector[Any], sample: Sample) -> Iterator[str]:
    """The sample's invented person is in the document and in nothing that comes of it."""
    if not sample.canary:
        yield "there is no canary"
    said = canonical(outcome_of(connector, sample)).decode()
    held = sample.document.data.decode("utf-8", "replace") + str(sample.document.tag)
    for word in sample.canary:
        if word not in held:
            yield f"the canary {word!r} is not in the document"
        if word.lower() in said.lower() or _packed(word) in _packed(said):
            yield f"the canary {word!r} got through"


def _packed(text: str) -> str:
    """A text without what people put between the parts of names and numbers, and without the
    zero that a country code replaces."""
    return re.sub(r"[\W_]+", "", text).lower().lstrip("0")


def foreign_documents_are_refused(connector: Connector[Any], sample: Sample) -> Iterator[str]:
    """Login pages, error bodies and empty answers are no listing, whatever their status says."""
    if sample.document.failure is not None:
        return
    for name, data in FOREIGN.items():
        try:
            understood(connector, sample, data)
        except Unreadable as unreadable:
            if not unreadable.problem.code.startswith("document."):
                yield f"{name} is refused as {unreadable.problem.code}"
        else:
            yield f"{name} is not refused"


def cut_documents_are_never_complete(connector: Connector[Any], sample: Sample) -> Iterator[str]:
    """However a document is cut, it proves nothing about what is missing."""
    whole = sample.document.data.rstrip()
    if sample.document.failure is not None or "complete" not in sample.expected:
        return
    for at in sorted({len(whole) * part // CUTS for part in range(CUTS)} | {len(whole) - 1}):
        try:
            items = understood(connector, sample, whole[:at])
        except Unreadable:
            continue
        if any(isinstance(item, Complete) for item in items):
            yield f"complete although cut at byte {at}"


def _read(connector: Connector[Any], sample: Sample) -> list[Any]:
    """What is understood of a sample; nothing where it is refused."""
    try:
        return understood(connector, sample)
    except Unreadable:
        return []


def _raws(connector: Connector[Any], sample: Sample) -> list[Raw]:
    return [item for item in _read(connector, sample) if isinstance(item, Raw)]


Promise = Callable[[Connector[Any], Sample], Iterator[str]]
PROMISES: Final[tuple[Promise, ...]] = (
    start_gives_requests,
    reading_is_repeatable,
    understood_is_plain_data,
    fingerprints_are_stable,
    entities_are_sound,
    nobody_private_appears,
    foreign_documents_are_refused,
    cut_documents_are_never_complete,
)
