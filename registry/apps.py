"""The registry: publishers, packages, versions, artifacts."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Packages, versions and what is in them."""

    name = "registry"
    verbose_name = "Registry"
