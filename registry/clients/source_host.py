"""Reads files out of git repositories: nothing is checked out, no hook, filter or configuration of theirs runs."""

from __future__ import annotations

import os
import posixpath
import re
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from marketplace.core.addresses import AddressRefused, public_address

if TYPE_CHECKING:
    from collections.abc import Iterator

CLONE_SECONDS = 120
FILE_MOST = 20_000
BLOB_MOST = 16 * 1024 * 1024
TOTAL_MOST = 256 * 1024 * 1024
TAG_MOST = 500
HISTORY_TAG = re.compile(r"refs/tags/(?P<plugin>[A-Za-z0-9][-A-Za-z0-9._]*)--v(?P<version>[0-9][0-9A-Za-z.+-]*)$")
LINK = "120000"
EXECUTABLE = "100755"


class SourceRefused(Exception):
    """The address may not be called, or no repository came from it; the text says why."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag `{plugin}--v{version}`: one release of one plugin in the repository's history."""

    ref: str
    plugin: str
    version: str


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on this machine, without a work tree."""

    path: Path

    def revision(self, ref: str = "HEAD") -> str:
        """The commit that `ref` names."""
        return _git("rev-parse", f"{ref}^{{commit}}", cwd=self.path).decode().strip()

    def tags(self) -> list[Tag]:
        """The release tags of plugins, at most TAG_MOST, in the order of their names."""
        lines = _git("for-each-ref", "--format=%(refname)", "refs/tags", cwd=self.path).decode().splitlines()
        found = (HISTORY_TAG.fullmatch(line) for line in lines)
        return [Tag(m.group(0), m["plugin"], m["version"]) for m in found if m][:TAG_MOST]

    def files(self, ref: str = "HEAD", below: str = "") -> list[tuple[str, bytes, bool]]:
        """Path, bytes and executable bit of every regular file of a commit, below a folder when one is named.

        A link to a file of the same tree is that file; other links and submodules are left out. Raises SourceRefused
        beyond the limits.
        """
        entries = list(_tree(self.path, ref))
        blobs = {path: (mode, sha) for mode, sha, path in entries}
        if len(blobs) > FILE_MOST:
            raise SourceRefused(f"more than {FILE_MOST} files")
        prefix = f"{below.strip('/')}/" if below.strip("/") else ""
        wanted = {path: entry for path, entry in blobs.items() if path.startswith(prefix)}
        data = _blobs(self.path, {sha for _, sha in wanted.values()})
        files = []
        for path, (mode, sha) in wanted.items():
            resolved = _followed(path, sha, blobs, data, self.path) if mode == LINK else (mode, data.get(sha))
            if resolved is not None and resolved[1] is not None:
                files.append((path.removeprefix(prefix), resolved[1], resolved[0] == EXECUTABLE))
        return files


@contextmanager
def repository(address: str) -> Iterator[Repository]:
    """The repository at an https address (or a folder on this machine, for commands), for the time of the block.

    Raises SourceRefused.
    """
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        path = Path(folder) / "repository.git"
        options = _guarded(address) if "://" in address else ["-c", "protocol.file.allow=always"]
        depth = ["--depth=1"] if "://" in address else []
        _git(*options, "clone", "--quiet", "--bare", "--no-tags", *depth, "--", address, str(path), cwd=Path(folder))
        _fetch_tags(path, options)
        yield Repository(path)


def _fetch_tags(path: Path, options: list[str]) -> None:
    listed = _git(*options, "ls-remote", "--tags", "origin", cwd=path).decode().splitlines()
    refs = [line.split("\t")[1] for line in listed if HISTORY_TAG.fullmatch(line.split("\t")[1])][:TAG_MOST]
    if refs:
        wanted = [f"+{ref}:{ref}" for ref in refs]
        _git(*options, "fetch", "--quiet", "--depth=1", "--no-tags", "origin", *wanted, cwd=path)


def _guarded(address: str) -> list[str]:
    """Git's options for one public host: its address fixed, no redirects, no other protocol."""
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    allowed = f"{parts.hostname}:{port}" in settings.OUTBOUND_ALLOW
    if parts.scheme != "https" and not (parts.scheme == "http" and allowed):
        raise SourceRefused("it must begin with https://")
    if parts.username or parts.password or not parts.hostname:
        raise SourceRefused("it must name a host and no password")
    try:
        ip = public_address(parts.hostname, port)
    except AddressRefused as error:
        raise SourceRefused(str(error)) from error
    resolved = f"[{ip}]" if ":" in ip else ip
    return [
        "-c", f"http.curloptResolve={parts.hostname}:{port}:{resolved}",
        "-c", "http.followRedirects=false",
        "-c", "http.lowSpeedLimit=1000",
        "-c", "http.lowSpeedTime=20",
    ]  # fmt: skip


def _git(*arguments: str, cwd: Path, stdin: bytes | None = None) -> bytes:
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(cwd),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "http:https:file",
        "GIT_PROTOCOL_FROM_USER": "0",
        "LC_ALL": "C",
    } | {name: os.environ[name] for name in ("SSL_CERT_FILE", "GIT_SSL_CAINFO") if name in os.environ}
    command = ["git", "-c", "core.hooksPath=/dev/null", "-c", "safe.directory=*", *arguments]
    try:
        done = subprocess.run(  # noqa: S603  (a fixed program; addresses stand behind `--`)
            command, cwd=cwd, env=environment, input=stdin, capture_output=True, timeout=CLONE_SECONDS, check=True
        )
    except subprocess.TimeoutExpired as error:
        raise SourceRefused(f"no answer within {CLONE_SECONDS} seconds") from error
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").strip().splitlines() or ["git failed"]
        raise SourceRefused(lines[-1][:200]) from error
    return done.stdout


def _tree(path: Path, ref: str) -> Iterator[tuple[str, str, str]]:
    """Mode, object and path of every blob of a commit."""
    for line in _git("ls-tree", "-r", "-z", "--full-tree", ref, cwd=path).split(b"\0"):
        if not line:
            continue
        facts, _, name = line.partition(b"\t")
        mode, kind, sha = facts.decode().split()
        if kind == "blob":
            yield mode, sha, name.decode("utf-8", errors="replace")


def _blobs(path: Path, shas: set[str]) -> dict[str, bytes]:
    """The bytes of objects by name; raises SourceRefused beyond TOTAL_MOST, leaves out what is over BLOB_MOST."""
    names = "\n".join(sorted(shas)).encode()
    sizes = _git("cat-file", "--batch-check=%(objectname) %(objectsize)", cwd=path, stdin=names).decode().split()
    small = [sha for sha, size in zip(sizes[::2], map(int, sizes[1::2]), strict=True) if size <= BLOB_MOST]
    if sum(size for size in map(int, sizes[1::2]) if size <= BLOB_MOST) > TOTAL_MOST:
        raise SourceRefused(f"more than {TOTAL_MOST // (1024 * 1024)} MiB of files")
    packed = _git("cat-file", "--batch", cwd=path, stdin="\n".join(small).encode())
    data: dict[str, bytes] = {}
    at = 0
    while at < len(packed):
        end = packed.index(b"\n", at)
        sha, _, size = packed[at:end].decode().split()
        data[sha] = packed[end + 1 : end + 1 + int(size)]
        at = end + 2 + int(size)
    return data


def _followed(
    path: str, sha: str, blobs: dict[str, tuple[str, str]], data: dict[str, bytes], repository: Path
) -> tuple[str, bytes | None] | None:
    """The file that a link of the tree ends at; None when it leaves the tree, circles or ends at a folder."""
    mode = LINK
    for _ in range(8):
        if mode != LINK:
            return mode, data.get(sha) or _blobs(repository, {sha}).get(sha)
        target = (data.get(sha) or _blobs(repository, {sha}).get(sha, b"")).decode("utf-8", errors="replace")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if path not in blobs:
            return None
        mode, sha = blobs[path]
    return None
