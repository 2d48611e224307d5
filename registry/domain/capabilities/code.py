"""What the code in a package's files does: hosts, variables, secret files, fetches, skipped approval."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from registry.domain.capabilities.fetches import Fetch, fetches_in, installs_in
from registry.domain.capabilities.lines import code_lines
from registry.domain.capabilities.model import ANY, Autonomy, Capability, Family, Place, Reach, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.capabilities.lines import Line
    from registry.domain.content import Content

HOST = re.compile(r"\b(?:https?|wss?|ftp)://(?:[^\s/@\"'`]{0,80}@)?(\[[0-9a-fA-F:]{2,45}\]|[A-Za-z0-9.-]{1,253})")
NEUTRAL = re.compile(
    r"(?:^|\.)(?:localhost|example|test|invalid|local|example\.(?:com|org|net)|w3\.org|schema\.org|json-schema\.org|"
    r"xmlsoap\.org|openxmlformats\.org|purl\.org|adobe\.com|agentskills\.io|schemas\.microsoft\.com)$|"
    r"^(?:127\.|0\.0\.0\.0$|\[::1\]$)",
    re.IGNORECASE,
)
SENDS = re.compile(
    r"\b(?:curl|wget|nc|ncat|scp|rsync|ftp|iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b|\brequests\.(?:get|post|put|request|"
    r"Session)|\burllib\.request|\burlopen\(|\bhttpx?\.(?:get|post|put|request|Client|AsyncClient)|\baiohttp\.|\bfetch\(|"
    r"\baxios\b|\bsocket\.(?:socket|create_connection)|\bXMLHttpRequest\b|\bhttp\.client|\bhttps?\.request\(|\bWebSocket\("
)
SHELL_CALL = re.compile(r"\b(?:curl|wget|iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b")
READ_ENV = re.compile(
    r"os\.environ(?:\.get)?[\[(]\s*[\"']([A-Z][A-Z0-9_]{1,60})|os\.getenv\(\s*[\"']([A-Z][A-Z0-9_]{1,60})|"
    r"process\.env\.([A-Z][A-Z0-9_]{1,60})|process\.env\[[\"']([A-Z][A-Z0-9_]{1,60})|"
    r"Deno\.env\.get\([\"']([A-Z][A-Z0-9_]{1,60})|ENV\[[\"']([A-Z][A-Z0-9_]{1,60})|\$env:([A-Z][A-Z0-9_]{1,60})"
)
SHELL_ENV = re.compile(r"\$\{?([A-Z][A-Z0-9_]{2,60})\b")
ALL_ENV = re.compile(
    r"(?:^|[;|&(]\s*|\$\()(?:env|printenv|set)\s*(?:\||>|$|\))|dict\(os\.environ\)|os\.environ\.(?:items|copy)\(|"
    r"json\.dumps\(\s*(?:dict\()?os\.environ|JSON\.stringify\(\s*process\.env\s*[,)]|Object\.(?:entries|keys)\(process\.env"
)
SECRET = re.compile(
    r"(?:^|_)(?:KEY|TOKEN|SECRET|PASS|PASSWORD|PASSWD|PWD|CREDENTIALS?|DSN|AUTH|COOKIE|PRIVATE|SIGNING)(?:_|$)|APIKEY|DATABASE_URL|CONNECTION_STRING"
)
PLAIN_ENV = re.compile(
    r"^(?:PATH|HOME|PWD|OLDPWD|USER|SHELL|TERM|LANG|TMPDIR|EDITOR|PAGER|CI|DEBUG|NODE_ENV|NO_COLOR|ARGUMENTS|CLAUDE_\w+|PYTHON\w*|BASH_\w+)$"
)
SECRET_FILE = re.compile(
    r"(?:~|\$HOME|\$\{HOME\}|/home/\w+|/root|%USERPROFILE%|expanduser\([\"']~|homedir\(\)[^\n]{0,20})[/\\\"', ]{1,4}"
    r"(\.ssh|\.aws|\.gnupg|\.netrc|\.npmrc|\.pypirc|\.kube|\.docker/config|\.config/gcloud|\.git-credentials|\.azure|"
    r"Library/Keychains|\.password-store|\.config/gh)|"
    r"\b(id_rsa|id_ed25519|\.git-credentials|security find-(?:generic|internet)-password|/etc/shadow)\b"
)
HINT = re.compile(
    r"://|[Ee][Nn][Vv]|\$|curl|wget|npx|bunx|dlx|uvx|pipx|uv |pip|npm |deno|requests|urlopen|urllib|httpx?\.|aiohttp|"
    r"fetch\(|axios|"
    r"socket|XMLHttp|\bnc\b|ncat|scp|rsync|iwr|irm|Invoke|~|home|id_rsa|id_ed|\.git-cred|find-|/etc/|--|permissionDecision|set"
)
FLAG = re.compile(
    r"--dangerously-skip-permissions|--dangerously-bypass-approvals-and-sandbox|--yolo\b|--allow-dangerously-skip-permissions|"
    r"--permission-mode[ =]bypassPermissions|[\"']permissionDecision[\"']\s*:\s*[\"']allow|--full-auto\b"
)


def code_capabilities(
    content: Content, path: str, autonomy: Autonomy, declared: frozenset[str]
) -> Iterator[Capability]:
    """What the code in one file does; `autonomy` says how the file comes to run, `declared` the hosts that are told of.

    Without a declaration (empty) no host counts as undeclared.
    """
    lines = list(code_lines(content, path))
    assigned = {name for line in lines for name in re.findall(r"^\s*(?:export\s+)?([A-Z][A-Z0-9_]+)=", line.text)}
    for line in lines:
        if not HINT.search(line.text):
            continue
        at = (Place(path, line.number),)
        yield from _network(line, at, autonomy, declared)
        yield from _secrets(line, at, autonomy, assigned)
        for found in (*fetches_in(line.text), *(installs_in(line.text) if line.is_script else ())):
            yield fetch_capability(found, at, autonomy)
        for flag in FLAG.findall(line.text):
            yield Capability("permission-mode", "flag", plain(flag), Family.BYPASS, Reach.BROAD, autonomy, at)


def fetch_capability(found: Fetch, at: tuple[Place, ...], autonomy: Autonomy) -> Capability:
    """A fetch as a capability: what is not fixed to a version can be anything tomorrow."""
    form = f"{found.source}-pinned" if found.is_pinned else found.source
    reach = Reach.LIMITED if found.is_pinned else Reach.BROAD
    return Capability("download", form, plain(found.what), Family.FETCH, reach, autonomy, at)


def host_capability(
    host: str, at: tuple[Place, ...], autonomy: Autonomy, declared: frozenset[str] = frozenset()
) -> Capability:
    """A connection to one host."""
    reach = Reach.UNDECLARED if declared and host not in declared else Reach.LIMITED
    return Capability("net", "host", host, Family.NETWORK, reach, autonomy, at)


def env_capability(name: str, at: tuple[Place, ...], autonomy: Autonomy) -> Capability:
    """A variable of the environment that is read."""
    return Capability("env", "variable", plain(name), Family.SECRETS, Reach.LIMITED, autonomy, at)


def hosts_in(text: str) -> list[str]:
    """The hosts of the addresses in a text, small letters, without those that are nobody's."""
    found = (host.lower().rstrip(".") for host in HOST.findall(text))
    return [host for host in found if ("." in host or host.startswith("[")) and not NEUTRAL.search(host)]


def is_secret_name(name: str) -> bool:
    """Whether a variable of this name holds something to keep."""
    return SECRET.search(name) is not None


def _network(line: Line, at: tuple[Place, ...], autonomy: Autonomy, declared: frozenset[str]) -> Iterator[Capability]:
    sends = SENDS.search(line.text) if line.is_script else SHELL_CALL.search(line.text)
    hosts = hosts_in(line.text) if line.is_script or sends else []
    for host in hosts:
        yield host_capability(host, at, autonomy, declared)
    if sends and not hosts and line.is_script and not HOST.search(line.text):
        yield Capability("net", "host", ANY, Family.NETWORK, Reach.BROAD, autonomy, at)


def _secrets(line: Line, at: tuple[Place, ...], autonomy: Autonomy, assigned: set[str]) -> Iterator[Capability]:
    names = [name for match in READ_ENV.findall(line.text) for name in match if name]
    names += [name for name in SHELL_ENV.findall(line.text) if is_secret_name(name) and name not in assigned]
    for name in names:
        if not PLAIN_ENV.match(name) and (line.is_script or is_secret_name(name)):
            yield env_capability(name, at, autonomy)
    if line.is_script and ALL_ENV.search(line.text):
        yield Capability("env", "variable", ANY, Family.SECRETS, Reach.BROAD, autonomy, at)
    for match in SECRET_FILE.findall(line.text):
        yield Capability("env", "file", next(filter(None, match)), Family.SECRETS, Reach.LIMITED, autonomy, at)
