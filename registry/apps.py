"""The registry: publishers, packages, versions, artifacts."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Registers the registry's jobs and who is told of its events."""

    name = "registry"
    verbose_name = "Registry"

    def ready(self) -> None:
        """A received version is scanned; a changed one is found anew."""
        import registry.tasks  # noqa: F401, PLC0415  (registers the jobs; models are not loaded before)
        from marketplace.core import demo  # noqa: PLC0415  (likewise)
        from marketplace.core.checkup import check  # noqa: PLC0415  (likewise)
        from marketplace.core.events import listen, project  # noqa: PLC0415  (likewise)
        from marketplace.core.exports import export_part  # noqa: PLC0415  (likewise)
        from marketplace.core.near import near_look  # noqa: PLC0415  (likewise)
        from marketplace.domain.events import OrganizationEnded, UserErased  # noqa: PLC0415  (likewise)
        from registry.domain.events import (  # noqa: PLC0415  (likewise)
            CollectionGrew,
            PackageChanged,
            VersionChanged,
            VersionReceived,
        )
        from registry.selectors.exports import registry_part  # noqa: PLC0415  (likewise)
        from registry.selectors.near import packages_near, publishers_near  # noqa: PLC0415  (likewise)
        from registry.services.checkups import signing_look, storage_look  # noqa: PLC0415  (likewise)
        from registry.services.demo import catalogue_load  # noqa: PLC0415  (likewise)
        from registry.services.demo_collections import collections_load  # noqa: PLC0415  (likewise)
        from registry.services.erasing import organization_forget, person_forget  # noqa: PLC0415  (likewise)
        from registry.services.search import document_project  # noqa: PLC0415  (likewise)

        listen(VersionReceived, "registry.version_scan")
        listen(VersionChanged, "registry.followers_tell")
        listen(CollectionGrew, "registry.collection_followers_tell")
        project(VersionChanged, document_project)
        project(PackageChanged, document_project)
        demo.part("packages", catalogue_load)
        demo.part("collections", collections_load)
        project(UserErased, person_forget)
        project(OrganizationEnded, organization_forget)
        export_part("registry", registry_part)
        near_look("MP3001", publishers_near)
        near_look("MP3002", packages_near)
        near_look("MP3003", packages_near)
        check("storage", storage_look)
        check("signing key", signing_look)
