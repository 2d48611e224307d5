from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installs.domain.gittree import GitState, GitTree, PluginSource, folder_of, is_checked_out, release_tag, renamed
from installs.domain.marketplace_document import Entry, MarketplaceDocument
from registry.domain.content import Content, File

AUTHOR = "Market <noreply@market.example>"
MANIFEST = ".claude-plugin/plugin.json"


def unread() -> Content:
    raise AssertionError("content was read")


def tree_of(*plugins: PluginSource, name: str = "acme") -> GitTree:
    return GitTree(MarketplaceDocument(name, "Acme", "", tuple(plugin.entry for plugin in plugins)), plugins)


def plugin_of(name: str, *, digest: str = "d1", version: str = "1.0.0", source: str | None = None) -> PluginSource:
    return PluginSource(Entry(name, version, folder_of(name) if source is None else source), digest, unread)


def test_digest_reads_no_content() -> None:
    state = GitState(tree_of(plugin_of("sql")), AUTHOR)
    assert state.digest == GitState(tree_of(plugin_of("sql")), AUTHOR).digest


def test_whatever_changes_the_repository_changes_the_digest() -> None:
    base = GitState(tree_of(plugin_of("sql")), AUTHOR)
    others = [
        GitState(tree_of(plugin_of("sql", digest="d2")), AUTHOR),
        GitState(tree_of(plugin_of("sql", version="1.0.1")), AUTHOR),
        GitState(tree_of(plugin_of("sql"), name="globex"), AUTHOR),
        GitState(tree_of(plugin_of("sql"), plugin_of("git")), AUTHOR),
        GitState(tree_of(plugin_of("git"), plugin_of("sql")), AUTHOR),
        GitState(tree_of(plugin_of("sql")), "Other <noreply@market.example>"),
        replace(base, tags={"sql--v1.0.0": tree_of(plugin_of("sql"))}),
        replace(base, tags={"sql--v1.0.1": tree_of(plugin_of("sql"))}),
    ]
    assert len({base.digest, *(other.digest for other in others)}) == len(others) + 1


def test_order_of_tags_does_not_matter() -> None:
    one, two = tree_of(plugin_of("sql")), tree_of(plugin_of("sql", digest="d2"))
    states = [GitState(one, AUTHOR, {"a": one, "b": two}), GitState(one, AUTHOR, {"b": two, "a": one})]
    assert states[0].digest == states[1].digest


def test_tree_holds_document_and_folders() -> None:
    content = Content({"SKILL.md": File(b"x"), "bin/run": File(b"y", executable=True)})
    tree = tree_of(PluginSource(Entry("sql", "1.0.0", folder_of("sql")), "d", lambda: content))
    files = dict(tree.files())
    assert list(files) == [
        ".claude-plugin/marketplace.json",
        ".gitattributes",
        "plugins/sql/SKILL.md",
        "plugins/sql/bin/run",
    ]
    assert files["plugins/sql/bin/run"] == File(b"y", executable=True)
    assert json.loads(files[".claude-plugin/marketplace.json"].data) == tree.document.as_json()


def test_plugin_at_the_root_does_not_replace_the_document() -> None:
    content = Content({".claude-plugin/marketplace.json": File(b"{}"), "README.md": File(b"hi")})
    tree = tree_of(PluginSource(Entry("sql", "1.0.0", ""), "d", lambda: content))
    files = list(tree.files())
    assert [path for path, _ in files] == [".claude-plugin/marketplace.json", ".gitattributes", "README.md"]
    assert json.loads(files[0][1].data)["plugins"][0]["source"] == "./"


def test_document_that_lists_other_entries_is_refused() -> None:
    with pytest.raises(ValueError, match="other entries"):
        GitTree(MarketplaceDocument("acme", "", ""), (plugin_of("sql"),))


def test_manifest_bears_the_name_of_the_entry() -> None:
    content = Content({MANIFEST: File(b'{"version": "1.0.0", "name": "sql"}')})
    assert json.loads(renamed(content, "globex.sql").text(MANIFEST)) == {"version": "1.0.0", "name": "globex.sql"}
    assert renamed(content, "sql") is content


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_unreadable_manifest_stays_as_it_is(body: bytes) -> None:
    content = Content({MANIFEST: File(body)})
    assert renamed(content, "sql") is content


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        "a/.GIT/config",
        "a/.git",
        "a/.g\u200cit/x",
        "git~1/x",
        "GIT~2",
        ".git /x",
        ".git. ./x",
        ".git::$INDEX_ALLOCATION/x",
        "a\\.git\\x",
        ".gitattributes",
        "a/.GitAttributes",
        ".gitmodules",
        "gitmod~1",
        "a//b",
        "../a",
        "./a",
    ],
)
def test_names_that_git_keeps_for_itself_are_left_out(path: str) -> None:
    assert not is_checked_out(path)


@pytest.mark.parametrize(
    "path", ["README.md", ".gitignore", "a/.gitkeep", "git", "a/.github/x.yml", "git-notes/x", "..a"]
)
def test_other_names_stay(path: str) -> None:
    assert is_checked_out(path)


@given(
    st.lists(st.sampled_from(["a", ".git", "GIT~1", "b c", "é", ".gitmodules", ".git\u200d"]), min_size=1, max_size=4)
)
def test_one_bad_segment_is_enough(segments: list[str]) -> None:
    assert is_checked_out("/".join(segments)) == (set(segments) <= {"a", "b c", "é"})


def test_release_tag_is_the_one_that_clients_look_for() -> None:
    assert release_tag("sql", "1.2.0") == "sql--v1.2.0"
