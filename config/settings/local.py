"""One laptop: everything embedded, plain http on localhost."""

from __future__ import annotations

import os

os.environ.setdefault("LOG_FORMAT", "console")
os.environ.setdefault("SIGNUP_OPEN", "1")

from config.settings.base import *  # noqa: F403  (the variables above must stand first)
