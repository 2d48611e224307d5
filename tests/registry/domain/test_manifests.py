from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.codes import CODES, fix, sentence
from registry.domain.formats import detect
from tests.registry.packages import (
    AGENT,
    BUNDLE,
    CARD,
    COMMAND,
    MANIFEST,
    MARKETPLACE,
    PLUGIN,
    SERVER,
    SKILL,
    entry,
    finding,
    made,
)

SHELF: dict[str, Any] = {"name": "shelf", "owner": {"name": "Ann"}, "plugins": []}
NAMELESS = "---\ndescription: x\n---\n"
HEAD = "---\nname: reviewer\ndescription: x\n"


def plugin(**facts: Any) -> dict[str, Any]:
    return {MANIFEST: {**PLUGIN, **facts}, "commands/x.md": COMMAND}


def shelf(*plugins: Any, **files: Any) -> dict[str, Any]:
    return {MARKETPLACE: {**SHELF, "plugins": list(plugins)}, "kit/commands/x.md": COMMAND, **files}


CASES: list[tuple[str, str, str, int | None, dict[str, Any]]] = [
    ("MP2001", "warning", "SKILL.md", 1, {"SKILL.md": "Just words"}),
    ("MP2002", "warning", "SKILL.md", 3, {"SKILL.md": f"{HEAD.replace('x', 'a: b')}---\n"}),
    ("MP2003", "warning", "SKILL.md", 1, {"SKILL.md": HEAD}),
    ("MP2004", "warning", "commands/x.toml", 1, {"commands/x.toml": "prompt = "}),
    ("MP2010", "error", MANIFEST, 3, {MANIFEST: '{\n"name": "kit",\n}'}),
    ("MP2011", "error", MANIFEST, 1, {MANIFEST: "[]"}),
    ("MP2020", "warning", "SKILL.md", 1, {"SKILL.md": NAMELESS}),
    ("MP2021", "warning", "SKILL.md", 2, {"SKILL.md": SKILL.replace("reviewer", "SQL Reviewer")}),
    ("MP2022", "warning", "skills/other/SKILL.md", 2, {**plugin(), "skills/other/SKILL.md": SKILL}),
    ("MP2023", "warning", "SKILL.md", 1, {"SKILL.md": "---\nname: reviewer\n---\n"}),
    ("MP2024", "warning", "SKILL.md", 3, {"SKILL.md": SKILL.replace("Reviews", "R" * 1024)}),
    ("MP2025", "warning", "SKILL.md", 4, {"SKILL.md": f"{HEAD}compatibility: {'c' * 501}\n---\n"}),
    ("MP2026", "info", "SKILL.md", 4, {"SKILL.md": f"{HEAD}allowed-tools: [Read]\n---\n"}),
    ("MP2027", "info", "SKILL.md", 4, {"SKILL.md": f"{HEAD}colour: red\n---\n"}),
    ("MP2028", "error", "SKILL.md", None, {"SKILL.md": SKILL + "x" * 1024 * 1024}),
    ("MP2030", "info", "agents/tester.md", 1, {"agents/tester.md": "---\nname: tester\ndescription: x\n---\n"}),
    ("MP2031", "warning", "agents/t.md", 4, {"agents/t.md": f"{HEAD}permissionMode: acceptEdits\ntools: A\n---\n"}),
    ("MP2040", "error", "hooks/hooks.json", 1, {**plugin(), "hooks/hooks.json": {"hooks": []}}),
    ("MP2041", "warning", "hooks/hooks.json", 3, {**plugin(), "hooks/hooks.json": {"hooks": {"OnLunch": []}}}),
    ("MP2050", "error", MANIFEST, None, plugin(commands="../up")),
    ("MP2051", "warning", MANIFEST, None, plugin(commands="./none")),
    ("MP2052", "warning", MANIFEST, None, {MANIFEST: PLUGIN}),
    ("MP2053", "error", MANIFEST, 1, {MANIFEST: {"version": "1.0.0"}, "commands/x.md": COMMAND}),
    ("MP2054", "warning", MANIFEST, 2, plugin(name="My Kit")),
    ("MP2055", "warning", MANIFEST, 3, plugin(version="soon")),
    ("MP2056", "warning", MANIFEST, 5, plugin(author="Ann <a@example.com>")),
    ("MP2060", "error", ".mcp.json", None, {".mcp.json": {"mcpServers": {}}}),
    ("MP2061", "error", "server.json", 3, {"server.json": {**SERVER, "name": "weather"}}),
    ("MP2062", "error", "server.json", 5, {"server.json": {
        **SERVER, "packages": [{"registryType": "npm", "identifier": "x", "version": "latest"}],
    }}),
    ("MP2063", "error", "manifest.json", 6, {"manifest.json": {**BUNDLE, "author": None}}),
    ("MP2063", "error", "server.json", None, {"server.json": {**SERVER, "version": ""}}),
    ("MP2063", "error", "agent-card.json", None, {"agent-card.json": {**CARD, "supportedInterfaces": []}}),
    ("MP2070", "error", MARKETPLACE, 6, {MARKETPLACE: SHELF}),
    ("MP2071", "error", MARKETPLACE, None, shelf({"source": "./kit"})),
    ("MP2072", "warning", MANIFEST, None, shelf(
        {"name": "kit", "source": "./kit", "strict": False},
        **{f"kit/{MANIFEST}": {**PLUGIN, "commands": "./commands"}},
    )),
    ("MP2073", "warning", MANIFEST, None, shelf(
        {"name": "other", "source": "./kit"}, **{f"kit/{MANIFEST}": PLUGIN},
    )),
    ("MP2074", "info", MARKETPLACE, None, shelf({"name": "shelf", "source": "./kit"})),
    ("MP2075", "error", MARKETPLACE, None, shelf({"name": "a", "source": "./kit"}, {"name": "a", "source": "./kit"})),
    ("MP2076", "error", MARKETPLACE, 6, shelf(*({"name": f"a{n}", "source": "./kit"} for n in range(1001)))),
    ("MP2078", "info", MANIFEST, None, shelf(
        {"name": "kit", "source": "./kit", "homepage": "https://a.example"}, **{f"kit/{MANIFEST}": PLUGIN},
    )),
    ("MP3044", "error", MARKETPLACE, None, shelf({"name": "far", "source": {"source": "github", "repo": "a/b"}})),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "severity", "path", "line", "files"), CASES, ids=[f"{case[0]}-{at}" for at, case in enumerate(CASES)]
)
def test_code_says_where_how_bad_and_what_to_do(
    code: str, severity: str, path: str, line: int | None, files: dict[str, Any]
) -> None:
    told = finding(files, code)
    assert (told.severity, told.path, told.line) == (severity, path, line)
    params = {"path": told.path, "line": told.line or 0, **told.params}
    assert "%(" not in sentence(code, params)
    assert fix(code, params)


def test_every_code_of_formats_is_met_by_a_test() -> None:
    elsewhere = {"MP2077", "MP2079", "MP2080", "MP2081", "MP2082", "MP2083", "MP2084", "MP2085", "MP2086", "MP2087"}
    assert {case[0] for case in CASES if case[0].startswith("MP2")} | elsewhere == {c for c in CODES if c[:3] == "MP2"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("v1", "1.0.0"),
        ("1.2", "1.2.0"),
        ("01.2.3", "1.2.3"),
        ("1.2.3-beta.1+x", "1.2.3-beta.1"),
        ("soon", None),
        (3, None),
    ],
)
def test_version_is_what_was_meant(said: Any, meant: str | None) -> None:
    assert entry(plugin(version=said)).version == meant


@pytest.mark.parametrize("value", [5, True, None, "", [], [5], {}, {"a": 5}, {"a": {"source": 5}}, [[]], "./commands"])
@pytest.mark.parametrize("key", ["commands", "agents", "skills", "hooks", "mcpServers", "outputStyles", "lspServers"])
def test_component_field_of_any_type_is_read(key: str, value: Any) -> None:
    assert entry(plugin(**{key: value})).name == "kit"


def test_components_are_found_in_their_places_and_where_the_manifest_says() -> None:
    files = {
        MANIFEST: {
            **PLUGIN,
            "commands": ["./more/say.md"],
            "skills": "./extra",
            "agents": {"t": {"source": "./people/t.md"}},
            "hooks": [{"PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "check.sh"}]}]}],
            "mcpServers": {"clock": {"command": "uvx", "args": ["clock"], "env": {"KEY": "secret"}}},
            "lspServers": {"go": {}},
        },
        "more/say.md": COMMAND,
        "skills/reviewer/SKILL.md": SKILL,
        "extra/b/SKILL.md": SKILL,
        "people/t.md": AGENT,
        "hooks/hooks.json": {"hooks": {"Stop": [{"hooks": [{"type": "http", "url": "https://x.example"}]}]}},
        ".mcp.json": {"mcpServers": {"web": {"type": "http", "url": "https://w.example", "headers": {"A": "secret"}}}},
        "bin/tool": "x",
        "scripts/run.sh": "x",
    }
    parts = entry(files).manifest.components
    assert [command.path for command in parts.commands] == ["more/say.md"]
    assert [skill.path for skill in parts.skills] == ["skills/reviewer/SKILL.md", "extra/b/SKILL.md"]
    assert [agent.path for agent in parts.agents] == ["people/t.md"]
    assert [(hook.event, hook.matcher, hook.type, hook.target) for hook in parts.hooks] == [
        ("PreToolUse", "Bash", "command", "check.sh"),
        ("Stop", "", "http", "https://x.example"),
    ]
    assert [
        (server.name, server.transport, server.command, server.env, server.headers) for server in parts.mcp_servers
    ] == [
        ("clock", "stdio", "uvx", ("KEY",), ()),
        ("web", "http", "", (), ("A",)),
    ]
    assert {(part.type, part.name) for part in parts.others} == {
        ("lsp-server", "go"),
        ("program", "tool"),
        ("script", "run.sh"),
    }


def test_command_written_into_the_manifest_counts() -> None:
    package = entry({MANIFEST: {**PLUGIN, "commands": {"hi": {"content": "Say hi", "description": "Greets"}}}})
    assert [(command.name, command.description) for command in package.manifest.components.commands] == [
        ("hi", "Greets")
    ]


def test_values_of_variables_and_headers_are_never_kept_in_components() -> None:
    secret = {"command": "x", "env": {"KEY": "s3cret"}, "headers": {"H": "s3cret"}}
    parts = entry({".mcp.json": {"mcpServers": {"a": secret}}}).manifest.components
    assert "s3cret" not in repr(parts)


def test_everything_that_a_client_would_load_beside_a_server_is_listed() -> None:
    hooks = {"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": "curl x"}]}]}}
    for files in ({"server.json": SERVER}, {"manifest.json": BUNDLE}, {"agent-card.json": CARD}):
        parts = entry({**files, "hooks/hooks.json": hooks, "agents/tester.md": AGENT}).manifest.components
        assert [hook.target for hook in parts.hooks] == ["curl x"]
        assert "tester" in [agent.name for agent in parts.agents]


def test_inline_shell_and_tools_are_seen() -> None:
    skill = entry({"SKILL.md": f"{HEAD}allowed-tools: Bash(git:*), Read\n---\n\nSee !`git log`\n"})
    (read,) = skill.manifest.components.skills
    assert (read.allowed_tools, read.has_inline_shell) == (("Bash(git:*)", "Read"), True)
    toml = entry({"commands/x.toml": 'description = "d"\nprompt = "!{ls}"\n'}).manifest.components.commands[0]
    assert (toml.description, toml.has_inline_shell) == ("d", True)


def test_server_json_becomes_what_clients_run() -> None:
    package = entry({"server.json": {**SERVER, "packages": [
        {"registryType": "npm", "identifier": "@a/w", "version": "1.2.0", "environmentVariables": [{"name": "KEY"}]},
        {"registryType": "oci", "identifier": "docker.io/a/w:1"},
    ]}})  # fmt: skip
    assert package.name == "weather"
    assert [(s.transport, s.command, s.args, s.env, s.url) for s in package.manifest.components.mcp_servers] == [
        ("http", "", (), (), "https://weather.example/mcp"),
        ("stdio", "npx", ("-y", "@a/w@1.2.0"), ("KEY",), ""),
        ("stdio", "docker", ("run", "-i", "--rm", "docker.io/a/w:1"), (), ""),
    ]


@pytest.mark.parametrize(
    ("description", "summary"),
    [
        ("Tests things.\nMore.", "Tests things. More."),
        ("Use this agent. Examples:\\n\\n<example>\\nuser: hi</example>", "Use this agent."),
        ("Use this agent. <example>x</example>", "Use this agent."),
        ("<example>x</example>", "<example>x</example>"),
        ("x" * 301, "x" * 299 + "…"),
    ],
)
def test_summary_is_the_first_lines_without_examples(description: str, summary: str) -> None:
    assert entry(plugin(description=description)).manifest.summary == summary


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
KEYS = """name version description author license keywords homepage repository dependencies commands agents skills hooks
mcpServers lspServers monitors plugins owner metadata server manifest_version packages remotes capabilities
supportedInterfaces source strict""".split()
manifests = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), json_values, max_size=8)
PLACES = [
    MANIFEST,
    "gemini-extension.json",
    "manifest.json",
    "server.json",
    "agent-card.json",
    ".mcp.json",
    "hooks/hooks.json",
]


@given(manifests, st.sampled_from(PLACES))
def test_any_manifest_is_read_without_harm(raw: dict[str, Any], place: str) -> None:
    base = {"server.json": SERVER, "manifest.json": BUNDLE, "agent-card.json": CARD}.get(place, {})
    files = {place: json.dumps({**base, **raw}).encode(), "commands/x.md": COMMAND}
    for package in detect(made(files)).entries:
        json.dumps(package.manifest.as_json(), ensure_ascii=False, allow_nan=False).encode()
        for told in package.findings:
            params = {"path": told.path, "line": told.line or 0, **told.params}
            assert "%(" not in sentence(told.code, params) + fix(told.code, params)
            json.dumps(dict(told.params), allow_nan=False)


@given(st.lists(manifests | json_values, max_size=4))
def test_any_marketplace_is_read_without_harm(plugins: list[Any]) -> None:
    files = {MARKETPLACE: json.dumps({**SHELF, "plugins": plugins}).encode(), "kit/commands/x.md": COMMAND}
    for package in detect(made(files), split=True).entries:
        json.dumps(package.manifest.as_json(), ensure_ascii=False, allow_nan=False).encode()


@pytest.mark.parametrize("text", ["1e999", "NaN", "Infinity", "[" * 100_000, '{"a":' * 60 + "1" + "}" * 60, "9" * 5000])
def test_number_or_depth_that_json_allows_but_nothing_holds_is_refused(text: str) -> None:
    package = entry({MANIFEST: f'{{"name": "kit", "x": {text}}}', "commands/x.md": COMMAND})
    json.dumps(package.manifest.as_json(), allow_nan=False)
    assert text == "1e999" or [told.code for told in package.findings] == ["MP2010"]
