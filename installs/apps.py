"""The installs app."""

from __future__ import annotations

from django.apps import AppConfig


class InstallsConfig(AppConfig):
    """Wires installs into Django."""

    name = "installs"
    verbose_name = "Installs"
