"""What npm sends when it writes: a publication, or a changed packument."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
from dataclasses import dataclass
from typing import Any

from installs.domain.npm_names import tarball_number

README_MOST = 65_536
DEPTH_MOST = 12
HIDDEN = frozenset(
    {
        "name",
        "version",
        "dist",
        "readme",
        "readmeFilename",
        "maintainers",
        "gitHead",
        "deprecated",
        "hasInstallScript",
        "signatures",
        "publishConfig",
    }
)


class BodyRefused(ValueError):
    """The body cannot be used; `code` and `params` say why."""

    def __init__(self, code: str, **params: str | int) -> None:
        """Refuse for the reason `code`."""
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Publication:
    """One version as npm publishes it: the decoded tarball, its package.json as told to clients, tag, visibility.

    `is_private` is None when the client leaves it to the registry.
    """

    number: str
    tag: str
    is_private: bool | None
    manifest: dict[str, Any]
    tarball: bytes


def has_attachment(body: dict[str, Any]) -> bool:
    """Whether the body carries bytes, so is a publication; without, it changes what is there."""
    attachments = body.get("_attachments")
    return isinstance(attachments, dict) and any(
        isinstance(part, dict) and part.get("data") for part in attachments.values()
    )


def publication(body: dict[str, Any], *, full_name: str, limit: int) -> Publication:
    """Read a publication of exactly one version of `full_name`.

    Raises BodyRefused: MP9010 for another shape or bad base64, MP3035 for another name, MP3036 when digests that came
    with the bytes are not theirs, MP9005 for more than `limit` bytes.
    """
    number, manifest = _only_version(body)
    if body.get("name") != full_name or manifest.get("name") != full_name or manifest.get("version") != number:
        outside = f"{body.get('name')}@{manifest.get('version')}"
        raise BodyRefused("MP3035", inside=outside[:200], outside=f"{full_name}@{number}"[:200])
    tarball = _tarball(body, full_name, number, limit)
    _ensure_digests(tarball, manifest.get("dist"))
    tags = body.get("dist-tags")
    tag = next(iter(tags), "latest") if isinstance(tags, dict) else "latest"
    access = {"restricted": True, "public": False}.get(str(body.get("access")))
    return Publication(number, str(tag), access, told(manifest), tarball)


def _only_version(body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    versions = body.get("versions")
    if not isinstance(versions, dict) or len(versions) != 1:
        raise BodyRefused("MP9010", form="npm publication")
    number, manifest = next(iter(versions.items()))
    if not isinstance(manifest, dict):
        raise BodyRefused("MP9010", form="npm publication")
    return number, manifest


def _tarball(body: dict[str, Any], full_name: str, number: str, limit: int) -> bytes:
    parts = {name: part for name, part in body["_attachments"].items() if name.endswith(".tgz")}
    if len(parts) != 1:
        raise BodyRefused("MP9010", form="npm publication")
    name, part = next(iter(parts.items()))
    if number not in {tarball_number(full_name, name), tarball_number(full_name.rsplit("/", 1)[-1], name)}:
        raise BodyRefused("MP3035", inside=name[:200], outside=f"{full_name}@{number}"[:200])
    text = part.get("data") if isinstance(part, dict) else None
    if not isinstance(text, str):
        raise BodyRefused("MP9010", form="base64")
    if len(text) > (limit + 2) // 3 * 4:
        raise BodyRefused("MP9005", limit=limit)
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BodyRefused("MP9010", form="base64") from error
    if part.get("length") not in {None, len(data)}:
        raise BodyRefused("MP3036")
    return data


def _ensure_digests(data: bytes, dist: object) -> None:
    """Both digests must be those of the bytes; one of them must be there."""
    told_digests = dist if isinstance(dist, dict) else {}
    integrity, shasum = told_digests.get("integrity"), told_digests.get("shasum")
    sha512 = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
    sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    if not (integrity or shasum) or integrity not in {None, sha512} or shasum not in {None, sha1}:
        raise BodyRefused("MP3036")


def told(manifest: dict[str, Any]) -> dict[str, Any]:
    """The part of a manifest that is stored and told to clients: nothing personal, nothing that the registry says.

    The README is cut at 64 KiB; text that a database cannot keep (NUL, lone surrogates) is replaced.
    """
    kept = {key: value for key, value in manifest.items() if key not in HIDDEN and not key.startswith("_")}
    if manifest.get("_hasShrinkwrap"):
        kept["_hasShrinkwrap"] = True
    readme = manifest.get("readme")
    if isinstance(readme, str):
        kept["readme"] = readme[:README_MOST]
    return {_clean_text(key): _clean(value, 1) for key, value in kept.items()}


def _clean(value: object, depth: int) -> Any:
    if depth > DEPTH_MOST:
        return None
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, list):
        return [_clean(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_clean_text(key): _clean(item, depth + 1) for key, item in value.items()}
    return value if not isinstance(value, float) or math.isfinite(value) else None


def _clean_text(text: str) -> str:
    return text.replace("\0", "\ufffd").encode("utf-8", errors="replace").decode("utf-8")[:README_MOST]


def deprecations(body: dict[str, Any]) -> dict[str, str]:
    """The warning of every version in a packument that a client sends back; empty text: none."""
    versions = body.get("versions")
    if not isinstance(versions, dict):
        raise BodyRefused("MP9010", form="packument")
    return {
        number: _clean_text(str(manifest.get("deprecated") or ""))
        for number, manifest in versions.items()
        if isinstance(manifest, dict)
    }
