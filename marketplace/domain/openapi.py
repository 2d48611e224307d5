"""An OpenAPI document as the reference page shows it: operations by topic, with their fields one a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
DEPTH = 3


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a field of a body: dotted name, type in words, whether it must be given, what it means."""

    name: str
    type: str
    is_required: bool = False
    says: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer by status, with the fields of its body."""

    status: str
    says: str
    fields: list[Field] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method at one address."""

    id: str
    method: str
    path: str
    says: str
    parameters: list[Field]
    body_type: str
    body: list[Field]
    answers: list[Answer]
    needs_token: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """Operations below one first segment."""

    name: str
    operations: list[Operation]


def reference(document: dict[str, Any], *, prefix: str) -> list[Topic]:
    """The topics of an OpenAPI 3 document in the order of their addresses; references are followed."""
    topics: dict[str, list[Operation]] = {}
    for path, methods in sorted(document.get("paths", {}).items()):
        name = path.removeprefix(prefix).strip("/").split("/")[0]
        for method in METHODS:
            if method in methods:
                topics.setdefault(name, []).append(_operation(document, path, method, methods[method]))
    return [Topic(name, operations) for name, operations in topics.items()]


def _operation(document: dict[str, Any], path: str, method: str, told: dict[str, Any]) -> Operation:
    contents = told.get("requestBody", {}).get("content", {})
    body_type = next(iter(contents), "")
    schema = contents.get(body_type, {}).get("schema", {})
    return Operation(
        id=told.get("operationId", f"{method}-{path}"),
        method=method.upper(),
        path=path,
        says=told.get("description", ""),
        parameters=[_parameter(document, one) for one in told.get("parameters", [])],
        body_type=body_type,
        body=_fields(document, schema),
        answers=[_answer(document, status, one) for status, one in sorted(told.get("responses", {}).items())],
        needs_token={} not in told.get("security", [{}]),
    )


def _parameter(document: dict[str, Any], told: dict[str, Any]) -> Field:
    schema = _followed(document, told.get("schema", {}))
    is_required = bool(told.get("required"))
    return Field(told["name"], _type(document, schema), is_required, told.get("description", ""), told.get("in", ""))


def _answer(document: dict[str, Any], status: str, told: dict[str, Any]) -> Answer:
    contents: list[dict[str, Any]] = list(told.get("content", {}).values())
    schema = contents[0].get("schema", {}) if contents else {}
    return Answer(status, told.get("description", ""), _fields(document, schema))


def _fields(document: dict[str, Any], schema: dict[str, Any], prefix: str = "", depth: int = 0) -> list[Field]:
    schema = _followed(document, schema)
    if schema.get("type") == "array":
        return _fields(document, schema.get("items", {}), f"{prefix}[]", depth)
    rows: list[Field] = []
    required = set(schema.get("required", []))
    for name, told in schema.get("properties", {}).items():
        whole = f"{prefix}.{name}" if prefix else name
        inner = _followed(document, told)
        rows.append(Field(whole, _type(document, inner), name in required, inner.get("description", "")))
        if depth < DEPTH:
            rows += _fields(document, inner, whole, depth + 1)
    return rows


def _followed(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema behind `$ref` and around a single `allOf`."""
    while "$ref" in schema or len(schema.get("allOf", [])) == 1:
        if "$ref" in schema:
            found: Any = document
            for part in str(schema["$ref"]).removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        else:
            schema = {**schema["allOf"][0], **{key: value for key, value in schema.items() if key != "allOf"}}
    return schema


def _type(document: dict[str, Any], schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"] if value is not None)
    choices = [_type(document, _followed(document, one)) for one in schema.get("oneOf", schema.get("anyOf", []))]
    if choices:
        return " | ".join(choice for choice in choices if choice)
    kind = schema.get("type", "")
    if kind == "array":
        return f"list of {_type(document, _followed(document, schema.get('items', {}))) or 'objects'}"
    shown = f"{kind} ({schema['format']})" if "format" in schema else str(kind or "any")
    return f"{shown}, or null" if schema.get("nullable") else shown
