"""Schemas of plain data in files: what has another shape is refused before anything reads it.

A schema is a JSON Schema, as https://json-schema.org defines it.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}


def optional(schema: Schema) -> Schema:
    """Return the schema of a value or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def list_of(schema: Schema, **limits: Any) -> Schema:
    """Return the schema of a list, with limits such as `uniqueItems=True`."""
    return {"type": "array", "items": schema, **limits}


def map_of(schema: Schema) -> Schema:
    """Return the schema of an object whose values are alike."""
    return {"type": "object", "additionalProperties": schema}


def object_of(required: dict[str, Schema], /, **optional_ones: Schema) -> Schema:
    """Return the schema of an object; entries that it does not name are allowed."""
    properties = {**required, **optional_ones}
    return {"type": "object", "properties": properties, "required": list(required)}


def valid(value: Any, schema: Schema) -> Any:
    """Return plain data if it matches a schema.

    Raises:
        ValueError: it does not; names the place.
    """
    from jsonschema import Draft202012Validator  # 150 ms, which most commands do not need
    from jsonschema.exceptions import best_match

    problem = best_match(Draft202012Validator(schema).iter_errors(value))
    if problem is not None:
        message = problem.message if len(problem.message) <= 200 else f"{problem.message[:200]}..."
        where = problem.json_path.removeprefix("$").removeprefix(".")
        raise ValueError(f"{where}: {message}" if where else message)
    return value
