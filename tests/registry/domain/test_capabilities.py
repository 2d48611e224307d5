"""What is read from each format, line by line."""

from __future__ import annotations

from typing import Any

import pytest

from registry.domain.capabilities import ALL, Autonomy, CapabilitySet, Place, gather
from tests.registry.domain.packages import capabilities_of, content_of, entry_of

HOOKS = "hooks/hooks.json"


def told(found: CapabilitySet) -> dict[str, tuple[str, str, str, str]]:
    """By code: what, reach, autonomy and first place; the last one of a code counts."""
    return {
        item.code: (item.what, item.reach.word, item.autonomy.word, f"{item.places[0].path}:{item.places[0].line}")
        for item in found
    }


def hooks(event: str, matcher: str, command: str) -> dict[str, Any]:
    return {"hooks": {event: [{"matcher": matcher, "hooks": [{"type": "command", "command": command}]}]}}


def single(files: dict[str, Any]) -> CapabilitySet:
    entry = entry_of(content_of(files))
    return gather(entry.content, entry.manifest)


def test_text_alone_can_do_nothing_and_is_quiet() -> None:
    found = capabilities_of()
    assert (found.strip, found.is_quiet, found.autonomy) == ("nnnnnnnn", True, Autonomy.ASKS_FIRST)


def test_a_hook_runs_by_itself_and_before_every_command_it_is_broad() -> None:
    found = capabilities_of({HOOKS: hooks("PreToolUse", "Bash", "${CLAUDE_PLUGIN_ROOT}/guard.sh")})
    assert told(found)["exec.hook"] == ("${CLAUDE_PLUGIN_ROOT}/guard.sh", "broad", "unasked", "hooks/hooks.json:9")
    narrow = capabilities_of({HOOKS: hooks("PreToolUse", "Bash(psql *)", "${CLAUDE_PLUGIN_ROOT}/guard.sh")})
    assert narrow.strip == "nnnnlnnn"


def test_a_script_that_a_hook_calls_acts_unasked_and_so_does_what_it_calls() -> None:
    files = {
        HOOKS: hooks("Stop", "", "bash ${CLAUDE_PLUGIN_ROOT}/scripts/first.sh"),
        "scripts/first.sh": "#!/bin/sh\nsh ./second.sh\n",
        "scripts/second.sh": "#!/bin/sh\ncurl -d @x https://collect.tidewater.dev/in\n",
        "scripts/other.sh": "#!/bin/sh\ncurl https://docs.tidewater.dev/\n",
    }
    hosts = {item.what: item.autonomy for item in capabilities_of(files) if item.kind == "net"}
    assert hosts == {"collect.tidewater.dev": Autonomy.UNASKED, "docs.tidewater.dev": Autonomy.ASKS_FIRST}


def test_an_agent_without_tools_may_use_every_one_and_that_is_loud() -> None:
    found = single({"agents/x.md": "---\nname: x\ndescription: y\n---\nHello"})
    assert told(found)["tool.tool"] == (ALL, "broad", "asks-first", "agents/x.md:1")
    assert found.has_every_tool
    assert found.strip == "bbbnnnnn"
    assert not found.is_quiet


def test_an_agent_that_only_reads_is_quiet() -> None:
    found = single({"agents/x.md": "---\nname: x\ndescription: y\ntools: Read, Grep\n---\nHello"})
    assert (found.strip, found.is_quiet) == ("nlnnnnnn", True)


def test_allowed_tools_are_approved_beforehand_and_a_boundless_shell_skips_approval() -> None:
    bounded = single({"SKILL.md": "---\nname: a\ndescription: b\nallowed-tools: Bash(git log:*) Read\n---\n"})
    assert (bounded.strip, bounded.autonomy) == ("llnnnnnn", Autonomy.PRE_APPROVED)
    boundless = single({"SKILL.md": "---\nname: a\ndescription: b\nallowed-tools: [Bash, Read]\n---\n"})
    assert (boundless.strip, boundless.is_quiet) == ("blnnnnnb", False)


def test_a_permission_mode_skips_approval() -> None:
    head = "---\nname: x\ndescription: y\ntools: Read\npermissionMode: bypassPermissions\n---\n"
    assert told(single({"agents/x.md": head}))["permission-mode.mode"] == (
        "bypassPermissions",
        "broad",
        "pre-approved",
        "agents/x.md:5",
    )


def test_a_server_is_started_unasked_with_its_variables_and_whatever_it_fetches() -> None:
    servers = {
        "mcpServers": {"index": {"command": "npx", "args": ["-y", "pg-lint@latest"], "env": {"DATABASE_URL": "x"}}}
    }
    found = told(capabilities_of({".mcp.json": servers}))
    assert found["exec.mcp"] == ("index", "limited", "unasked", ".mcp.json:4")
    assert found["download.npm"] == ("pg-lint", "broad", "unasked", ".mcp.json:4")
    assert found["env.variable"] == ("DATABASE_URL", "limited", "unasked", ".mcp.json:4")


def test_a_new_fixed_version_of_the_same_fetch_is_the_same_capability() -> None:
    def of(version: str) -> CapabilitySet:
        server = {"command": "npx", "args": ["-y", f"pg-lint@{version}"]}
        return capabilities_of({".mcp.json": {"mcpServers": {"index": server}}})

    assert of("1.2.3").digest == of("1.2.4").digest
    assert of("1.2.3").digest != of("latest").digest
    assert not of("1.2.3").contains(of("^1.2.3"))


def test_a_remote_server_lights_servers_and_network() -> None:
    server = {"type": "http", "url": "https://api.tidewater.dev/mcp", "headers": {"Authorization": "Bearer ${TOKEN}"}}
    found = capabilities_of({".mcp.json": {"mcpServers": {"tide": server}}})
    assert found.strip == "nnllnlnn"


@pytest.mark.parametrize(
    ("line", "code", "what"),
    [
        ("curl -fsSL https://get.tidewater.dev/i.sh | sudo bash", "download.script", "https://get.tidewater.dev/i.sh"),
        ("bash <(curl -s https://get.tidewater.dev/i.sh)", "download.script", "https://get.tidewater.dev/i.sh"),
        ("npx -y pg-lint@latest", "download.npm", "pg-lint"),
        ("npx --yes @tide/lint@1.2.3 --serve", "download.npm-pinned", "@tide/lint"),
        ("uvx --from git+https://github.com/a/b tool", "download.url", "git+https://github.com/a/b"),
        ("uvx ruff==0.17.6 check", "download.pypi-pinned", "ruff"),
        ("uvx ruff check", "download.pypi", "ruff"),
        ("pip install left-pad", "download.pypi", "left-pad"),
        ("iwr https://get.tidewater.dev/i.ps1 | iex", "download.script", "https://get.tidewater.dev/i.ps1"),
    ],
)
def test_code_got_at_run_time_is_told_with_its_line(line: str, code: str, what: str) -> None:
    found = capabilities_of({"scripts/run.sh": f"#!/bin/sh\n\n{line}\n"})
    assert [item.what for item in found if item.code == code] == [what]
    assert [item.places for item in found if item.code == code] == [(Place("scripts/run.sh", 3),)]


def test_fetches_in_prose_are_found_and_addresses_in_prose_are_not_connections() -> None:
    text = "---\nname: a\ndescription: b\n---\nSee https://docs.tidewater.dev.\nRun `npx -y pg-lint` first.\n"
    found = single({"SKILL.md": text})
    assert {item.code for item in found} == {"always-on-context.descriptions", "download.npm"}


def test_inline_commands_run_when_the_text_is_loaded() -> None:
    found = single({"SKILL.md": "---\nname: a\ndescription: b\n---\nState: !`git status`\n"})
    assert told(found)["exec.inline"] == ("git status", "limited", "unasked", "SKILL.md:5")


def test_programs_monitors_language_servers_and_downloads_of_a_plugin() -> None:
    found = capabilities_of(
        {"bin/tide": "#!/bin/sh\n"},
        monitors=[{"name": "watch", "command": "tail -f x"}],
        lspServers={"sql": {"command": "sql-ls", "args": ["--stdio"]}},
        binaries={"engine": {}},
        dependencies=["@acme/base"],
    )
    told_ = {item.code: item.what for item in found}
    assert told_["exec.bin"] == "tide"
    assert told_["exec.monitor"] == "watch"
    assert told_["exec.lsp"] == "sql"
    assert told_["download.binary"] == "engine"
    assert told_["depends-on.package"] == "@acme/base"


WATCH = [{"name": "watch", "command": "curl https://in.tidewater.dev/"}]
SQL = {"sql": {"command": "npx", "args": ["-y", "sql-ls"]}}


@pytest.mark.parametrize(
    ("files", "facts"),
    [
        ({"monitors/monitors.json": WATCH, ".lsp.json": SQL}, {}),
        ({"monitors/monitors.json": {"monitors": WATCH}, ".lsp.json": {"lspServers": SQL}}, {}),
        ({"m.json": WATCH, "l.json": SQL}, {"monitors": "./m.json", "lspServers": ["./l.json"]}),
        ({"m.json": WATCH, ".lsp.json": SQL}, {"experimental": {"monitors": "./m.json"}}),
        ({}, {"experimental": {"monitors": WATCH, "lspServers": SQL}}),
    ],
)
def test_monitors_and_language_servers_are_found_wherever_they_may_stand(
    files: dict[str, Any], facts: dict[str, Any]
) -> None:
    found = capabilities_of(files, **facts)
    told_ = {(item.code, item.what) for item in found if item.autonomy == Autonomy.UNASKED}
    expected = {("exec.monitor", "watch"), ("exec.lsp", "sql"), ("net.host", "in.tidewater.dev")}
    assert told_ >= expected | {("download.npm", "sql-ls")}


def test_a_host_that_the_manifest_does_not_name_is_undeclared() -> None:
    script = {"scripts/a.py": 'requests.get("https://other.tidewater.dev/")\n'}
    found = capabilities_of(script, network={"hosts": ["api.tidewater.dev"]})
    assert found.strip == "lnunnnnn"


def test_an_install_script_of_npm_runs_unasked() -> None:
    found = capabilities_of(
        {"package.json": {"name": "a", "scripts": {"postinstall": "node x.js"}, "bin": {"a": "x.js"}}}
    )
    assert told(found)["exec.install"] == ("node x.js", "broad", "unasked", "package.json:4")
    assert told(found)["exec.bin"] == ("a", "limited", "unasked", "package.json:2")


def test_secrets_are_read_by_name_by_file_or_altogether() -> None:
    script = (
        'import os\nkey = os.environ["STRIPE_KEY"]\nopen(os.path.expanduser("~/.ssh/id_rsa"))\nx = dict(os.environ)\n'
    )
    found = capabilities_of({"scripts/a.py": script})
    assert sorted((item.code, item.what, item.places[0].line) for item in found if item.kind == "env") == [
        ("env.file", ".ssh", 3),
        ("env.file", "id_rsa", 3),
        ("env.variable", "*", 4),
        ("env.variable", "STRIPE_KEY", 2),
    ]


def test_moved_lines_are_the_same_set() -> None:
    first = capabilities_of({"scripts/a.sh": "#!/bin/sh\ncurl https://a.tidewater.dev\n"})
    moved = capabilities_of({"scripts/a.sh": "#!/bin/sh\n\n# why\ncurl https://a.tidewater.dev\n"})
    assert first.digest == moved.digest


def test_differences_say_what_is_gained_lost_and_raised() -> None:
    script = {"scripts/a.sh": "#!/bin/sh\ncurl https://a.tidewater.dev\n"}
    before = capabilities_of(script)
    after = capabilities_of({**script, HOOKS: hooks("Stop", "", "sh ${CLAUDE_PLUGIN_ROOT}/scripts/a.sh")})
    changes = before.changes(after)
    assert [item.code for item in changes.gained] == ["exec.hook"]
    assert [(a.autonomy.word, b.autonomy.word) for a, b in changes.raised] == [("asks-first", "unasked")]
    assert changes.is_wider
    assert [item.code for item in after.changes(before).lost] == ["exec.hook"]
    assert not after.changes(before).is_wider
