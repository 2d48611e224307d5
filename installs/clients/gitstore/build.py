"""Writes one state as a bare repository: same state, same bytes of every object, same commits.

A large tree is put together from parts, each a pack with the objects of some of its folders. The packs are linked into
the repository, which so holds the objects of its state and no others.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from installs.clients.gitstore.environment import PROGRAM, scrubbed
from installs.clients.gitstore.fastimport import MAIN, PACKS, Commit, flush_below, make_empty, write_commits
from installs.domain.gittree import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from installs.domain.gittree import Chunk, GitState

FOLDERS = "folders"
LIST_SECONDS = 30


def build(state: GitState, path: Path, part_of: Callable[[Chunk], AbstractContextManager[Path]]) -> None:
    """Write the repository into the empty folder `path`; `part_of` finds or builds a chunk as `build_part` does.

    Raises BuildFailed, and whatever reading a plugin's files raises; `path` is of no use then.
    """
    make_empty(path)
    folders: dict[str, str] = {}
    for chunk in state.head.chunks():
        with part_of(chunk) as part:
            for file in part.glob("pack-*"):
                _link(file, path / PACKS / file.name)
            lines = (part / FOLDERS).read_text(encoding="utf-8").splitlines()
        folders |= {f"{FOLDER}/{name}": tree for tree, name in (line.split("\t") for line in lines)}
    commits = [Commit(MAIN, state.author, state.digest, state.head.files(), folders)]
    for name, tree in sorted(state.tags.items()):
        commits.append(Commit(f"refs/tags/{name}", state.author, state.digest, tree.files()))
    write_commits(path, commits)
    flush_below(path)


def build_part(chunk: Chunk, path: Path) -> None:
    """Write the pack of a chunk into the empty folder `path`, and a list of its folders with their trees.

    Raises like `build`.
    """
    with tempfile.TemporaryDirectory(dir=path) as folder:
        repository = Path(folder)
        make_empty(repository)
        write_commits(repository, [Commit(MAIN, "part <>", chunk.digest, chunk.files())])
        command = [*PROGRAM, f"--git-dir={repository}", "ls-tree", "-z", "--format=%(objectname)%x09%(path)", MAIN]
        done = subprocess.run(  # noqa: S603  (a fixed program; the path is ours)
            [*command, f"{FOLDER}/"], env=scrubbed(), capture_output=True, timeout=LIST_SECONDS, check=True
        )
        listed = done.stdout.decode().replace(f"\t{FOLDER}/", "\t").replace("\0", "\n")
        (path / FOLDERS).write_text(listed, encoding="utf-8")
        for file in (repository / PACKS).glob("pack-*"):
            file.rename(path / file.name)
    flush_below(path)


def _link(file: Path, target: Path) -> None:
    """The same bytes at two places; a copy where there are no links."""
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)
