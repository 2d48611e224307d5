"""The basic safety check: what no package may carry, whatever it is for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from registry.domain.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.content import Content, File

RULES = "basic-1"
PRIVATE_KEY = re.compile(rb"-----BEGIN (?:RSA |EC |OPENSSH |DSA |ENCRYPTED )?PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{64,}")
PROGRAMS = (b"\x7fELF", b"MZ\x90\x00", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe\x00\x00\x00")
HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]|[\u200b\u2060\u2062-\u2064]{3,}")
INSTALL_SCRIPT = re.compile(r'"(preinstall|install|postinstall)"\s*:\s*"')
TEXT_MOST = 2_000_000
HOLDS = frozenset({"MP3050", "MP3051", "MP3053"})


def check(content: Content) -> list[Finding]:
    """Every hit in the content, in path order."""
    return [finding for path, file in content.items() for finding in _of_file(path, file)]


def verdict(findings: list[Finding]) -> str:
    """`hold` when a hit needs a person's look, else `pass`; what was cleared is no error any more."""
    needs_look = any(finding.code in HOLDS and finding.severity == "error" for finding in findings)
    return "hold" if needs_look else "pass"


def is_text(data: bytes) -> bool:
    """Whether the bytes read as UTF-8 text."""
    if b"\0" in data[:8192]:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _of_file(path: str, file: File) -> Iterator[Finding]:
    if PRIVATE_KEY.search(file.data):
        yield Finding("MP3050", "error", path, params={"path": path})
    if file.data.startswith(PROGRAMS):
        yield Finding("MP3051", "error", path, params={"path": path})
    if len(file.data) > TEXT_MOST or not is_text(file.data):
        return
    text = file.data.decode("utf-8")
    if hidden := HIDDEN.search(text):
        line = text.count("\n", 0, hidden.start()) + 1
        yield Finding("MP3053", "error", path, line, {"path": path, "line": line})
    if path == "package.json" and (script := INSTALL_SCRIPT.search(text)):
        yield Finding("MP3052", "warning", path, params={"path": path, "script": script.group(1)})
