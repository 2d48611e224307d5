"""Sixty updates: forty that ask for more, ten texts of packages of low reach, ten texts of packages that can act."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

HEAD = "---\nname: reviewer\ndescription: Reviews migrations.\n"
SKILL = "skills/reviewer/SKILL.md"
AGENT = "agents/reader.md"
HOOKS = "hooks/hooks.json"
SERVERS = ".mcp.json"
TEXT = "Read the migration from top to bottom.\n"


@dataclass(frozen=True)
class Pair:
    """An update of a plugin: files and manifest facts before and after."""

    name: str
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    facts_before: dict[str, Any] = field(default_factory=dict)
    facts_after: dict[str, Any] = field(default_factory=dict)


def skill(head: str = "", body: str = TEXT) -> str:
    return f"{HEAD}{head}---\n{body}"


def agent(head: str = "tools: Read\n", body: str = TEXT) -> str:
    return f"---\nname: reader\ndescription: Reads.\n{head}---\n{body}"


def hook(
    event: str = "Stop", matcher: str = "", command: str = "sh ${CLAUDE_PLUGIN_ROOT}/scripts/a.sh", **more: Any
) -> Any:
    action = {"type": "command", "command": command, **more}
    return {"hooks": {event: [{"matcher": matcher, "hooks": [action]}]}}


def servers(**named: Any) -> Any:
    return {"mcpServers": named}


INDEX = {"command": "node", "args": ["${CLAUDE_PLUGIN_ROOT}/index.js"]}
QUIET_SCRIPT = "#!/bin/sh\necho done\n"
SCRIPT = {"scripts/a.sh": QUIET_SCRIPT}
NARROW = hook("PreToolUse", "Bash(psql *)")
AGENT_BASH = agent("tools: Read, Bash(git log:*)\n")
WIDENINGS = [
    Pair("a first hook", SCRIPT, {**SCRIPT, HOOKS: hook()}),
    Pair("a hook at another event", {**SCRIPT, HOOKS: hook()}, {**SCRIPT, HOOKS: hook("SessionStart")}),
    Pair("a wider matcher", {**SCRIPT, HOOKS: NARROW}, {**SCRIPT, HOOKS: hook("PreToolUse", "Bash")}),
    Pair("another command of a hook", {**SCRIPT, HOOKS: hook()}, {**SCRIPT, HOOKS: hook(command="sh -c 'date'")}),
    Pair(
        "a hook that posts",
        {},
        {HOOKS: {"hooks": {"Stop": [{"hooks": [{"type": "http", "url": "https://in.tidewater.dev"}]}]}}},
    ),
    Pair(
        "a hook that asks a model",
        {},
        {HOOKS: {"hooks": {"Stop": [{"hooks": [{"type": "prompt", "prompt": "Go on?"}]}]}}},
    ),
    Pair(
        "a hook in a skill's head",
        {SKILL: skill()},
        {SKILL: skill("hooks:\n  Stop:\n    - hooks:\n        - type: command\n          command: date\n")},
    ),
    Pair("a first server", {}, {SERVERS: servers(index=INDEX)}),
    Pair("a second server", {SERVERS: servers(index=INDEX)}, {SERVERS: servers(index=INDEX, more=INDEX)}),
    Pair(
        "another command of a server",
        {SERVERS: servers(index=INDEX)},
        {SERVERS: servers(index={"command": "python3", "args": ["x.py"]})},
    ),
    Pair("a remote server", {}, {SERVERS: servers(tide={"type": "http", "url": "https://mcp.tidewater.dev/"})}),
    Pair(
        "a server elsewhere",
        {SERVERS: servers(t={"type": "http", "url": "https://mcp.tidewater.dev/"})},
        {SERVERS: servers(t={"type": "http", "url": "https://mcp.other.dev/"})},
    ),
    Pair(
        "a variable of a server",
        {SERVERS: servers(index=INDEX)},
        {SERVERS: servers(index={**INDEX, "env": {"DATABASE_URL": "${DATABASE_URL}"}})},
    ),
    Pair(
        "a header of a server",
        {SERVERS: servers(t={"type": "http", "url": "https://mcp.tidewater.dev/"})},
        {
            SERVERS: servers(
                t={"type": "http", "url": "https://mcp.tidewater.dev/", "headers": {"Authorization": "Bearer ${TOKEN}"}}
            )
        },
    ),
    Pair("an MCP tool of an agent", {AGENT: agent()}, {AGENT: agent("tools: Read, mcp__index__query\n")}),
    Pair("a writing tool of an agent", {AGENT: agent()}, {AGENT: agent("tools: Read, Write\n")}),
    Pair("a shell of an agent", {AGENT: agent()}, {AGENT: AGENT_BASH}),
    Pair("a wider shell of an agent", {AGENT: AGENT_BASH}, {AGENT: agent("tools: Read, Bash(git:*)\n")}),
    Pair("a boundless shell of an agent", {AGENT: AGENT_BASH}, {AGENT: agent("tools: Read, Bash\n")}),
    Pair("every tool of an agent", {AGENT: agent()}, {AGENT: agent("")}),
    Pair("the web for an agent", {AGENT: agent()}, {AGENT: agent("tools: Read, WebFetch\n")}),
    Pair("a second agent with a shell", {}, {"agents/other.md": agent("tools: Bash\n")}),
    Pair("a permission mode", {AGENT: agent()}, {AGENT: agent("tools: Read\npermissionMode: bypassPermissions\n")}),
    Pair(
        "edits without asking",
        {AGENT: agent("tools: Edit\n")},
        {AGENT: agent("tools: Edit\npermissionMode: acceptEdits\n")},
    ),
    Pair("a tool approved beforehand", {SKILL: skill()}, {SKILL: skill("allowed-tools: Read\n")}),
    Pair(
        "a wider approval",
        {SKILL: skill("allowed-tools: Bash(git log:*)\n")},
        {SKILL: skill("allowed-tools: Bash(git:*)\n")},
    ),
    Pair(
        "a shell approved beforehand",
        {SKILL: skill("allowed-tools: Read\n")},
        {SKILL: skill("allowed-tools: Read, Bash\n")},
    ),
    Pair("permissions in settings", {}, {}, {}, {"settings": {"permissions": {"allow": ["Bash(git:*)"]}}}),
    Pair("an inline command", {SKILL: skill()}, {SKILL: skill("", "State: !`git status`\n")}),
    Pair("a program on the path", {}, {"bin/tide": QUIET_SCRIPT}),
    Pair("a monitor", {}, {}, {}, {"monitors": [{"name": "watch", "command": "tail -f log"}]}),
    Pair("a language server", {}, {}, {}, {"lspServers": {"sql": {"command": "sql-ls"}}}),
    Pair("a download", {}, {}, {}, {"binaries": {"engine": {"url": "https://dl.tidewater.dev/e"}}}),
    Pair("a host in a script", SCRIPT, {"scripts/a.sh": "#!/bin/sh\ncurl https://api.tidewater.dev/\n"}),
    Pair("a variable in a script", SCRIPT, {"scripts/a.sh": '#!/bin/sh\necho "$STRIPE_KEY" | wc -c\n'}),
    Pair("credentials in a script", SCRIPT, {"scripts/a.sh": "#!/bin/sh\nwc -c ~/.ssh/config\n"}),
    Pair("a fetch in a script", SCRIPT, {"scripts/a.sh": "#!/bin/sh\nnpx -y pg-lint@latest\n"}),
    Pair(
        "a fetch no longer fixed",
        {"scripts/a.sh": "#!/bin/sh\nnpx -y pg-lint@1.2.3\n"},
        {"scripts/a.sh": "#!/bin/sh\nnpx -y pg-lint\n"},
    ),
    Pair(
        "a script that a hook now runs",
        {**SCRIPT, "scripts/b.sh": "#!/bin/sh\ncurl https://api.tidewater.dev/\n", HOOKS: hook()},
        {
            "scripts/a.sh": "#!/bin/sh\nsh ./b.sh\n",
            "scripts/b.sh": "#!/bin/sh\ncurl https://api.tidewater.dev/\n",
            HOOKS: hook(),
        },
    ),
    Pair("another package brought along", {}, {}, {}, {"dependencies": ["@acme/base"]}),
]
CALM = "Read the migration, then the ones before it.\n"
LOW = [
    Pair("a skill's body", {SKILL: skill()}, {SKILL: skill("", CALM)}),
    Pair("a skill's description", {SKILL: skill()}, {SKILL: skill().replace("Reviews", "Reads and reviews")}),
    Pair("a second skill of text", {}, {"skills/second/SKILL.md": skill().replace("reviewer", "second")}),
    Pair("a reading agent's body", {AGENT: agent()}, {AGENT: agent(body=CALM)}),
    Pair("a reading agent with fewer tools", {AGENT: agent("tools: Read, Grep\n")}, {AGENT: agent("tools: Read\n")}),
    Pair("a command's body", {"commands/go.md": TEXT}, {"commands/go.md": CALM}),
    Pair("a reference", {}, {"skills/reviewer/notes.md": TEXT}),
    Pair("the README", {"README.md": "# Reviewer\n"}, {"README.md": "# Reviewer\n\nMore words.\n"}),
    Pair("an agent of text that only greps", {AGENT: agent("tools: Grep\n")}, {AGENT: agent("tools: Grep\n", CALM)}),
    Pair("a licence", {}, {"LICENSE": "MIT\n"}),
]
ABLE = [
    ("a hook", {**SCRIPT, HOOKS: hook()}, {}),
    ("a server", {SERVERS: servers(index=INDEX)}, {}),
    ("every tool", {AGENT: agent("")}, {}),
    ("a shell", {AGENT: agent("tools: Bash\n")}, {}),
    ("a writing tool", {AGENT: agent("tools: Read, Write\n")}, {}),
    ("an approved tool", {SKILL: skill("allowed-tools: Bash(git log:*)\n")}, {}),
    ("a permission mode", {AGENT: agent("tools: Read\npermissionMode: acceptEdits\n")}, {}),
    ("a program", {"bin/tide": QUIET_SCRIPT}, {}),
    ("a monitor", {}, {"monitors": [{"name": "watch", "command": "tail -f log"}]}),
    ("scripts", SCRIPT, {}),
]
HIGH = [
    Pair(f"text beside {name}", files, {**files, "skills/reviewer/notes.md": CALM}, facts, facts)
    for name, files, facts in ABLE
]
