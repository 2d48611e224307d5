"""Archives in the package: opened within bounds, so that nothing hides one level deeper."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from registry.domain.archives import ArchiveRefused, Limits, read_archive
from registry.domain.scanning.model import HOLDS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.content import Content

DEEPEST = 3
ARCHIVES_MOST = 20
PACKED_MOST = 20_000_000
ENDINGS = (".zip", ".tgz", ".tar.gz", ".tar", ".skill", ".mcpb", ".plugin", ".dxt", ".whl", ".jar")
OPAQUE = (".7z", ".rar", ".xz", ".bz2", ".cab", ".iso", ".dmg", ".pkg", ".msi")


def nested_contents(content: Content, depth: int = 1) -> Iterator[tuple[str, Content | Hit]]:
    """Path and content of each archive inside, or the hit that says why it could not be read."""
    count = 0
    for path, file in content.items():
        lower = path.lower()
        if lower.endswith(OPAQUE):
            yield path, Hit("nested.opaque", "MP3120", HOLDS, path, params=(("reason", "not opened"),))
        if not lower.endswith(ENDINGS):
            continue
        count += 1
        if count > ARCHIVES_MOST or depth > DEEPEST:
            yield path, Hit("nested.too-deep", "MP3120", HOLDS, path, params=(("reason", "too many or too deep"),))
            return
        if lower.endswith((".zip", ".skill", ".mcpb", ".plugin", ".jar", ".whl")) and _is_encrypted(file.data):
            yield path, Hit("nested.encrypted", "MP3120", HOLDS, path, params=(("reason", "encrypted"),))
            continue
        try:
            inside = read_archive(io.BytesIO(file.data), limits=Limits(packed=PACKED_MOST))
        except ArchiveRefused as refused:
            yield path, Hit("nested.unreadable", "MP3120", HOLDS, path, params=(("reason", refused.code),))
            continue
        yield path, inside
        for deeper, found in nested_contents(inside, depth + 1):
            yield f"{path}!/{deeper}", found


def _is_encrypted(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(member.flag_bits & 1 for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
