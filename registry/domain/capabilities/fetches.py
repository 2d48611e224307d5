"""Code that is got when the package runs: by whom, and whether one version of it is named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FLAG = r"(?:\s+-{1,2}[A-Za-z][\w-]*(?:=\S+)?)"
NAME = r"(?P<what>(?:@[\w.-]{1,80}/)?[A-Za-z][\w.-]{0,80}(?:\[[\w,-]{1,60}\])?(?:(?:@|==|>=|~=)[\w.^~*-]{0,40})?)"
NPX = re.compile(rf"\b(?:npx|bunx|pnpm dlx|pnpm exec dlx|yarn dlx|npm exec)(?:{FLAG}){{0,6}}(?:\s+--)?\s+[\"']?{NAME}")
UVX = re.compile(rf"\b(?:uvx|pipx run|uv tool run)(?:{FLAG}){{0,6}}\s+[\"']?{NAME}")
FROM = re.compile(
    r"\b(?:uvx|uv tool run|pipx run|uv run)\b.{0,80}?(?:--from|--with|--spec)[ =][\"']?(?P<what>[^\s\"']{3,160})"
)
PIP = re.compile(
    rf"\b(?:pip3?|uv pip|python3? -m pip)\s+install(?:{FLAG}){{0,6}}\s+[\"']?(?P<what>(?:git\+|https?://)?[^\s\"'-][^\s\"']{{1,160}})"
)
NPM = re.compile(rf"\bnpm\s+(?:i|install|add)(?:{FLAG}){{0,6}}\s+[\"']?{NAME}")
PIPED = re.compile(
    r"\b(?:curl|wget|iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b[^|\n]{0,400}\|\s*(?:sudo\s+(?:-\w+\s+)?)?"
    r"(?:env\s+)?(?:/(?:usr/)?bin/)?(?:ba|z|da|k|fi)?sh\b|"
    r"\b(?:curl|wget)\b[^|\n]{0,400}\|\s*(?:sudo\s+)?(?:python3?|node|perl|ruby|php|osascript)\b|"
    r"\b(?:iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\b[^|\n]{0,300}\|\s*(?:iex|Invoke-Expression)\b|"
    r"\b(?:ba|z|da)?sh\s+(?:-c\s+)?[\"']?(?:<\(|\$\()\s*(?:curl|wget)\b|"
    r"\b(?:eval|source|\.)\s+[\"']?(?:<\(|\$\(|`)\s*(?:curl|wget)\b|"
    r"\b(?:iex|Invoke-Expression)\b.{0,120}\b(?:DownloadString|iwr|irm|Invoke-WebRequest)",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://[^\s\"'`<>|)\\]{3,180}")
PINNED_NPM = re.compile(r"(?<=.)@\d+\.\d+\.\d+[\w.+-]*$")
PINNED_PYPI = re.compile(r"(?:==|@)\d+(?:\.\d+)+[\w.+-]*$")
PINNED_GIT = re.compile(r"@[0-9a-f]{40}(?:$|#)")
DENO = re.compile(r"\bdeno\s+run\b.{0,120}?(?P<what>https?://\S{3,160})")
DOCKER = re.compile(r"\bdocker\s+run\b(?P<rest>.{0,300})")
DIGEST = re.compile(r"@sha256:[0-9a-f]{64}")
RUNNERS = {"npx": "npm", "bunx": "npm", "pnpm": "npm", "yarn": "npm", "npm": "npm", "uvx": "pypi", "pipx": "pypi"}
OWN = frozenset(
    {"tsx", "ts-node", "tsc", "node", "jest", "vitest", "eslint", "prettier", "playwright", "claude", "skills"}
)


@dataclass(frozen=True, slots=True)
class Fetch:
    """One fetch: from where (npm, pypi, url, image), what (without its version), and whether a version is fixed."""

    source: str
    what: str
    is_pinned: bool


def fetches_in(text: str) -> Iterator[Fetch]:
    """Every fetch that a line of code makes when it runs."""
    if PIPED.search(text):
        address = ADDRESS.search(text)
        yield Fetch("script", address.group() if address else "*", is_pinned=False)
    for match in NPX.finditer(text):
        yield _npm(match["what"])
    if (spec := FROM.search(text)) is not None:
        yield _python(spec["what"])
    else:
        for match in UVX.finditer(text):
            yield _python(match["what"])
    for match in DENO.finditer(text):
        yield Fetch("url", match["what"], is_pinned=False)


def installs_in(text: str) -> Iterator[Fetch]:
    """Packages that a line of code installs."""
    for match in PIP.finditer(text):
        what = match["what"]
        if (
            what not in {".", "-r", "-e"}
            and not what.endswith((".txt", ".toml"))
            and not what.startswith((".", "/", "$"))
        ):
            yield _python(what)
    for match in NPM.finditer(text):
        yield _npm(match["what"])


def fetches_of_command(command: str, arguments: Sequence[str]) -> Iterator[Fetch]:
    """The fetch that starting a server by `command` makes."""
    runner = command.rsplit("/", 1)[-1].removesuffix(".cmd").removesuffix(".exe")
    line = " ".join([runner, *arguments])
    if runner == "docker":
        yield from _image(arguments)
    else:
        yield from fetches_in(line)


def _npm(spec: str) -> Fetch:
    name, _, version = spec[1:].partition("@")
    return Fetch("npm", spec[0] + name, is_pinned=bool(version) and PINNED_NPM.search(spec) is not None)


def _python(spec: str) -> Fetch:
    if spec.startswith(("git+", "http://", "https://")):
        bare = re.sub(r"@[^@/]{1,100}$", "", spec)
        return Fetch("url", bare, is_pinned=PINNED_GIT.search(spec) is not None)
    name = re.split(r"[@=<>~!\[ ]", spec, maxsplit=1)[0]
    return Fetch("pypi", name, is_pinned=PINNED_PYPI.search(spec) is not None)


def _image(arguments: Sequence[str]) -> Iterator[Fetch]:
    takes_value = {"-e", "--env", "-v", "--volume", "-p", "--network", "--name", "--mount", "-u", "--user", "-w"}
    skip = False
    for argument in arguments[1:]:
        if skip or argument.startswith("-"):
            skip = argument in takes_value and not skip
            continue
        bare = DIGEST.sub("", argument)
        yield Fetch(
            "image", bare.rsplit(":", 1)[0] if ":" in bare.rsplit("/", 1)[-1] else bare, bool(DIGEST.search(argument))
        )
        return
