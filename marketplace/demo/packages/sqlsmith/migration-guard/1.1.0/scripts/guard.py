#!/usr/bin/env python3
"""Refuse edits of migrations that the main branch already has; exit code 2 tells the agent why."""

import json
import re
import subprocess
import sys

FOLDERS = re.compile(r"(^|/)(migrations|migrate|versions)/[^/]+\.(py|rb|sql|ts|js)$")


def is_released(path: str) -> bool:
    """Whether the main branch knows the file."""
    for branch in ("origin/main", "origin/master", "main", "master"):
        found = subprocess.run(["git", "cat-file", "-e", f"{branch}:./{path}"], capture_output=True, check=False)
        if found.returncode == 0:
            return True
    return False


def main() -> int:
    """Read the call from standard input and decide."""
    call = json.load(sys.stdin)
    path = str(call.get("tool_input", {}).get("file_path", ""))
    if FOLDERS.search(path) and is_released(path):
        print(f"{path} is released. Write a new migration instead of changing it.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
