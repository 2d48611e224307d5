"""Under which of the registry's base addresses a request came."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

SITE_PREFIX = "/npm"


@lru_cache(maxsize=16)
def _parts(base: str) -> tuple[str, str]:
    parts = urlsplit(base)
    return parts.netloc, parts.path


def located(host: str, path: str) -> tuple[str, str] | None:
    """The base address and the path below it; None for a path that is not the registry's.

    A host of ours that begins no base address (an inner name of the site) stands for the site's.
    """
    for base in settings.NPM_BASES:
        netloc, prefix = _parts(base)
        if netloc == host and path.startswith(f"{prefix}/"):
            return base, path[len(prefix) :]
    if path.startswith(f"{SITE_PREFIX}/"):
        return settings.NPM_BASES[0], path[len(SITE_PREFIX) :]
    return None


def is_registry_host(host: str) -> bool:
    """Whether the whole host is the registry's: one of the base addresses is its root."""
    return any(_parts(base) == (host, "") for base in settings.NPM_BASES)
