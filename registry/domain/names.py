"""Names of publishers and packages: what may be a name, and which names read alike."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

PUBLISHER = re.compile(r"[a-z0-9](?:-?[a-z0-9])*", re.ASCII)
PACKAGE = re.compile(r"[a-z0-9][a-z0-9._-]*", re.ASCII)
PUBLISHER_MOST = 39
PACKAGE_MOST = 64
FULL = re.compile(r"@(?P<publisher>[^/@\s]+)/(?P<package>[^/@\s]+)")
SKILL = re.compile(r"[a-z0-9](?:-?[a-z0-9])*", re.ASCII)

SITE = frozenset(
    """api search npm git claude artifacts accounts account admin static media livez readyz metrics s i v0 v0.1 stripe
    publish library org orgs organization organizations organisation organisations settings help docs login logout
    signin signup sign-in sign-up styleguide collections compare categories tags feeds moderation about terms privacy
    security status well-known new import imports health robots.txt favicon.ico sitemap.xml system root null undefined
    me you user users publisher publishers package packages team teams billing checkout licences support abuse www mail
    registry marketplace demo node_modules favicon.ico""".split()
)
CLAUDE = frozenset(
    """claude claude-code claude-community claude-plugins-community claude-plugins-official claude-code-plugins
    claude-code-marketplace anthropic anthropics anthropic-plugin-directory claude-plugin-directory
    anthropic-marketplace anthropic-plugins healthcare agent-skills knowledge-work-plugins life-sciences
    financial-services inline builtin skills-dir synced""".split()
)
IMPERSONATES = re.compile(
    r"official.*(claude|anthropic)|(claude|anthropic).*(official|marketplace|plugins|director)", re.ASCII
)
RESERVED = SITE | CLAUDE


class NameRefused(ValueError):
    """The text cannot be a name; `code` and `params` say why."""

    def __init__(self, code: str, name: str) -> None:
        """Refuse `name` for the reason `code`."""
        super().__init__(name[:PACKAGE_MOST])
        self.code = code
        self.params = {"name": name[:PACKAGE_MOST]}


@dataclass(frozen=True, slots=True)
class FullName:
    """`@publisher/package`."""

    publisher: str
    package: str

    @classmethod
    def parse(cls, text: str) -> FullName:
        """Read `@publisher/package`; raises NameRefused MP1503."""
        match = FULL.fullmatch(text)
        if match is None:
            raise NameRefused("MP1503", text)
        return cls(match["publisher"], match["package"])

    def __str__(self) -> str:
        return f"@{self.publisher}/{self.package}"


def normalised(name: str) -> str:
    """What two names that read alike have in common: no case, no separators."""
    return re.sub(r"[._-]+", "", name.casefold())


def check_publisher_name(name: str) -> None:
    """Raise NameRefused: MP1501 for the form, MP1502 for a reserved name."""
    if not PUBLISHER.fullmatch(name) or len(name) > PUBLISHER_MOST:
        raise NameRefused("MP1501", name)
    if name in RESERVED or IMPERSONATES.search(name):
        raise NameRefused("MP1502", name)


def check_package_name(name: str) -> None:
    """Raise NameRefused: MP1504 for the form, MP1502 for a reserved name."""
    if not PACKAGE.fullmatch(name) or len(name) > PACKAGE_MOST:
        raise NameRefused("MP1504", name)
    if name in {"node_modules", "favicon.ico", "inline", "builtin", "skills-dir", "synced"}:
        raise NameRefused("MP1502", name)


def is_skill_name(name: str) -> bool:
    """Whether agentskills.io allows it: 1 to 64 of a-z, 0-9 and single inner hyphens."""
    return SKILL.fullmatch(name) is not None and len(name) <= PACKAGE_MOST


def slugify(text: str) -> str:
    """A name made from any text; empty when nothing of it can be used."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:PACKAGE_MOST].rstrip("-")
