"""Large repositories are put together from parts: the same as if they were written whole, and nothing else in them."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from installs.clients.gitstore.store import LocalGitStore
from installs.domain import gittree
from installs.domain.gittree import GitState, GitTree, PluginSource, folder_of
from installs.domain.marketplace_document import Entry, MarketplaceDocument
from installs.services.git_publishers import publisher_state
from installs.services.git_recent import former, remember
from installs.services.git_states import state_of
from marketplace.core import tenancy
from registry.domain.content import Content, File
from registry.domain.formats import detect
from registry.models import Version
from tests.installs.mcp_world import Acme
from tests.registry import world
from tests.registry.packages import made

if TYPE_CHECKING:
    from pathlib import Path

MANY = 300


class Shop:
    """Plugins by name with their text; counts how often one is read."""

    def __init__(self) -> None:
        """With many of them."""
        self.texts = {f"p{number:03}": f"text of {number}" for number in range(MANY)}
        self.read: list[str] = []

    def state(self) -> GitState:
        """The state of all of them."""
        plugins = tuple(
            PluginSource(Entry(name, "1.0.0", folder_of(name)), text, lambda name=name: self._files(name))  # type: ignore[misc]
            for name, text in self.texts.items()
        )
        document = MarketplaceDocument("acme", "Acme", "", tuple(plugin.entry for plugin in plugins))
        return GitState(GitTree(document, plugins), "Market <noreply@market.example>")

    def _files(self, name: str) -> Content:
        self.read.append(name)
        return Content({"README.md": File(self.texts[name].encode()), "bin/run": File(b"x", executable=True)})


def git(path: Path, *arguments: str, stdin: str = "") -> str:
    call = ["git", "-c", "safe.directory=*", f"--git-dir={path}", *arguments]
    return subprocess.run(call, input=stdin, capture_output=True, text=True, check=True).stdout.strip()


def test_parts_make_the_same_commit_and_only_what_changed_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gittree, "CHUNK_MEAN", 16)
    shop, store = Shop(), LocalGitStore(tmp_path / "store")
    assert 10 < len(list(shop.state().head.chunks())) < 30
    with store.open(shop.state().digest, shop.state) as before:
        assert sorted(shop.read) == sorted(shop.texts)
        git(before.path, "fsck", "--strict", "--no-dangling")
        removed = git(before.path, "rev-parse", "main:plugins/p150/README.md")
        assert before.has(removed)
    shop.read.clear()
    del shop.texts["p150"]
    shop.texts["p151"] = "another text"
    with store.open(shop.state().digest, shop.state) as after:
        assert 0 < len(set(shop.read)) < MANY / 2
        assert not after.has(removed)
        assert not after.has(before.commit)
        assert len(git(after.path, "ls-tree", "--name-only", "main:plugins").splitlines()) == MANY - 1
        monkeypatch.setattr(gittree, "CHUNKED_FROM", 10**6)
        with LocalGitStore(tmp_path / "other").open(shop.state().digest, shop.state) as whole:
            assert whole.commit == after.commit
    shop.read.clear()
    store.open(shop.state().digest, pytest.fail).close()
    assert not shop.read


def test_parts_are_evicted_with_the_least_used(tmp_path: Path) -> None:
    shop, store = Shop(), LocalGitStore(tmp_path / "store", most=0, pause=0)
    store.open(shop.state().digest, shop.state).close()
    del shop.texts["p000"]
    store.open(shop.state().digest, shop.state).close()
    left = list((tmp_path / "store").glob("parts/*/*"))
    assert len(left) < len(list(shop.state().head.chunks())) * 2


@pytest.mark.django_db
def test_entries_give_the_state_that_their_versions_give() -> None:
    with tenancy.bound(tenancy.SYSTEM):
        acme = Acme()
        acme.skill("reviewer")
        acme.server("weather")
        needy = {".claude-plugin/plugin.json": {"name": "needy", "version": "1.0.0", "dependencies": ["reviewer"]}}
        (entry,) = detect(made({**needy, "commands/go.md": "Go."})).entries
        world.publish(acme.publisher, acme.ann, entry, number="1.0.0")
        served = publisher_state("acme")
        versions = [Version.objects.select_related("package__publisher").get(pk=one.pk) for one in served.versions]
        assert [version.package.name for version in versions] == ["needy", "reviewer", "weather"]
        assert served.digest == state_of(served.shelf, versions).digest == publisher_state("acme").digest
        remember(served)
        assert list(former(served)) == []
        acme.skill("second")
        now = publisher_state("acme")
        assert now.digest != served.digest
        assert [state.digest for state in former(now)] == [served.digest]
