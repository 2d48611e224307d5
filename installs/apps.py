"""The installs app."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings


class InstallsConfig(AppConfig):
    """Registers the jobs of installs, and keeps its documents when packages change."""

    name = "installs"
    verbose_name = "Installs"

    def ready(self) -> None:
        """Documents follow packages in their writers' transactions; a sign-in claims the visitor's library."""
        import installs.tasks  # noqa: F401, PLC0415  (registers the jobs; models are not loaded before)
        from installs.selectors.audience import audiences_of  # noqa: PLC0415  (likewise)
        from installs.selectors.exports import library_part  # noqa: PLC0415  (likewise)
        from installs.services.catalogue import catalogue_project  # noqa: PLC0415  (likewise)
        from installs.services.checkups import partitions_look  # noqa: PLC0415  (likewise)
        from installs.services.documents import package_documents  # noqa: PLC0415  (likewise)
        from installs.services.erasing import library_forget  # noqa: PLC0415  (likewise)
        from installs.services.libraries import visitor_claim  # noqa: PLC0415  (likewise)
        from installs.services.searches import search_note  # noqa: PLC0415  (likewise)
        from installs.services.withdrawals import withdrawals_project  # noqa: PLC0415  (likewise)
        from marketplace.core.checkup import check  # noqa: PLC0415  (likewise)
        from marketplace.core.events import listen, project  # noqa: PLC0415  (likewise)
        from marketplace.core.exports import export_part  # noqa: PLC0415  (likewise)
        from marketplace.core.searched import on_search  # noqa: PLC0415  (likewise)
        from marketplace.core.sign_ins import on_sign_in  # noqa: PLC0415  (likewise)
        from marketplace.domain.events import UserErased  # noqa: PLC0415  (likewise)
        from registry.domain.events import PackageChanged, VersionChanged, VersionReread  # noqa: PLC0415  (likewise)
        from registry.services.asking import audience_register  # noqa: PLC0415  (likewise)

        audience_register(audiences_of)
        for projection in (withdrawals_project, package_documents, catalogue_project):
            project(VersionChanged, projection)
            project(PackageChanged, projection)
        listen(VersionChanged, "installs.consent_ask")
        listen(VersionReread, "installs.reread_tell")
        if settings.PURGE_URLS:
            listen(VersionChanged, "installs.copies_refresh", key="package_id")
            listen(PackageChanged, "installs.copies_refresh", key="package_id")
        project(UserErased, library_forget)
        export_part("library", library_part)
        on_sign_in(visitor_claim)
        on_search(search_note)
        check("partitions", partitions_look)
