"""Packages as entries of the MCP registry API (v0.1, server.json of 2025-12-11)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
OFFICIAL = "io.modelcontextprotocol.registry/official"
DESCRIPTION_MOST = 100
KEPT = ("title", "websiteUrl", "icons", "packages", "remotes", "repository")
RUNNERS = {"npx": "npm", "uvx": "pypi", "docker": "oci", "dnx": "nuget"}
FLAGS = frozenset({"-y", "--yes", "-q", "--quiet", "run", "-i", "--rm", "--from"})
NAME = re.compile(r"(?P<prefix>[a-z0-9.-]+)\.(?P<publisher>[a-z0-9-]+)/(?P<package>[a-z0-9._-]+)")
TRANSPORTS = {"http": "streamable-http", "streamable-http": "streamable-http", "sse": "sse"}


@dataclass(frozen=True, slots=True)
class Bundle:
    """An MCPB file of the version."""

    url: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One version of an MCP server package, with what this site says about it in `about`."""

    publisher: str
    package: str
    number: str
    title: str
    description: str
    page: str
    published_at: datetime
    updated_at: datetime
    status: str
    is_latest: bool
    manifest: Mapping[str, Any]
    bundle: Bundle | None = None
    about: Mapping[str, Any] = field(default_factory=dict)


def prefix_of(host: str) -> str:
    """The host in reverse: names of this registry begin with it, so they are its own (`com.example.market`)."""
    return ".".join(reversed(host.lower().split(".")))


def server_name(prefix: str, publisher: str, package: str) -> str:
    """The registry's name of a package: `com.example.market.acme/papers`."""
    return f"{prefix}.{publisher}/{package}"


def parsed_name(prefix: str, name: str) -> tuple[str, str] | None:
    """Publisher and package behind a name; None for one of another registry."""
    match = NAME.fullmatch(name)
    return (match["publisher"], match["package"]) if match and match["prefix"] == prefix else None


def entry(listing: Listing, *, prefix: str) -> dict[str, Any]:
    """`{"server": …, "_meta": …}`; a deleted version is a tombstone that says its name and nothing more."""
    name = server_name(prefix, listing.publisher, listing.package)
    server: dict[str, Any] = {
        "$schema": SCHEMA,
        "name": name,
        "description": _short(listing.description or listing.title or listing.package),
        "version": listing.number,
    }
    if listing.status != "deleted":
        server |= _content(listing)
    official = {
        "status": listing.status,
        "publishedAt": _moment(listing.published_at),
        "updatedAt": _moment(listing.updated_at),
        "isLatest": listing.is_latest,
    }
    meta: dict[str, Any] = {OFFICIAL: official}
    if listing.about:
        meta[f"{prefix}/marketplace"] = dict(listing.about)
    return {"server": server, "_meta": meta}


def _content(listing: Listing) -> dict[str, Any]:
    raw = listing.manifest.get("raw") or {}
    is_own = "modelcontextprotocol" in str(raw.get("$schema", ""))
    found: dict[str, Any] = {"title": listing.title} if listing.title else {}
    found["websiteUrl"] = listing.page
    if is_own:
        return found | {key: raw[key] for key in KEPT if key in raw}
    if listing.bundle is not None:
        bundle = {"registryType": "mcpb", "identifier": listing.bundle.url, "fileSha256": listing.bundle.sha256}
        return found | {"packages": [bundle | {"transport": {"type": "stdio"}}]}
    servers = (listing.manifest.get("components") or {}).get("mcp_servers") or []
    remotes = [_remote(server) for server in servers if server.get("url")]
    packages = [package for server in servers if (package := _package(server))]
    return found | ({"remotes": remotes} if remotes else {}) | ({"packages": packages} if packages else {})


def _remote(server: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": TRANSPORTS.get(server.get("transport") or "", "streamable-http"),
        "url": server["url"],
    }
    if server.get("headers"):
        told["headers"] = [{"name": name, "isSecret": True, "isRequired": True} for name in server["headers"]]
    return told


def _package(server: Mapping[str, Any]) -> dict[str, Any] | None:
    """The package that a runner would fetch; None for programs that nobody else has."""
    registry = RUNNERS.get(str(server.get("command") or "").rsplit("/", 1)[-1])
    arguments = [str(argument) for argument in server.get("args") or []]
    named = next((argument for argument in arguments if argument not in FLAGS), "")
    if registry is None or not named or named.startswith("-"):
        return None
    identifier, version = named, ""
    if registry in {"npm", "pypi"} and "@" in named[1:]:
        identifier, _, version = named.rpartition("@")
    told: dict[str, Any] = {"registryType": registry, "identifier": identifier, "transport": {"type": "stdio"}}
    if version and version != "latest":
        told["version"] = version
    if server.get("env"):
        told["environmentVariables"] = [{"name": name} for name in server["env"]]
    rest = arguments[arguments.index(named) + 1 :]
    if rest:
        told["packageArguments"] = [{"type": "positional", "value": value} for value in rest]
    return told


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= DESCRIPTION_MOST else f"{plain[: DESCRIPTION_MOST - 1].rstrip()}…"


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
