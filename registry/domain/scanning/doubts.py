"""Files whose first bytes do not confirm their name, and what it means when they are something else."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.domain.scanning.model import HOLDS, Hit
from registry.domain.scanning.types import ARCHIVE_NAMES

if TYPE_CHECKING:
    from registry.domain.content import Content

SURE = 0.9
TOLD = 5
LOOKED_AT = 4096
ZIPPED = b"PK\x03\x04"
SIGNS: dict[str, tuple[bytes, ...]] = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".webp": (b"RIFF",),
    ".ico": (b"\0\0\1\0", b"\x89PNG"),
    ".pdf": (b"%PDF-",),
    ".ttf": (b"\0\1\0\0", b"true", b"OTTO", b"ttcf"),
    ".otf": (b"OTTO", b"\0\1\0\0"),
    ".woff": (b"wOFF",),
    ".woff2": (b"wOF2",),
    ".mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    ".wav": (b"RIFF",),
    ".ogg": (b"OggS",),
    ".flac": (b"fLaC",),
    ".webm": (b"\x1aE\xdf\xa3",),
    ".wasm": (b"\0asm",),
    ".sqlite": (b"SQLite format 3\0",),
    ".db": (b"SQLite format 3\0",),
    ".npy": (b"\x93NUMPY",),
    ".parquet": (b"PAR1",),
    ".gz": (b"\x1f\x8b",),
    ".tgz": (b"\x1f\x8b",),
    ".xz": (b"\xfd7zXZ",),
    ".7z": (b"7z\xbc\xaf",),
    ".rar": (b"Rar!\x1a",),
    ".bz2": (b"BZh",),
} | dict.fromkeys(
    (".zip", ".whl", ".jar", ".docx", ".xlsx", ".pptx", ".skill", ".mcpb", ".plugin", ".dxt", ".odt", ".epub", ".nupkg",
     ".vsix", ".npz"),
    (ZIPPED, b"PK\x05\x06"),
)  # fmt: skip
MEDIA = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".bmp", ".tif", ".tiff", ".pdf", ".ttf", ".otf", ".woff",
    ".woff2", ".mp3", ".mp4", ".mov", ".wav", ".ogg", ".flac", ".webm", ".avi",
)  # fmt: skip
PLAIN = frozenset(("", ".md", ".mdx", ".txt", ".text", ".rst", ".csv", ".tsv", ".log", ".dat", ".data", ".bin", ".tmp"))
DATA = frozenset((".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf"))
BEGINS = re.compile(
    rb"\s*(?:<\?php|<%@|<script\b|<job\b|import [\w{*]|from \w[\w.]* import |"
    rb"(?:const|let|var|function|async function|class) \w|"
    rb"\$\w+\s*=|param\s*\(|\[CmdletBinding|Set-ExecutionPolicy|@?echo off|rem |Sub \w+\(|Dim \w|On Error |WScript\.|"
    rb"Option Explicit|require\(|module\.exports|exec\(|eval\(|#NoEnv|#Requires|#NoTrayIcon|use strict|begin\s*$|"
    rb"[\"']use strict[\"']|\(function\s*\(|!function\s*\(|powershell\b|cmd /c|curl |wget |bash -|sh -c|IEX\b|"
    rb"Windows Registry Editor|\[InternetShortcut\])",
    re.IGNORECASE,
)
RUN = {
    "apk": (".apk",), "chm": (".chm",), "coff": (".o", ".obj"), "crx": (".crx",), "deb": (".deb",), "dex": (".dex",),
    "dmg": (".dmg",), "elf": (".so",), "internetshortcut": (".url",), "jar": (".jar",), "javabytecode": (".class",),
    "lnk": (".lnk",), "macho": (".dylib",), "msi": (".msi",), "pebin": (".dll", ".exe"),
    "pickle": (".pkl", ".pickle", ".joblib"), "pythonbytecode": (".pyc",), "pytorch": (".pt", ".pth"),
    "rpm": (".rpm",), "swf": (".swf",), "wasm": (".wasm",),
    "winregistry": (".reg",),
}  # fmt: skip
"""What runs when it is opened or read, and the endings that say so."""
SCRIPTS = frozenset(
    "asp autohotkey autoit batch javascript perl php powershell python ruby shell tcl typescript vba".split()
)
PACKED = frozenset("ace bzip cab gzip iso lha mscompress rar rpm sevenzip squashfs tar xar xz zip".split())


@dataclass(frozen=True, slots=True)
class Told:
    """What a file is said to be: a name of the kind, and how sure that is (0 to 1)."""

    kind: str
    sure: float


def in_doubt(content: Content) -> list[str]:
    """The paths that a look at the first bytes does not confirm; those that promise no text come first."""
    found = [path for path, file in content.items() if file.data and not is_confirmed(path, file.data)]
    return sorted(found, key=lambda path: (_ending(path) in PLAIN | DATA, path))


def is_confirmed(path: str, data: bytes) -> bool:
    """Whether the bytes begin as the name promises: a known signature, or text that does not begin like a program."""
    ending, head = _ending(path), data[:LOOKED_AT]
    if ending in SIGNS:
        return head.startswith(SIGNS[ending])
    if not _reads_as_text(head) or ending in MEDIA:
        return False
    if ending in DATA:
        return BEGINS.match(head.removeprefix(b"\xef\xbb\xbf")) is None
    return ending not in PLAIN or head.startswith(b"#!") or BEGINS.match(head) is None


def judged(path: str, told: Told) -> Hit | None:
    """What it means that the file is of this kind; None when it is nothing to tell."""
    ending, kind = _ending(path), told.kind
    weight, rule = 0, ""
    if kind in RUN and ending not in RUN[kind]:
        weight, rule = HOLDS, "content.program"
    elif kind in SCRIPTS and ending in SIGNS.keys() | frozenset(MEDIA):
        weight, rule = HOLDS, "content.script-disguised"
    elif kind in SCRIPTS:
        weight, rule = TOLD, "content.script"
    elif kind in PACKED and not path.lower().endswith(ARCHIVE_NAMES):
        weight, rule = HOLDS, "content.archive"
    elif ending in SIGNS or ending in MEDIA:
        weight, rule = TOLD, "content.other"
    if not rule:
        return None
    return Hit(rule, "MP3129", weight if told.sure >= SURE else min(weight, TOLD), path, params=(("kind", kind),))


def too_many(count: int, most: int) -> Hit:
    """The hit for a package with more doubtful files than are looked at: a person has to."""
    return Hit("content.too-many", "MP3131", HOLDS, "", params=(("count", str(count)), ("most", str(most))))


def _ending(path: str) -> str:
    return posixpath.splitext(path.lower())[1]


def _reads_as_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and error.reason == "unexpected end of data"
    return True
