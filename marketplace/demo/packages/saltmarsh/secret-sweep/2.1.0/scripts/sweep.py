#!/usr/bin/env python3
"""Stop `git commit` when the staged lines hold something that looks like a secret; reads only the difference."""

import json
import math
import re
import subprocess
import sys

NAMED = re.compile(r"(?i)(secret|token|passw(or)?d|api_?key)\w*[\"']?\s*[:=]\s*[\"']([^\"']{16,})[\"']")
ADDRESS = re.compile(r"\b[a-z]+://[^\s:/@]+:([^\s@/]{6,})@")


def entropy(text: str) -> float:
    """Bits per character."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in map(text.count, set(text)))


def is_secret(line: str) -> bool:
    """Whether the added line looks like it holds a secret."""
    if line.rstrip().endswith("sweep: ignore"):
        return False
    named = NAMED.search(line)
    return bool(ADDRESS.search(line)) or bool(named and entropy(named.group(3)) > 3.5)


def main() -> int:
    """Look at staged lines when the call is a commit."""
    command = str(json.load(sys.stdin).get("tool_input", {}).get("command", ""))
    if "git commit" not in command:
        return 0
    staged = subprocess.run(["git", "diff", "--cached", "-U0"], capture_output=True, text=True, check=False).stdout
    found = [line[1:80] for line in staged.splitlines() if line.startswith("+") and is_secret(line)]
    if found:
        print("This commit seems to hold a secret:\n" + "\n".join(found), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
