"""Paths inside archives: relative, plain, and different from each other on every file system."""

from __future__ import annotations

import re
import unicodedata

from registry.domain.archives.limits import ArchiveRefused, Limits

DRIVE = re.compile(r"[A-Za-z]:")
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
JUNK_FOLDERS = {"__MACOSX", ".git", ".hg", ".svn"}
JUNK_FILES = {".DS_Store", "Thumbs.db", "desktop.ini"}
SEGMENT_MOST = 255
FORBIDDEN = set('<>"|?*')


def safe_path(raw: str, limits: Limits) -> str:
    """The path in NFC; ArchiveRefused MP1110 to MP1116 for one that could land elsewhere or look like another."""
    path = unicodedata.normalize("NFC", raw)
    shown = raw.encode("unicode_escape").decode()[:200]
    if "\0" in path or any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for letter in path):
        raise ArchiveRefused("MP1112", path=shown)
    if "\\" in path:
        raise ArchiveRefused("MP1111", path=shown)
    if path.startswith("/") or DRIVE.match(path):
        raise ArchiveRefused("MP1110", path=shown)
    if len(path.encode()) > limits.path or path.count("/") >= limits.depth:
        raise ArchiveRefused("MP1113", path=shown[:80])
    for segment in path.split("/"):
        check_segment(segment, shown)
    return path


def check_segment(segment: str, shown: str) -> None:
    """Raise ArchiveRefused for a folder or file name that some system reads otherwise."""
    if segment in {"", ".", ".."}:
        raise ArchiveRefused("MP1110", path=shown)
    if len(segment.encode()) > SEGMENT_MOST:
        raise ArchiveRefused("MP1113", path=shown[:80])
    if (
        DEVICES.fullmatch(segment)
        or segment[-1] in ". "
        or segment[0] == " "
        or FORBIDDEN & set(segment)
        or ":" in segment
    ):
        raise ArchiveRefused("MP1114", path=shown)


def is_junk(path: str) -> bool:
    """Whether it is what file managers and version control leave about."""
    parts = path.split("/")
    return bool(JUNK_FOLDERS.intersection(parts)) or parts[-1] in JUNK_FILES


class Places:
    """The paths seen so far: no two may be the same place on a system that folds case or accents."""

    def __init__(self) -> None:
        """Begin with none."""
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def add(self, path: str) -> None:
        """Take `path`; raises ArchiveRefused MP1115 (twice) or MP1116 (collides)."""
        key = _key(path)
        if key in self._files:
            raise ArchiveRefused("MP1115" if self._files[key] == path else "MP1116", path=path)
        if key in self._folders:
            raise ArchiveRefused("MP1116", path=path)
        self._files[key] = path
        parts = path.split("/")[:-1]
        for end in range(1, len(parts) + 1):
            folder = "/".join(parts[:end])
            folded = _key(folder)
            if folded in self._files or self._folders.setdefault(folded, folder) != folder:
                raise ArchiveRefused("MP1116", path=path)


def _key(path: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())
