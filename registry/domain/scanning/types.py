"""Whether a file is what its name says, by its first bytes."""

from __future__ import annotations

import hashlib
import posixpath
from typing import TYPE_CHECKING

from registry.domain.scanning.model import HOLDS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.content import Content
    from registry.domain.scanning.model import Known

PROGRAMS = {
    b"\x7fELF": "elf",
    b"MZ\x90\x00": "pe",
    b"\xcf\xfa\xed\xfe": "mach-o",
    b"\xce\xfa\xed\xfe": "mach-o",
    b"\xca\xfe\xba\xbe\x00\x00\x00": "mach-o or class",
    b"\xfe\xed\xfa\xcf": "mach-o",
    b"dex\n": "dex",
    b"!<arch>": "object archive",
}
ARCHIVES = {
    b"PK\x03\x04": "zip",
    b"\x1f\x8b\x08": "gzip",
    b"7z\xbc\xaf": "7z",
    b"Rar!\x1a": "rar",
    b"\xfd7zXZ": "xz",
    b"BZh": "bzip2",
}
TEXTUAL = (
    ".md", ".mdx", ".txt", ".json", ".yaml", ".yml", ".toml", ".sh", ".py", ".js", ".ts", ".mjs", ".cjs", ".css",
    ".html", ".csv", ".svg", ".xml", ".cfg", ".ini", ".rb", ".pl", ".ps1",
)  # fmt: skip
IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".woff", ".woff2", ".ttf", ".pdf", ".mp3", ".wav")
ARCHIVE_NAMES = (
    ".zip", ".gz", ".tgz", ".xz", ".bz2", ".7z", ".rar", ".whl", ".jar", ".docx", ".xlsx", ".pptx", ".skill", ".mcpb",
    ".plugin", ".dxt", ".odt", ".epub", ".nupkg", ".vsix",
)  # fmt: skip
EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


def types_of(content: Content, known: Known) -> Iterator[Hit]:
    """Programs, bytecode, archives under another name, binary text files, and files that are known as bad."""
    for path, file in content.items():
        head = file.data[:16]
        if hashlib.sha256(file.data).hexdigest() in known.hashes or EICAR in file.data[:200]:
            yield Hit("type.known-bad", "MP3100", HOLDS, path)
        program = next((kind for magic, kind in PROGRAMS.items() if head.startswith(magic)), "")
        is_bytecode = head[2:6] == b"\r\r\n\x00" or path.endswith((".pyc", ".pyo"))
        archive = next((kind for magic, kind in ARCHIVES.items() if head.startswith(magic)), "")
        if program:
            yield Hit("type.program", "MP3051", HOLDS, path, params=(("kind", program),))
        elif is_bytecode:
            yield Hit("type.bytecode", "MP3116", HOLDS, path, params=(("kind", "bytecode"),))
        elif archive and not path.lower().endswith(ARCHIVE_NAMES):
            yield Hit("type.archive-disguised", "MP3116", HOLDS, path, params=(("kind", archive),))
        elif path.lower().endswith(TEXTUAL) and _is_binary(file.data):
            yield Hit("type.binary-text", "MP3116", HOLDS, path, params=(("kind", "binary"),))
        elif path.lower().endswith(IMAGES) and _is_script_text(file.data):
            yield Hit("type.script-as-image", "MP3116", HOLDS, path, params=(("kind", "script"),))
        if posixpath.basename(path).count(".") > 1 and path.lower().endswith(
            (".exe", ".scr", ".bat", ".cmd", ".com", ".pif")
        ):
            yield Hit("type.double-ending", "MP3116", HOLDS, path, params=(("kind", "double ending"),))


def _is_binary(data: bytes) -> bool:
    sample = data[:8192]
    if sample[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return False
    return b"\0" in sample


def _is_script_text(data: bytes) -> bool:
    sample = data[:400].lstrip()
    return sample.startswith((b"#!", b"<?php", b"import ", b"<script")) or b"<script" in sample
