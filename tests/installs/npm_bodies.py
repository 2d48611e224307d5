"""What npm sends, made by hand: tarballs and publications."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import tarfile
from typing import Any

SKILL = "---\nname: reviewer\ndescription: Reviews SQL. Use it before a migration.\n---\n\nRead the query plan first.\n"


def tarball(
    name: str, number: str, *, files: dict[str, str] | None = None, skill: str = "SKILL.md", **manifest: Any
) -> bytes:
    """A tarball as `npm pack` makes it, with a skill in it."""
    package = {"name": name, "version": number, "description": "Reviews SQL", "license": "MIT", **manifest}
    inside = {"package.json": json.dumps(package), skill: SKILL, "README.md": "# Reviewer\n", **(files or {})}
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        for path, text in inside.items():
            member = tarfile.TarInfo(f"package/{path}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return gzip.compress(plain.getvalue(), mtime=0)


def integrity(data: bytes) -> str:
    """The Subresource Integrity form of SHA-512."""
    return "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()


def publication(
    name: str,
    number: str,
    data: bytes | None = None,
    *,
    tag: str = "latest",
    access: str | None = None,
    **manifest: Any,
) -> dict[str, Any]:
    """The body of `npm publish`."""
    data = tarball(name, number, **manifest) if data is None else data
    shown = {
        "name": name,
        "version": number,
        "description": "Reviews SQL",
        "license": "MIT",
        "readme": "# Reviewer\n",
        "_id": f"{name}@{number}",
        "_npmVersion": "10.9.9",
        "dist": {
            "integrity": integrity(data),
            "shasum": hashlib.sha1(data).hexdigest(),  # noqa: S324  (npm's field)
            "tarball": f"http://localhost:8000/npm/{name}/-/{name}-{number}.tgz",
        },
        **manifest,
    }
    attachment = {
        "content_type": "application/octet-stream",
        "data": base64.b64encode(data).decode(),
        "length": len(data),
    }
    return {
        "_id": name,
        "name": name,
        "dist-tags": {tag: number},
        "versions": {number: shown},
        "access": access,
        "_attachments": {f"{name}-{number}.tgz": attachment},
    }
