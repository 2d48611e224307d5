"""Credentials that go to another service than their own: the name says whose they are, the address who gets them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from registry.domain.scanning.model import HOLDS, Hit, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.scanning.segments import Sheet

KEY = re.compile(
    r"(?<![A-Za-z0-9_])([A-Z][A-Z0-9]{1,20}(?:_[A-Z0-9]{1,20}){0,4}_(?:API_KEY|ACCESS_KEY|SECRET_ACCESS_KEY|"
    r"SECRET_KEY|BOT_TOKEN|AUTH_TOKEN|ACCESS_TOKEN|API_TOKEN|TOKEN|PAT|PASSWORD|CLIENT_SECRET|SECRET))(?![A-Za-z0-9_])"
)
ADDRESS = re.compile(r"https?://([A-Za-z0-9.-]{4,120})")
GIVES = re.compile(
    r"\bcurl\b[^\n]{0,300}?(?:\s-d|\s--data\S{0,12}|\s-F|\s--form)[= ]?(?P<a>[^\n]{0,300})|"
    r"\b(?:post|put|request|Request|urlopen|fetch|sendBeacon)\([^\n]{0,200}?(?:data|json|body|params|content)\s*[=:](?P<b>[^\n]{0,300})|"
    r"https?://[^\s\"'`]{4,160}[?/&][\w=-]{0,30}(?P<c>\$\{?[A-Z_]{4,60}|\{[^}\n]{4,60}\})"
)
OWN = {
    "aws": "amazonaws aws", "gh": "github", "github": "github ghcr", "gitlab": "gitlab", "hf": "huggingface hf",
    "huggingface": "huggingface hf", "openai": "openai azure", "anthropic": "anthropic claude",
    "claude": "anthropic claude",
    "slack": "slack", "npm": "npmjs npm", "pypi": "pypi", "stripe": "stripe", "google": "google", "gcp": "google",
    "gemini": "google", "azure": "azure microsoft windows", "discord": "discord", "telegram": "telegram",
    "datadog": "datadog", "dd": "datadog", "docker": "docker", "cloudflare": "cloudflare", "cf": "cloudflare",
    "vercel": "vercel", "heroku": "heroku", "twilio": "twilio", "sendgrid": "sendgrid", "jira": "atlassian jira",
    "notion": "notion", "linear": "linear", "sentry": "sentry", "supabase": "supabase", "mongodb": "mongodb",
}  # fmt: skip
"""Whose a credential is by the first word of its name, and what the addresses of that service hold."""
HERE = ("localhost", "127.", "0.0.0.0", "10.", "192.168.", "172.16.", "host.docker")  # noqa: S104  (an address in text)
NEAR = 4
EACH_MOST = 5


def strays_in(sheet: Sheet) -> Iterator[Hit]:
    """Places where a known service's credential is in what is sent, and no address in the file is that service's."""
    if "_" not in sheet.text or "http" not in sheet.text:
        return
    hosts = [match[1].lower() for match in ADDRESS.finditer(sheet.text)]
    lines = sheet.text.split("\n")
    found = 0
    for number, line in enumerate(lines, 1):
        given = next((match for match in GIVES.finditer(line[:2000])), None)
        if given is None:
            continue
        names = {name for group in given.groups() if group for name in KEY.findall(group)}
        near = {
            match[1].lower()
            for text in lines[max(number - NEAR, 0) : number + NEAR]
            for match in ADDRESS.finditer(text[:2000])
        }
        strays = sorted(name for name in names if is_stray(name, near, hosts))
        if strays and found < EACH_MOST:
            found += 1
            yield Hit("send.cross-service", "MP3105", HOLDS, sheet.path, number, excerpt(line.strip()))


def is_stray(name: str, near: set[str], hosts: list[str]) -> bool:
    """Whether the credential belongs to a known service that has none of the addresses, and one near by is foreign."""
    whose = OWN.get(name.split("_", maxsplit=1)[0].lower())
    if whose is None or not near or all(host.startswith(HERE) for host in near):
        return False
    return not any(word in host for word in whose.split() for host in hosts)
