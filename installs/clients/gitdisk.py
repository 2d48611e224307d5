"""Repositories on disk, built on demand from a state and kept by its digest; git itself serves them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from django.conf import settings

from registry.domain.content import Content, File

if TYPE_CHECKING:
    from collections.abc import Iterator

    from installs.domain.git_state import Folder, GitState

MOST = 1000
BUILD_SECONDS = 120
MOMENT = "1700000000 +0000"
CONFIG = {
    "uploadpack.allowFilter": "true",
    "uploadpack.allowAnySHA1InWant": "true",
    "uploadpack.allowTipSHA1InWant": "true",
    "http.receivepack": "false",
    "gc.auto": "0",
}
FORMAT_VERSION = "2"


class GitBuildFailed(RuntimeError):
    """Git could not write the repository; the text is its last line."""


class GitStore(Protocol):
    """Repositories by state."""

    def repository(self, state: GitState) -> Path:
        """The bare repository of the state, built when it is not there."""

    def head(self, digest: str) -> str | None:
        """The commit of a state that was built on this machine; None when it was not."""

    def path(self, digest: str) -> Path:
        """Where the repository of a state lies."""


def environment(**more: str) -> dict[str, str]:
    """What git sees: no configuration but the repository's own, no prompts, no home."""
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": tempfile.gettempdir(),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
        **more,
    }


@dataclass(frozen=True, slots=True)
class DiskGitStore:
    """Repositories below one folder; the longest unused go when there are more than MOST."""

    root: Path

    def path(self, digest: str) -> Path:
        """`<root>/ab/abcd….git`."""
        return self.root / FORMAT_VERSION / digest[:2] / f"{digest}.git"

    def head(self, digest: str) -> str | None:
        """The commit that `main` names."""
        file = self.path(digest) / "refs" / "heads" / "main"
        return file.read_text(encoding="ascii").strip() if file.exists() else None

    def repository(self, state: GitState) -> Path:
        """Built beside and renamed: a crash leaves nothing or a whole repository; who comes second uses the first's."""
        path = self.path(state.digest)
        if path.exists():
            os.utime(path)
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=path.parent) as folder:
            beside = Path(folder) / "repository.git"
            _build(beside, state)
            try:
                beside.rename(path)
            except OSError:
                if not path.exists():
                    raise
        self.trim()
        return path

    def trim(self) -> None:
        """Remove the longest unused repositories beyond MOST."""
        repositories = sorted((self.root / FORMAT_VERSION).glob("*/*.git"), key=lambda path: path.stat().st_mtime)
        for path in repositories[:-MOST]:
            shutil.rmtree(path, ignore_errors=True)


def git_store() -> GitStore:
    """The store below GIT_CACHE_DIR."""
    return DiskGitStore(Path(settings.GIT_CACHE_DIR))


def _build(path: Path, state: GitState) -> None:
    _git("init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(path))
    for key, value in CONFIG.items():
        _git("--git-dir", str(path), "config", key, value)
    with tempfile.TemporaryFile() as stream:
        for piece in _stream(state):
            stream.write(piece)
        stream.seek(0)
        command = ["git", "--git-dir", str(path), "fast-import", "--quiet", "--done"]
        done = subprocess.run(  # noqa: S603  (a fixed program with a path of ours)
            command, stdin=stream, capture_output=True, timeout=BUILD_SECONDS, env=environment(), check=False
        )
    if done.returncode:
        raise GitBuildFailed(_last_line(done.stderr))
    (path / "git-daemon-export-ok").touch()


def _stream(state: GitState) -> Iterator[bytes]:
    """The repository for `git fast-import`: tags first, then `main`; each one root commit."""
    for release in state.releases:
        yield from _commit(f"refs/tags/{release.tag}", release.tag, _files(release.folder))
    yield from _commit("refs/heads/main", state.digest, _tree(state))
    yield b"done\n"


def _tree(state: GitState) -> Iterator[tuple[str, bytes, bool]]:
    yield ".claude-plugin/marketplace.json", state.document_bytes, False
    for folder in state.folders:
        yield from _files(folder)


def _files(folder: Folder) -> Iterator[tuple[str, bytes, bool]]:
    prefix = f"{folder.path}/" if folder.path else ""
    for path, file in _renamed(folder.read(), folder.name).items():
        if path != ".claude-plugin/marketplace.json":
            yield f"{prefix}{path}", file.data, file.executable


def _renamed(content: Content, name: str) -> Content:
    """The plugin's own manifest must bear the entry's name (Codex refuses it otherwise)."""
    path = ".claude-plugin/plugin.json"
    manifest = json.loads(content[path].data)
    if manifest["name"] == name:
        return content
    body = json.dumps({**manifest, "name": name}, indent=2, ensure_ascii=False).encode() + b"\n"
    return Content({**content, path: File(body)})


def _commit(ref: str, message: str, files: Iterator[tuple[str, bytes, bool]]) -> Iterator[bytes]:
    text = message.encode()
    yield f"commit {ref}\n".encode()
    yield f"author Marketplace <noreply@marketplace.invalid> {MOMENT}\n".encode()
    yield f"committer Marketplace <noreply@marketplace.invalid> {MOMENT}\n".encode()
    yield b"data %d\n%s\n" % (len(text), text)
    for path, data, executable in files:
        mode = b"100755" if executable else b"100644"
        yield b"M %s inline %s\ndata %d\n" % (mode, _quoted(path), len(data))
        yield data
        yield b"\n"
    yield b"\n"


def _quoted(path: str) -> bytes:
    escaped = path.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + escaped + b'"'


def _git(*arguments: str) -> None:
    done = subprocess.run(  # noqa: S603  (a fixed program with paths of ours)
        ["git", *arguments], capture_output=True, timeout=BUILD_SECONDS, env=environment(), check=False
    )
    if done.returncode:
        raise GitBuildFailed(_last_line(done.stderr))


def _last_line(output: bytes) -> str:
    lines = output.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "git failed"
