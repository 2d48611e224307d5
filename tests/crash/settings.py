"""A laptop's settings with points to be killed at, and sweeps that come at once."""

from __future__ import annotations

from config.settings.local import *  # noqa: F403  (every name is a setting)
from config.settings.local import CELERY_BEAT_SCHEDULE, INSTALLED_APPS

INSTALLED_APPS += ["tests.crash.faults.Faults"]
for _name in ("outbox", "sweep-versions", "sweep-artifacts"):
    CELERY_BEAT_SCHEDULE[_name]["schedule"] = 0.5
