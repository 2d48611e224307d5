"""A repository without a work tree, and the files of its commits."""

from __future__ import annotations

import posixpath
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from marketplace.core.temporary import temporary_folder
from registry.clients.source_host.git import SourceRefused, git, git_stream, guarded
from registry.domain.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.domain.findings import Severity

FILE_MOST = 20_000
BLOB_MOST = 64 * 1024 * 1024
TOTAL_MOST = 256 * 1024 * 1024
TAG_MOST = 200
HOPS = 8
HISTORY_TAG = re.compile(r"refs/tags/(?P<plugin>[A-Za-z0-9][-A-Za-z0-9._]*)--v(?P<version>[0-9][0-9A-Za-z.+-]*)$")
LINK, EXECUTABLE, SUBMODULE = "120000", "100755", "160000"
LFS = b"version https://git-lfs.github.com/spec/"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag `{plugin}--v{version}`: one release of one plugin in the repository's history."""

    ref: str
    plugin: str
    version: str


@dataclass(slots=True)
class Tree:
    """The files of one commit (path, bytes, executable bit), and what is to be said about those that are not there."""

    files: list[tuple[str, bytes, bool]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on this machine."""

    path: Path

    def revision(self, ref: str = "HEAD") -> str:
        """The commit that `ref` names."""
        return git("rev-parse", f"{ref}^{{commit}}", cwd=self.path).decode().strip()

    def tags(self) -> list[Tag]:
        """The release tags of plugins, at most TAG_MOST, in the order of their names."""
        lines = git("for-each-ref", "--format=%(refname)", "refs/tags", cwd=self.path).decode().splitlines()
        found = (HISTORY_TAG.fullmatch(line) for line in lines)
        return [Tag(m.group(0), m["plugin"], m["version"]) for m in found if m][:TAG_MOST]

    def tree(self, ref: str = "HEAD") -> Tree:
        """Every regular file of a commit; a link inside it is the file, or the folder, that it leads to.

        Links that lead elsewhere, submodules, absent and oversized files are findings. Raises SourceRefused beyond the
        limits.
        """
        listed = list(_listed(self.path, ref))
        if len(listed) > FILE_MOST:
            raise SourceRefused(f"it has more than {FILE_MOST} files")
        return _Reading(self.path, listed).tree()


class _Reading:
    """One commit, while its files are gathered."""

    def __init__(self, path: Path, listed: list[tuple[str, str, str]]) -> None:
        """Begin with what `git ls-tree` says."""
        self.entries = {name: (mode, sha) for mode, sha, name in listed}
        shas = {sha for mode, sha, _ in listed if mode != SUBMODULE}
        self.sizes = _sizes(path, shas)
        small = [sha for sha, size in self.sizes.items() if size <= BLOB_MOST]
        if sum(self.sizes[sha] for sha in small) > TOTAL_MOST:
            raise SourceRefused(f"its files are larger than {TOTAL_MOST // (1024 * 1024)} MiB")
        self.data = _blobs(path, small)
        self.result = Tree()

    def tree(self) -> Tree:
        """All of it."""
        for path, (mode, sha) in self.entries.items():
            if mode == SUBMODULE:
                self._say("MP2085", "warning", path)
            elif mode == LINK:
                self._link(path)
            else:
                self._file(path, mode, sha)
            if len(self.result.files) > FILE_MOST:
                raise SourceRefused(f"it has more than {FILE_MOST} files")
        return self.result

    def _file(self, path: str, mode: str, sha: str) -> None:
        data = self.data.get(sha)
        if data is None:
            known = sha in self.sizes
            self._say("MP1104" if known else "MP2087", "error", path, limit=BLOB_MOST)
            return
        if data.startswith(LFS):
            self._say("MP2086", "warning", path)
        self.result.files.append((path, data, mode == EXECUTABLE))

    def _link(self, path: str) -> None:
        target = self._followed(path)
        if target in self.entries:
            self._file(path, *self.entries[target])
            return
        inside = [name for name in self.entries if target and name.startswith(f"{target}/")]
        if not inside or path.startswith(f"{target}/"):
            self._say("MP2084", "warning", path)
        for name in inside if not path.startswith(f"{target}/") else []:
            end = self._followed(name)
            if end in self.entries:
                self._file(f"{path}{name[len(target) :]}", *self.entries[end])

    def _followed(self, path: str) -> str:
        """Where a link ends: a file, or a folder of the tree; empty when it leaves the tree or circles."""
        for _ in range(HOPS):
            mode, sha = self.entries.get(path, ("", ""))
            if mode != LINK:
                return path if mode != SUBMODULE else ""
            target = self.data.get(sha, b"").decode("utf-8", errors="surrogateescape")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            if target.startswith("/") or path == ".." or path.startswith("../"):
                return ""
        return ""

    def _say(self, code: str, severity: Severity, path: str, **params: int) -> None:
        shown = path.encode("utf-8", errors="replace").decode()[:400]
        self.result.findings.append(Finding(code, severity, shown, params={"path": shown, **params}))


@contextmanager
def repository(address: str) -> Iterator[Repository]:
    """The repository at an https address (or a folder on this machine, for commands), for the time of the block.

    Raises SourceRefused.
    """
    is_remote = "://" in address
    options = guarded(address) if is_remote else ["-c", "protocol.file.allow=always"]
    depth = ["--depth=1"] if is_remote else []
    protocols = "http:https" if is_remote else "file"
    with temporary_folder("import-") as folder:
        path = folder / "repository.git"
        clone = ["clone", "--quiet", "--bare", "--no-tags", *depth, "--", address, str(path)]
        git(*options, *clone, cwd=folder, protocols=protocols)
        _fetch_tags(path, options, protocols)
        yield Repository(path)


def _fetch_tags(path: Path, options: list[str], protocols: str) -> None:
    answer = git(*options, "ls-remote", "--tags", "origin", cwd=path, protocols=protocols)
    refs = [line.partition("\t")[2] for line in answer.decode(errors="replace").splitlines()]
    wanted = [f"+{ref}:{ref}" for ref in refs if HISTORY_TAG.fullmatch(ref)][:TAG_MOST]
    if wanted:
        fetch = ["fetch", "--quiet", "--depth=1", "--no-tags", "origin", *wanted]
        git(*options, *fetch, cwd=path, protocols=protocols)


def _listed(path: Path, ref: str) -> Iterator[tuple[str, str, str]]:
    """Mode, object and path of everything in a commit; bytes of a path that are not UTF-8 stay as surrogates."""
    for line in git("ls-tree", "-r", "-z", "--full-tree", ref, cwd=path).split(b"\0"):
        if line:
            facts, _, name = line.partition(b"\t")
            mode, _, sha = facts.decode().split()
            yield mode, sha, name.decode("utf-8", errors="surrogateescape")


def _sizes(path: Path, shas: set[str]) -> dict[str, int]:
    """The sizes of the objects that are there."""
    names = "\n".join(sorted(shas)).encode()
    answer = git("cat-file", "--batch-check=%(objectname) %(objectsize)", cwd=path, stdin=names).decode()
    pairs = (line.split() for line in answer.splitlines())
    return {sha: int(size) for sha, size in pairs if size.isdecimal()}


def _blobs(path: Path, shas: list[str]) -> dict[str, bytes]:
    """The bytes of objects by name."""
    data: dict[str, bytes] = {}
    with git_stream("cat-file", "--batch", cwd=path, stdin="\n".join(shas).encode()) as output:
        while line := output.readline():
            sha, _, size = line.decode().split()
            data[sha] = output.read(int(size))
            output.read(1)
    return data
