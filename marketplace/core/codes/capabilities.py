"""Sentences of capabilities by code; `{}` is where their values stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrOrPromise

FAMILIES: Mapping[str, _StrOrPromise] = {
    "shell": _("Shell"),
    "files": _("Files"),
    "network": _("Network"),
    "secrets": _("Secrets"),
    "hooks": _("Hooks"),
    "servers": _("Servers"),
    "fetch": _("Fetch"),
    "bypass": _("Bypass"),
}
ABSENT: Mapping[str, _StrOrPromise] = {
    "shell": _("shell commands"),
    "files": _("file access"),
    "network": _("network connections"),
    "secrets": _("credentials"),
    "hooks": _("hooks"),
    "servers": _("servers"),
    "fetch": _("code fetched when it runs"),
    "bypass": _("skipped approval prompts"),
}
LEVELS: Mapping[str, _StrOrPromise] = {
    "none": _("No"),
    "limited": _("Limited"),
    "broad": _("Broad"),
    "undeclared": _("Undeclared"),
}
AUTONOMY: Mapping[str, _StrOrPromise] = {
    "unasked": _("Happens by itself"),
    "pre-approved": _("Approved beforehand"),
    "asks-first": _("Only after the client has asked"),
}
SAYS: Mapping[str, _StrOrPromise] = {
    "exec.hook": _("Runs a command by itself at {}"),
    "exec.hook-http": _("Sends what happens to {} by itself"),
    "exec.hook-prompt": _("Asks a model by itself at {}"),
    "exec.hook-agent": _("Starts an agent by itself at {}"),
    "exec.hook-mcp_tool": _("Calls a server's tool by itself at {}"),
    "exec.mcp": _("Starts the MCP server {}"),
    "exec.remote": _("Connects to the MCP server {}"),
    "exec.lsp": _("Starts the language server {}"),
    "exec.monitor": _("Keeps {} running in the background"),
    "exec.bin": _("Puts {} on the path of every shell command"),
    "exec.inline": _("Runs {} as soon as its text is loaded"),
    "exec.install": _("Runs {} when npm installs it"),
    "exec.script": _("Brings scripts that an agent may run"),
    "tool.tool": _("May use {}"),
    "tool.tool.all": _("May use every tool: its `tools` name none, and the client asks first by its own rules"),
    "tool.mcp": _("Offers the tools {}"),
    "preapproved.tool": _("Uses {} without asking"),
    "preapproved.tool.all": _("Uses every tool without asking"),
    "net.host": _("Connects to {}"),
    "net.host.any": _("Connects to hosts that its files do not name"),
    "env.variable": _("Reads {} from the environment or the settings"),
    "env.variable.any": _("Reads the whole environment"),
    "env.file": _("Reads credentials in {}"),
    "permission-mode.mode": _("Turns approval off ({})"),
    "permission-mode.flag": _("Starts an agent that asks nobody ({})"),
    "permission-mode.trust": _("Trusts the server {} with every call"),
    "download.npm": _("Runs whatever npm gives out as {} that day"),
    "download.npm-pinned": _("Gets one fixed version of {} from npm"),
    "download.pypi": _("Runs whatever PyPI gives out as {} that day"),
    "download.pypi-pinned": _("Gets one fixed version of {} from PyPI"),
    "download.url": _("Runs whatever is at {} that day"),
    "download.url-pinned": _("Gets one fixed revision of {}"),
    "download.script": _("Pipes a download into a shell: {}"),
    "download.script.any": _("Pipes a download into a shell"),
    "download.image": _("Runs whatever the image {} is that day"),
    "download.image-pinned": _("Runs one fixed image of {}"),
    "download.binary": _("Downloads the program {}"),
    "always-on-context.file": _("Puts {} into every conversation"),
    "always-on-context.output-style": _("Changes how the agent answers ({})"),
    "depends-on.package": _("Brings the package {} with it"),
    "depends-on.npm": _("Brings {} from npm with it"),
}


def capability_sentence(code: str) -> str:
    """The sentence of a capability's code; a code without one is told as it is."""
    return str(SAYS.get(code, f"{code}: {{}}"))
