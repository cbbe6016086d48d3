"""Holds an answer against an OpenAPI document: status, media type, headers, body.

Stricter than a client need be: an object may have no field that the document does not name.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
from jsonschema_rs import Draft202012Validator, ValidationError

from api.openapi.headers import GENERAL

Said = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer as it came in; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def closed(schema: Any) -> Any:
    """A schema whose objects have no other fields than those it names."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(value) for name, value in schema.items()}
    fields = made.get("properties")
    if isinstance(fields, dict) and made.get("type") == "object":
        made.setdefault("additionalProperties", False)
    return made


class Contract:
    """A document to hold answers against."""

    def __init__(self, document: Said) -> None:
        self.document = document
        self._patterns = [(_pattern(path), path) for path in document["paths"]]
        self._validators: dict[str, Draft202012Validator] = {}

    @cached_property
    def _components(self) -> Said:
        return {"schemas": closed(self.document["components"]["schemas"])}

    def template(self, path: str) -> str | None:
        """The documented path that an address belongs to; the more literal one first."""
        fitting = [known for pattern, known in self._patterns if pattern.fullmatch(path)]
        return min(fitting, key=lambda known: known.count("{"), default=None)

    def faults(self, path: str, told: Told, *, bodiless: bool = False) -> Iterator[str]:
        """What an answer to a GET (or, `bodiless`, a HEAD) has that the document does not say."""
        known = self.template(path)
        if known is None:
            yield f"{path}: no such address"
            return
        responses = self.document["paths"][known]["get"]["responses"]
        if str(told.status) not in responses:
            yield f"{known}: status {told.status}"
            return
        said = self.resolved(responses[str(told.status)])
        for fault in (*self._headers(said, told), *self._body(said, told, bodiless=bodiless)):
            yield f"{known} {told.status}: {fault}"

    def resolved(self, said: Said) -> Said:
        """What a reference leads to."""
        while "$ref" in said:
            _, _, kind, name = said["$ref"].split("/")
            said = self.document["components"][kind][name]
        return said

    def _headers(self, said: Said, told: Told) -> Iterator[str]:
        named = {name.lower(): self.resolved(h) for name, h in said.get("headers", {}).items()}
        general = {name.lower() for name in GENERAL}
        for name in told.headers:
            if name not in named and name not in general:
                yield f"header {name}"
        for name, header in named.items():
            if header.get("required") and name not in told.headers:
                yield f"no header {name}"

    def _body(self, said: Said, told: Told, *, bodiless: bool) -> Iterator[str]:
        content = said.get("content", {})
        media_type = told.headers.get("content-type", "").partition(";")[0]
        if not content or bodiless:
            if told.body:
                yield "a body"
            return
        if media_type not in content:
            yield f"media type {media_type!r}"
        elif media_type.endswith("json"):
            yield from self._json(content[media_type]["schema"], told.body)

    def _json(self, schema: Said, body: bytes) -> Iterator[str]:
        key = orjson.dumps(schema).decode()
        if key not in self._validators:
            whole = {**schema, "components": self._components}
            self._validators[key] = Draft202012Validator(whole, validate_formats=True)
        for error in self._validators[key].iter_errors(orjson.loads(body)):
            yield _said(error)


def _pattern(path: str) -> re.Pattern[str]:
    """A documented path → what addresses of it look like."""
    return re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^}]+\}", path))))


def _said(error: ValidationError) -> str:
    return f"{'/'.join(map(str, error.instance_path))}: {error.message}"[:400]
