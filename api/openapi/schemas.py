"""Components of what entries look like in public, made from the models of the entities.

A document is a body and what the renderer puts before it (`schema.formats.json`): both stand here
as one object. Absent fields are left out of documents, so nothing may be null. Objects are open:
fields may be added.
"""

from collections.abc import Mapping
from typing import Any, Final, get_args

from pydantic.json_schema import JsonSchemaMode, models_json_schema

from api.openapi.wording import COMPONENTS, meaning
from schema.entities import KINDS, Entity
from schema.vocabulary import Licence, Share
from schema.when import NAMED

Schema = dict[str, Any]
REFERRING: Final = "#/components/schemas/{model}"

UUID: Final = {"type": "string", "format": "uuid"}
ADDRESS: Final = {"type": "string", "format": "uri"}
MOMENT: Final = {"type": "string", "format": "date-time"}
TEXT: Final = {"type": "string"}
LANGUAGES: Final = {"type": "array", "items": TEXT}
TEXTS: Final = {"type": "object", "additionalProperties": TEXT}
DROPPED: Final = frozenset({"title", "default", "description"})


def ref(component: str) -> Schema:
    """A reference to a component."""
    return {"$ref": REFERRING.format(model=component)}


def entity_schemas() -> dict[str, Schema]:
    """Component name → schema, for every kind and the values it is made of. A part is what `fields`
    leaves of an entry."""
    models: list[tuple[type[Entity], JsonSchemaMode]]
    models = [(model, "serialization") for model in KINDS.values()]
    _, found = models_json_schema(models, ref_template=REFERRING)
    made = {name: _public(schema) for name, schema in found["$defs"].items()}
    for kind, model in KINDS.items():
        made[model.__name__] = _headed(kind, model, made[model.__name__])
        made[f"{model.__name__}Part"] = {**made[model.__name__], "required": ["id", "kind", "self"]}
    parts = {"Provenance": _provenance(), "Reference": _reference()}
    return {"Texts": {**TEXTS, "propertyNames": {"pattern": "^[A-Za-z0-9-]+$"}}, **parts, **made}


def explained(schemas: Mapping[str, Schema]) -> dict[str, Schema]:
    """The schemas with the meaning of each component and of each of its fields."""
    return {name: _explained(name, schema) for name, schema in sorted(schemas.items())}


def _explained(component: str, schema: Schema) -> Schema:
    fields = {
        name: {**said, "description": meant} if (meant := meaning(component, name)) else said
        for name, said in schema.get("properties", {}).items()
    }
    words = {"description": COMPONENTS[component]} if component in COMPONENTS else {}
    return {**words, **schema, **({"properties": fields} if fields else {})}


def _public(schema: Schema) -> Schema:
    """A model's object as documents have it: without null, with what is always there required."""
    given = schema["properties"]
    always = [name for name, said in given.items() if said.get("default") is not None]
    required = sorted({*schema.get("required", ()), *always})
    made: Schema = {
        "type": "object",
        "properties": {name: _present(said) for name, said in given.items()},
    }
    return {**made, **({"required": required} if required else {})}


def _present(said: Schema) -> Schema:
    """A field's schema where the field is there."""
    kept = {name: value for name, value in said.items() if name not in DROPPED}
    forms = [each for each in kept.pop("anyOf", kept.pop("oneOf", ())) if each != {"type": "null"}]
    if len(forms) == 1:
        return {**_present(forms[0]), **kept}
    if forms:
        return {**kept, "anyOf": [_present(each) for each in forms]}
    if kept == TEXTS:
        return ref("Texts")
    if "items" in kept:
        kept["items"] = _present(kept["items"])
    return kept


def _headed(kind: str, model: type[Entity], body: Schema) -> Schema:
    """A body with what stands before it in a document."""
    head: Schema = {
        "id": UUID,
        "kind": {"const": kind},
        "self": ADDRESS,
        "created": MOMENT,
        "modified": MOMENT,
        "sources": {"type": "array", "items": ref("Provenance")},
        "licence": one_of(Licence),
        "attribution": TEXT,
        "share": one_of(Share),
        "freshness": {"const": "withheld"},
        **({model.reference: ref("Reference")} if model.reference else {}),
        "text_languages": LANGUAGES,
    }
    if kind == "event":
        head["recurrence_id"] = {"type": "string", "pattern": NAMED}
    always = {"id", "kind", "self", "created", "modified", "sources", "text_languages"}
    return {
        "type": "object",
        "properties": {**head, **body["properties"]},
        "required": sorted(always | set(body["required"])),
    }


def one_of(vocabulary: Any) -> Schema:
    """A closed vocabulary (a `Literal`) → a schema of its words."""
    return {"type": "string", "enum": [*get_args(vocabulary)]}


def record(required: tuple[str, ...], /, **fields: Schema) -> Schema:
    """An object with these fields, of which some are always there."""
    return {"type": "object", "properties": fields, "required": [*required]}


def _provenance() -> Schema:
    return record(
        ("id", "name", "licence", "fetched"),
        id=TEXT,
        name=TEXT,
        url=TEXT,
        licence=one_of(Licence),
        attribution=TEXT,
        fetched=MOMENT,
    )


def _reference() -> Schema:
    return record(("id", "url", "name"), id=UUID, url=ADDRESS, name=TEXT)
