"""Settings of `tests.clients.git_site`: the product's, without database and cache server."""

from __future__ import annotations

import os
from pathlib import Path

from config.settings.test import *  # noqa: F403  (every name is a setting)

ROOT_URLCONF = "tests.clients.git_site"
ALLOWED_HOSTS = ["127.0.0.1"]
GIT_CACHE_DIR = Path(os.environ["GIT_SITE_DIR"]) / "cache"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
