"""The installs app."""

from __future__ import annotations

from django.apps import AppConfig


class InstallsConfig(AppConfig):
    """Registers the jobs of installs, and keeps its documents when packages change."""

    name = "installs"
    verbose_name = "Installs"

    def ready(self) -> None:
        """Documents follow versions and packages in their writers' transactions."""
        import installs.tasks  # noqa: F401, PLC0415  (registers the jobs; models are not loaded before)
        from installs.services.documents import package_documents  # noqa: PLC0415  (likewise)
        from marketplace.core.events import project  # noqa: PLC0415  (likewise)
        from registry.domain.events import PackageChanged, VersionChanged  # noqa: PLC0415  (likewise)

        project(VersionChanged, package_documents)
        project(PackageChanged, package_documents)
