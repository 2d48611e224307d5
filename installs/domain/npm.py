"""Packuments: what npm clients read of a package, in the full and in the abbreviated form.

Abbreviated: what the format `application/vnd.npm.install-v1+json` lists, and `time` for clients with a minimum age.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from installs.domain.npm_names import full_name, npm_name, tarball_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

ABBREVIATED_TYPE = "application/vnd.npm.install-v1+json"
INSTALL_SCRIPTS = ("preinstall", "install", "postinstall")
ABBREVIATED_KEYS = (
    "dependencies",
    "optionalDependencies",
    "devDependencies",
    "bundleDependencies",
    "peerDependencies",
    "peerDependenciesMeta",
    "bin",
    "directories",
    "engines",
    "os",
    "cpu",
    "libc",
    "funding",
    "_hasShrinkwrap",
)
LISTING_KEYS = ("license", "keywords", "repository", "homepage", "bugs")


class Form(StrEnum):
    """The two forms of a packument, as documents are stored."""

    FULL = "npm-full"
    ABBREVIATED = "npm-abbreviated"

    @property
    def media_type(self) -> str:
        """The Content-Type of the form."""
        return ABBREVIATED_TYPE if self is Form.ABBREVIATED else "application/json"


def form_of(accept: str) -> Form:
    """The form that an Accept header asks for; clients that do not know the short one get the full one."""
    return Form.ABBREVIATED if ABBREVIATED_TYPE in accept else Form.FULL


@dataclass(frozen=True, slots=True)
class Tarball:
    """What `dist` says about the bytes: integrity is the Subresource Integrity form, shasum SHA-1 in hex."""

    integrity: str
    shasum: str
    file_count: int
    unpacked_size: int
    signature: str
    keyid: str


@dataclass(frozen=True, slots=True)
class Release:
    """One version; `manifest` is its package.json as far as it is told to clients."""

    number: str
    published_at: datetime
    tarball: Tarball
    manifest: Mapping[str, Any]
    deprecated: str = ""
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the packument of one package says; `restriction` is the sentence for versions in quarantine."""

    publisher: str
    name: str
    summary: str
    revision: int
    created_at: datetime
    modified_at: datetime
    tags: Mapping[str, str]
    releases: tuple[Release, ...]
    mail_host: str
    maintainers: tuple[str, ...] = ()
    readme: str = ""
    restriction: str = ""
    listing: Mapping[str, Any] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """The name as npm clients write it: `@publisher/name`."""
        return npm_name(full_name(self.publisher, self.name))

    @property
    def people(self) -> list[dict[str, str]]:
        """Who maintains it, the publisher when nobody does; addresses lead nowhere, so that nobody's is told."""
        return [self.person(name) for name in self.maintainers or (self.publisher,)]

    def person(self, name: str) -> dict[str, str]:
        """Npm's form for people."""
        return {"name": name, "email": f"{name}@users.noreply.{self.mail_host}"}


def packument(facts: Facts, *, base: str, form: Form) -> bytes:
    """The document as JSON; `base` (no slash at its end) begins the tarballs' addresses."""
    body = _full(facts, base) if form is Form.FULL else _abbreviated(facts, base)
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", errors="replace")


def _full(facts: Facts, base: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "_id": facts.full_name,
        "_rev": str(facts.revision),
        "name": facts.full_name,
        "description": facts.summary,
        "dist-tags": dict(facts.tags),
        "versions": {release.number: _manifest(facts, release, base) for release in _open(facts)},
        "time": _time(facts),
        "maintainers": facts.people,
        "readme": facts.readme,
        "readmeFilename": "README.md" if facts.readme else "",
        "users": {},
        **{key: facts.listing[key] for key in LISTING_KEYS if facts.listing.get(key)},
    }
    return body | _restrictions(facts, {r.number: _manifest(facts, r, base) for r in facts.releases if r.is_restricted})


def _abbreviated(facts: Facts, base: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "name": facts.full_name,
        "modified": iso(facts.modified_at),
        "dist-tags": dict(facts.tags),
        "versions": {release.number: _short(facts, release, base) for release in _open(facts)},
        "time": _time(facts),
    }
    return body | _restrictions(facts, {r.number: _short(facts, r, base) for r in facts.releases if r.is_restricted})


def _open(facts: Facts) -> list[Release]:
    return [release for release in facts.releases if not release.is_restricted]


def _restrictions(facts: Facts, versions: dict[str, Any]) -> dict[str, Any]:
    """The form in which npm explains why a version is not offered, and falls back to one that is."""
    return {"policyRestrictions": {"message": facts.restriction, "versions": versions}} if versions else {}


def _short(facts: Facts, release: Release, base: str) -> dict[str, Any]:
    manifest = release.manifest
    short: dict[str, Any] = {"name": facts.full_name, "version": release.number}
    short |= {key: manifest[key] for key in ABBREVIATED_KEYS if manifest.get(key)}
    return short | _added(facts, release, base)


def _manifest(facts: Facts, release: Release, base: str) -> dict[str, Any]:
    full = {**release.manifest, "name": facts.full_name, "version": release.number}
    full |= {"_id": f"{facts.full_name}@{release.number}", "maintainers": facts.people}
    full["_npmUser"] = facts.person(facts.publisher)
    return full | _added(facts, release, base)


def _added(facts: Facts, release: Release, base: str) -> dict[str, Any]:
    added: dict[str, Any] = {"dist": _dist(facts, release, base)}
    if has_install_script(release.manifest):
        added["hasInstallScript"] = True
    if release.deprecated:
        added["deprecated"] = release.deprecated
    return added


def _dist(facts: Facts, release: Release, base: str) -> dict[str, Any]:
    tarball = release.tarball
    return {
        "tarball": f"{base}/{facts.full_name}/-/{tarball_name(facts.name, release.number)}",
        "integrity": tarball.integrity,
        "shasum": tarball.shasum,
        "fileCount": tarball.file_count,
        "unpackedSize": tarball.unpacked_size,
        "signatures": [{"keyid": tarball.keyid, "sig": tarball.signature}],
    }


def _time(facts: Facts) -> dict[str, str]:
    releases = {release.number: iso(release.published_at) for release in facts.releases}
    return {"created": iso(facts.created_at), "modified": iso(facts.modified_at), **releases}


def iso(moment: datetime) -> str:
    """UTC with milliseconds and `Z`, as JavaScript writes it."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def has_install_script(manifest: Mapping[str, Any]) -> bool:
    """Whether npm would run something of the package's when it is installed."""
    scripts = manifest.get("scripts")
    return bool(manifest.get("gypfile")) or (
        isinstance(scripts, dict) and any(scripts.get(key) for key in INSTALL_SCRIPTS)
    )
