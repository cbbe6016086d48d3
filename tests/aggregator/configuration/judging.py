"""A judge of data by JSON Schema, as far as the published schema uses it. For tests only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
KNOWN = {
    "$schema", "title", "description", "default", "$defs", "$ref", "type", "enum", "const",
    "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "anyOf", "allOf",
    "if", "then", "required", "properties", "additionalProperties", "items",
}  # fmt: skip


@dataclass(frozen=True)
class Judge:
    """Complaints about data, as paths; a keyword it does not know is an error of the test."""

    schema: dict[str, Any]

    def complaints(self, data: Any) -> list[str]:
        return list(self._judge(data, self.schema, ""))

    def _judge(self, data: Any, schema: dict[str, Any], at: str) -> Iterator[str]:
        assert schema.keys() <= KNOWN, schema.keys() - KNOWN
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            yield from self._judge(data, self.schema["$defs"][name], at)
        if not self._is_value(data, schema):
            yield at
        yield from self._combined(data, schema, at)
        if isinstance(data, dict):
            yield from self._members(data, schema, at)
        if isinstance(data, list) and "items" in schema:
            for position, each in enumerate(data):
                yield from self._judge(each, schema["items"], f"{at}[{position}]")

    def _is_value(self, data: Any, schema: dict[str, Any]) -> bool:
        types = TYPES.get(schema.get("type", ""), (object,))
        is_bool = isinstance(data, bool) and bool not in types and object not in types
        return (
            isinstance(data, types)
            and not is_bool
            and data in schema.get("enum", [data])
            and data == schema.get("const", data)
            and (not isinstance(data, str) or self._is_text(data, schema))
            and (isinstance(data, bool) or not isinstance(data, int | float) or _in(data, schema))
        )

    def _is_text(self, data: str, schema: dict[str, Any]) -> bool:
        found = re.search(schema.get("pattern", ""), data)
        shortest, longest = schema.get("minLength", 0), schema.get("maxLength", len(data))
        return found is not None and shortest <= len(data) <= longest

    def _combined(self, data: Any, schema: dict[str, Any], at: str) -> Iterator[str]:
        choices = schema.get("anyOf", [])
        if choices and all(list(self._judge(data, choice, at)) for choice in choices):
            yield at
        for each in schema.get("allOf", []):
            yield from self._judge(data, each, at)
        if "if" in schema and not list(self._judge(data, schema["if"], at)):
            yield from self._judge(data, schema["then"], at)

    def _members(self, data: dict[str, Any], schema: dict[str, Any], at: str) -> Iterator[str]:
        yield from (f"{at}.{name}" for name in schema.get("required", []) if name not in data)
        properties, rest = schema.get("properties", {}), schema.get("additionalProperties", True)
        for name, value in data.items():
            if name in properties:
                yield from self._judge(value, properties[name], f"{at}.{name}")
            elif rest is False:
                yield f"{at}.{name}"
            elif isinstance(rest, dict):
                yield from self._judge(value, rest, f"{at}.{name}")


def _in(data: float, schema: dict[str, Any]) -> bool:
    least, most = schema.get("minimum", data), schema.get("maximum", data)
    return bool(least <= data <= most and data > schema.get("exclusiveMinimum", data - 1))
