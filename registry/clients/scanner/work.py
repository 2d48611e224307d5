"""What one scan does, with the limits already set: read the archive, run each check, say what was met."""

from __future__ import annotations

import io
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from registry.clients.scanner.contents import unlike_their_names
from registry.clients.scanner.yara import hits_in
from registry.domain.archives import read_stored
from registry.domain.capabilities import gather
from registry.domain.formats import detect
from registry.domain.manifest import Manifest
from registry.domain.scanning import Known, examine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.domain.capabilities import CapabilitySet
    from registry.domain.content import Content
    from registry.domain.scanning import Hit


def work(asked: dict[str, Any], archive: bytes) -> dict[str, Any]:
    """The report: by check its hits, or its error; a check that raises is an error, never nothing."""
    content = read_stored(io.BytesIO(archive))
    entries = detect(content).entries
    manifest = entries[0].manifest if entries else Manifest("skill", "unknown", "unnamed")
    found = gather(content, manifest)
    known = Known(
        full_name=asked.get("full_name", ""),
        names=frozenset(asked.get("names", ())),
        publishers=frozenset(asked.get("publishers", ())),
        hashes=frozenset(asked.get("hashes", ())),
    )
    report: dict[str, Any] = {}
    for check in asked["checks"]:
        began = time.monotonic()
        hits: list[dict[str, Any]] = []
        error = ""
        try:
            hits = [_plain(asdict(hit)) for hit in _met(check, content, manifest, found, known)]
        except Exception as failure:  # noqa: BLE001  (whatever goes wrong in a check is its error)
            error = f"{type(failure).__name__}: {failure}"[:500]
        report[check] = {"hits": hits, "error": error, "seconds": round(time.monotonic() - began, 4)}
    return {"kind": manifest.kind if entries else "", "checks": report}


def _met(check: str, content: Content, manifest: Manifest, found: CapabilitySet, known: Known) -> Iterable[Hit]:
    match check:
        case "yara":
            return hits_in(content)
        case "content-model":
            return unlike_their_names(content)
        case _:
            return examine(check, content, manifest, found, known)


def _plain(hit: dict[str, Any]) -> dict[str, Any]:
    return {**hit, "tags": sorted(hit["tags"]), "params": dict(hit["params"])}
