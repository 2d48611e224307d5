"""Names in the one space of users and organizations: what may be a name, and which names read alike."""

from __future__ import annotations

import re

ACCOUNT = re.compile(r"[a-z0-9](?:-?[a-z0-9])*", re.ASCII)
ACCOUNT_MOST = 39
SHOWN_MOST = 64

SITE = frozenset(
    """api search npm git claude artifacts accounts account admin static media livez readyz metrics s i v0 v0.1
    stripe publish library org orgs organization organizations organisation organisations settings help docs
    login logout signin signup sign-in sign-up styleguide collections compare categories tags following feeds
    moderation about terms privacy security status well-known new import imports health robots.txt favicon.ico
    sitemap.xml system root null undefined me you user users publisher publishers package packages team teams
    billing checkout licences support abuse www mail registry marketplace demo node_modules orders sales prices
    payments console""".split()
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
        super().__init__(name[:SHOWN_MOST])
        self.code = code
        self.params = {"name": name[:SHOWN_MOST]}


def normalised(name: str) -> str:
    """What two names that read alike have in common: no case, no separators."""
    return re.sub(r"[._-]+", "", name.casefold())


def check_account_name(name: str) -> None:
    """Raise NameRefused: MP1501 for the form, MP1502 for a reserved name."""
    if not ACCOUNT.fullmatch(name) or len(name) > ACCOUNT_MOST:
        raise NameRefused("MP1501", name)
    if name in RESERVED or IMPERSONATES.search(name):
        raise NameRefused("MP1502", name)
