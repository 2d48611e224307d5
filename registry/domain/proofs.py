"""How a name elsewhere is proven: what may be named, where the token must stand, how long a proof holds."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
DOMAIN = re.compile(rf"(?:{LABEL}\.)+(?!\d+$){LABEL}")
ACCOUNT = re.compile(r"(?!-)(?!.*--)[a-z0-9-]{1,39}(?<!-)")
DOMAIN_MOST = 120
HELD = timedelta(days=30)
"""For how long a check that found the token lets the mark stand."""
GONE = timedelta(days=7)
"""For how long it stands after a check that surely did not find it."""


class Method(StrEnum):
    """How it is proven; `demo` is for demo data only."""

    DNS = "dns"
    GITHUB = "github"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class ProofFailed(Exception):
    """The token was not found; `is_gone` says that the place was read and does not have it."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)
    is_gone: bool = False


def token_make() -> str:
    """A new token: 32 letters and digits."""
    return secrets.token_hex(16)


def subject_of(method: Method, text: str) -> str:
    """The domain or account that `text` names, in its one spelling; empty when it names none."""
    wanted = text.strip().lower().rstrip(".").removeprefix("https://").removesuffix("/")
    if method is Method.GITHUB:
        wanted = wanted.removeprefix("github.com/").removeprefix("@")
        return wanted if ACCOUNT.fullmatch(wanted) else ""
    try:
        wanted = wanted.encode("idna").decode() if wanted and not wanted.isascii() else wanted
    except UnicodeError:
        return ""
    return wanted if len(wanted) <= DOMAIN_MOST and DOMAIN.fullmatch(wanted) else ""


def line_of(site: str, token: str) -> str:
    """The text that must be found: the value of the record, or a line of the file."""
    return f"{site}={token}"


def record_name(site: str, domain: str) -> str:
    """The name of the TXT record."""
    return f"_{site}.{domain}"


def file_path(site: str, account: str) -> str:
    """Where the file stands below the address that raw files are read from."""
    return f"{account}/.github/HEAD/{site}.txt"


def has_line(lines: Iterable[str], wanted: str) -> bool:
    """Whether one of the lines is the wanted one."""
    return any(line.strip() == wanted for line in lines)


def expiry_after_loss(expires_at: datetime, now: datetime) -> datetime:
    """Until when a mark stands whose token is gone: a week, and never longer than it would have."""
    return min(expires_at, now + GONE)
