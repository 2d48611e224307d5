"""A repository whose objects did not all arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.clients.source_host.repository import Repository
from tests.registry.git_host import commit, git

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_whose_bytes_did_not_arrive_is_said_and_the_others_are_there(tmp_path: Path) -> None:
    folder = tmp_path / "half"
    commit(folder, {"here.md": "here\n", "gone.md": "gone\n"})
    sha = git(folder, "rev-parse", "HEAD:gone.md")
    (folder / ".git" / "objects" / sha[:2] / sha[2:]).unlink()

    tree = Repository(folder / ".git").tree()

    assert tree.files == [("here.md", b"here\n", False)]
    assert [(finding.code, finding.severity, finding.path) for finding in tree.findings] == [
        ("MP2087", "error", "gone.md")
    ]
