"""How the git program is called: nobody's configuration but ours, no hooks, no prompts."""

from __future__ import annotations

import os

PROGRAM = (
    "git",
    "-c", "safe.directory=*",
    "-c", "core.hooksPath=/dev/null",
    "-c", "gc.auto=0",
    "-c", "pack.threads=1",
    "-c", "pack.window=0",
)  # fmt: skip

CONFIG = """[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
[http]
\treceivepack = false
[protocol]
\tversion = 2
"""
"""The configuration of every repository; clients may fetch parts (`--filter`) and any object by name."""


def scrubbed(protocol: str = "") -> dict[str, str]:
    """The environment of a git process; `protocol` is the client's Git-Protocol header."""
    environment = {
        "PATH": os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin"),
        "HOME": os.devnull,
        "XDG_CONFIG_HOME": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C",
    }
    return environment | ({"GIT_PROTOCOL": protocol} if protocol else {})
