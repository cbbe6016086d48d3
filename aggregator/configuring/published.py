"""The JSON Schema of `allmende.toml`, made from the settings and every installed connector's.

`aggregator/allmende.schema.json` holds it for the connectors that ship; a test says when it is
old. Reads no configuration.
"""

import json
from pathlib import Path as FilePath
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from aggregator.configuring.floors import in_words
from aggregator.configuring.secrets import REFERENCE, marked
from aggregator.configuring.sources import connector_settings
from aggregator.settings import (
    HOUR,
    AdminSettings,
    FetchSettings,
    HttpSettings,
    PortalSettings,
    ServiceSettings,
    SiteSettings,
    SourceSettings,
)
from connectors import registry
from schema import schemes

PUBLISHED: Final = FilePath(__file__).parents[1] / "allmende.schema.json"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The schema as JSON-able data, for the connectors that are installed right now."""
    settings = installed()
    models: tuple[type[BaseModel], ...] = (ServiceSettings, HttpSettings, SiteSettings)
    models += (FetchSettings, AdminSettings, SourceSettings, PortalSettings, *settings.values())
    refs, schema = models_json_schema([(model, "validation") for model in models])
    definitions = _tidied(schema["$defs"])
    for model in settings.values():
        _secrets_by_reference(definitions[_name(refs[model, "validation"])], model)
    _complete_source(definitions[SourceSettings.__name__], settings, refs)
    return {
        "$schema": DIALECT,
        "title": "allmende.toml",
        "description": "Configuration of Allmende.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "service": {"$ref": f"#/$defs/{ServiceSettings.__name__}"},
            "http": {"$ref": f"#/$defs/{HttpSettings.__name__}"},
            "site": {"$ref": f"#/$defs/{SiteSettings.__name__}"},
            "fetch": {"$ref": f"#/$defs/{FetchSettings.__name__}"},
            "admin": {"$ref": f"#/$defs/{AdminSettings.__name__}"},
            "source": {
                "type": "array",
                "description": "The sources, one table each.",
                "items": {"$ref": f"#/$defs/{SourceSettings.__name__}"},
            },
            "portal": {
                "type": "array",
                "description": "Filters under a name, one table each.",
                "items": {"$ref": f"#/$defs/{PortalSettings.__name__}"},
            },
        },
        "$defs": definitions,
    }


def installed() -> dict[str, type[BaseModel]]:
    """Name → settings of every connector that can be loaded."""
    settings = {name: connector_settings(name) for name in registry.names()}
    return {name: model for name, model in settings.items() if model}


def write() -> str:
    """The schema as the text that is published."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _complete_source(
    source: dict[str, Any], settings: dict[str, type[BaseModel]], refs: dict[Any, Any]
) -> None:
    """Name the connectors and the categories, and tie each connector to its own settings."""
    properties = source["properties"]
    properties["every"]["default"] = in_words(HOUR)
    properties["connector"] |= {"enum": sorted(settings)}
    term = {"type": "string", "enum": _terms()}
    properties["categories"]["items"] = term
    properties["terms"]["additionalProperties"]["items"] = term
    source["allOf"] = [
        {
            "if": {"properties": {"connector": {"const": name}}, "required": ["connector"]},
            "then": {
                "properties": {"settings": refs[model, "validation"]},
                **({"required": ["settings"]} if _requires(model) else {}),
            },
        }
        for name, model in sorted(settings.items())
    ]


def _requires(model: type[BaseModel]) -> bool:
    return any(field.is_required() for field in model.model_fields.values())


def _terms() -> list[str]:
    """Every category as it may be written: the default scheme's with and without its name."""
    named = (f"{schemes.DEFAULT}:{term}" for term in schemes.scheme(schemes.DEFAULT).terms)
    return [*schemes.written(), *named]


def _secrets_by_reference(definition: dict[str, Any], model: type[BaseModel]) -> None:
    for name in marked(model):
        definition["properties"][name]["pattern"] = f"^({REFERENCE.pattern})$"


def _name(ref: dict[str, Any]) -> str:
    return str(ref["$ref"]).rsplit("/", 1)[-1]


def _tidied(schema: Any) -> Any:
    """The schema as TOML can satisfy it: without null; without titles that only repeat names."""
    if isinstance(schema, list):
        return [_tidied(each) for each in schema if each != {"type": "null"}]
    if not isinstance(schema, dict):
        return schema
    tidy = {
        name: " ".join(value.split())
        if name == "description" and isinstance(value, str)
        else _tidied(value)
        for name, value in schema.items()
        if not (name == "title" and isinstance(value, str))
        and not (name == "default" and value is None)
    }
    choices: Any = tidy.get("anyOf", [])
    return {**choices[0], **_without_choices(tidy)} if len(choices) == 1 else tidy


def _without_choices(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != "anyOf"}
