from __future__ import annotations

import json
from typing import Any

from registry.domain.content import Content, File
from registry.domain.formats import detect
from registry.domain.formats.marketplace import FILES_MOST
from tests.registry.packages import AGENT, COMMAND, MANIFEST, MARKETPLACE, PLUGIN, SKILL, finding, found, made


def shelf(*plugins: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "shelf", "owner": {"name": "Ann"}, "plugins": list(plugins), **more}


def test_each_entry_is_a_package_with_its_own_files() -> None:
    files = {
        MARKETPLACE: shelf({"name": "one", "source": "./one"}, {"name": "two", "source": "two", "version": "2.1.0"}),
        f"one/{MANIFEST}": {**PLUGIN, "name": "one"},
        "one/commands/x.md": COMMAND,
        "two/agents/tester.md": AGENT,
        "three/agents/tester.md": AGENT,
    }
    one, two = found(files).entries
    assert (one.name, one.version, list(one.content)) == ("one", "1.2.0", [MANIFEST, "commands/x.md"])
    assert (two.name, two.version, list(two.content)) == ("two", "2.1.0", [MANIFEST, "agents/tester.md"])


def test_root_of_all_plugins_is_heeded() -> None:
    files = {
        MARKETPLACE: shelf({"name": "a", "source": "a"}, metadata={"pluginRoot": "./plugins"}),
        "plugins/a/commands/x.md": COMMAND,
    }
    assert found(files).entries[0].source_path == "plugins/a"


def test_what_only_the_marketplace_says_is_kept_in_the_package() -> None:
    item = {"name": "kit", "source": "./kit", "description": "Ours.", "homepage": "https://a.example", "tags": ["sql"]}
    files = {
        MARKETPLACE: shelf(item),
        f"kit/{MANIFEST}": {"name": "kit", "description": "Its own."},
        "kit/commands/x.md": COMMAND,
    }
    (kit,) = found(files).entries
    again = json.loads(kit.content[MANIFEST].data)
    assert again == {"name": "kit", "description": "Its own.", "homepage": "https://a.example", "tags": ["sql"]}
    assert (kit.manifest.homepage, kit.manifest.keywords) == ("https://a.example", ("sql",))
    assert finding(files, "MP2078").params == {"keys": "homepage, tags"}


def test_manifest_that_says_everything_stays_byte_for_byte() -> None:
    text = '{ "name": "kit",   "version": "1.0.0" }'
    files = {
        MARKETPLACE: shelf({"name": "kit", "source": "./kit", "version": "1.0.0"}),
        f"kit/{MANIFEST}": text,
        "kit/commands/x.md": COMMAND,
    }
    assert found(files).entries[0].content[MANIFEST].data == text.encode()


def test_entries_that_share_the_root_hold_what_they_name() -> None:
    files = {
        MARKETPLACE: shelf(
            {"name": "docs", "source": "./", "strict": False, "skills": ["./skills/a"]},
            {"name": "more", "source": "./", "strict": False, "skills": ["./skills/b"], "hooks": "./hooks/x.json"},
        ),
        "README.md": "# All",
        "skills/a/SKILL.md": SKILL,
        "skills/b/SKILL.md": SKILL,
        "hooks/x.json": {"hooks": {}},
    }
    docs, more = found(files).entries
    assert list(docs.content) == [MANIFEST, "README.md", "skills/a/SKILL.md"]
    assert list(more.content) == [MANIFEST, "README.md", "hooks/x.json", "skills/b/SKILL.md"]


def test_plugin_that_is_a_marketplace_too_is_the_plugin_alone() -> None:
    files = {MARKETPLACE: shelf({"name": "kit", "source": "./"}), MANIFEST: PLUGIN, "skills/reviewer/SKILL.md": SKILL}
    (kit,) = found(files).entries
    assert list(kit.content) == [MANIFEST, "skills/reviewer/SKILL.md"]
    (again,) = detect(kit.content).entries
    assert again.content.digest == kit.content.digest


def test_each_kind_of_unusable_entry_is_told_by_itself() -> None:
    files = {
        MARKETPLACE: shelf(
            {"name": "up", "source": "../up"},
            {"name": "gone", "source": "./gone"},
            {"name": "far", "source": {"source": "git-subdir", "url": "https://g.example/a.git", "path": "x"}},
            {"name": "nowhere"},
            {"source": "./kit"},
            {"name": "broken", "source": "./broken"},
            {"name": "kit", "source": "./kit"},
        ),
        f"broken/{MANIFEST}": "{",
        "kit/commands/x.md": COMMAND,
    }
    entries = found(files).entries
    assert [(one.name, one.findings[0].code) for one in entries if not one.is_usable] == [
        ("up", "MP2050"),
        ("gone", "MP2051"),
        ("far", "MP3044"),
        ("nowhere", "MP3044"),
        ("entry-5", "MP2071"),
        ("broken", "MP2010"),
    ]
    assert entries[2].findings[0].params == {"source": "git-subdir https://g.example/a.git x"}
    assert entries[6].is_usable


def test_entries_cannot_multiply_a_large_repository() -> None:
    many = {f"f/{n}": File(b"") for n in range(1000)}
    plugins = [{"name": f"p{n}", "source": "./"} for n in range(FILES_MOST // 1000 + 1)]
    content = Content({**many, **dict(made({MARKETPLACE: shelf(*plugins)}).items())})
    codes = [[told.code for told in one.findings if told.severity == "error"] for one in detect(content).entries]
    assert codes[0] == []
    assert codes[-1] == ["MP2077"]
