"""What the names in `tools` and `allowed-tools` mean (Claude Code's tool reference)."""

from __future__ import annotations

from registry.domain.capabilities.model import ALL, Family, Reach

READS = frozenset("Read Grep Glob LS NotebookRead ListMcpResourcesTool ReadMcpResourceTool".split())
WRITES = frozenset("Write Edit MultiEdit NotebookEdit".split())
SHELLS = frozenset("Bash PowerShell Shell".split())
WEB = frozenset("WebFetch WebSearch".split())
HARMLESS = frozenset(
    """Task Agent Skill SlashCommand TodoWrite TodoRead TaskCreate TaskUpdate TaskList TaskGet AskUserQuestion
    ExitPlanMode EnterPlanMode BashOutput KillShell KillBash TaskOutput TaskStop ToolSearch LSP""".split()
)
BOUNDLESS = frozenset({"", "*", ":*", "**"})


def split_tool(tool: str) -> tuple[str, str]:
    """Name and bound: `Bash(git log:*)` is (`Bash`, `git log:*`)."""
    name, _, rest = tool.partition("(")
    return name.strip(), rest.rstrip(")").strip()


def normal_tool(tool: str) -> str:
    """One way to write it: no bound that bounds nothing, `*` is every tool."""
    name, bound = split_tool(tool)
    if name in {"*", "all", "All"}:
        return ALL
    return name if bound in BOUNDLESS else f"{name}({bound})"


def family_of(tool: str) -> tuple[Family, Reach]:
    """The family that the tool belongs to, and how far it reaches there."""
    name, bound = split_tool(tool)
    is_bounded = bound not in BOUNDLESS
    wide = Reach.LIMITED if is_bounded else Reach.BROAD
    if tool == ALL or name in SHELLS:
        return Family.SHELL, Reach.BROAD if tool == ALL else wide
    if name in WRITES:
        return Family.FILES, wide
    if name in READS:
        return Family.FILES, Reach.LIMITED
    if name in WEB:
        return Family.NETWORK, wide
    if name.startswith("mcp__"):
        return Family.SERVERS, Reach.BROAD if name == "mcp__*" else Reach.LIMITED
    return Family.FILES, Reach.NONE if name in HARMLESS else Reach.LIMITED


def is_read_only(tool: str) -> bool:
    """Whether the tool can only read."""
    name, _ = split_tool(tool)
    return name in READS or name in HARMLESS
