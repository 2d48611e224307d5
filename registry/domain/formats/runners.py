"""Hooks and servers: the parts of a package that run programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.domain.findings import Finding
from registry.domain.formats.jsons import JsonRefused, line_of, maps_of, read_object, text_of, texts_of
from registry.domain.manifest import Hook, McpServer

if TYPE_CHECKING:
    from registry.domain.content import Content

EVENTS = frozenset(
    """PreToolUse PostToolUse PostToolUseFailure PermissionRequest PermissionDenied Notification UserPromptSubmit
    UserPromptExpansion Stop StopFailure SubagentStart SubagentStop TaskCreated TaskCompleted TeammateIdle PreCompact
    PostCompact SessionStart SessionEnd Setup InstructionsLoaded ConfigChange CwdChanged FileChanged WorktreeCreate
    WorktreeRemove Elicitation ElicitationResult BeforeTool AfterTool BeforeAgent AfterAgent BeforeModel AfterModel
    BeforeToolSelection PreCompress""".split()
)


def read_hooks(value: Any, path: str, data: bytes = b"") -> tuple[list[Hook], list[Finding]]:
    """Hooks of an event map, wrapped in `{"hooks": …}` or not."""
    events = value.get("hooks", value) if isinstance(value, dict) else None
    if not isinstance(events, dict):
        return [], [Finding("MP2040", "error", path, 1, {"path": path})]
    hooks: list[Hook] = []
    findings: list[Finding] = []
    for event, groups in events.items():
        if event in {"description", "$schema"}:
            continue
        if event not in EVENTS:
            findings.append(Finding("MP2041", "warning", path, line_of(data, event), {"event": str(event)[:60]}))
        for group in groups if isinstance(groups, list) else []:
            hooks += _group(str(event), group, path)
    return hooks, findings


def _group(event: str, group: Any, path: str) -> list[Hook]:
    if not isinstance(group, dict):
        return []
    matcher = text_of(group.get("matcher"), 300)
    actions = group.get("hooks")
    found = []
    for action in actions if isinstance(actions, list) else []:
        if isinstance(action, dict):
            kind = text_of(action.get("type")) or "command"
            target = next(
                (text_of(action.get(key)) for key in ("command", "url", "prompt", "tool") if action.get(key)), ""
            )
            arguments = " ".join(texts_of(action.get("args"))) if isinstance(action.get("args"), list) else ""
            found.append(Hook(event[:60], matcher, kind[:20], f"{target} {arguments}".strip()[:500], path))
    return found


def read_servers(value: Any, path: str) -> list[McpServer]:
    """Servers of an `mcpServers` map, wrapped or not."""
    servers = value.get("mcpServers", value) if isinstance(value, dict) else {}
    return [_server(name, server, path) for name, server in maps_of(servers).items()]


def _server(name: str, server: dict[str, Any], path: str) -> McpServer:
    url = text_of(server.get("url")) or text_of(server.get("httpUrl"))
    return McpServer(
        name=name[:100],
        transport=text_of(server.get("type"), 20) or ("http" if url else "stdio"),
        path=path,
        command=text_of(server.get("command"), 500),
        args=texts_of(server.get("args")) if isinstance(server.get("args"), list) else (),
        env=tuple(map(str, server["env"])) if isinstance(server.get("env"), dict) else (),
        url=url,
        headers=tuple(map(str, server["headers"])) if isinstance(server.get("headers"), dict) else (),
    )


def hooks_file(content: Content, path: str) -> tuple[list[Hook], list[Finding]]:
    """The hooks of a JSON file."""
    try:
        return read_hooks(read_object(content[path].data, path), path, content[path].data)
    except JsonRefused as refused:
        return [], [refused.finding]


def servers_file(content: Content, path: str) -> tuple[list[McpServer], list[Finding]]:
    """The servers of a JSON file."""
    try:
        return read_servers(read_object(content[path].data, path), path), []
    except JsonRefused as refused:
        return [], [refused.finding]
