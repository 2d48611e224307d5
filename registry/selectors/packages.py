"""Reads of publishers, packages and versions: always for a viewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from marketplace.core.errors import NotFound
from marketplace.domain.roles import ALLOWED, Permission
from registry.domain.states import SERVED, State
from registry.models import DistTag, Package, PackageMaintainer, Publisher, Version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketplace.domain.viewer import Viewer

GONE = (State.REMOVED, State.UNPUBLISHED)


def maintained_by(viewer: Viewer) -> Q:
    """The condition on packages: the viewer may publish them."""
    if viewer.user_id is None:
        return Q(pk__in=[])
    publishing = [pk for pk, role in viewer.roles.items() if Permission.PUBLISH in ALLOWED[role]]
    maintainer = PackageMaintainer.objects.filter(package=OuterRef("pk"), user_id=viewer.user_id)
    return Q(publisher__user_id=viewer.user_id) | Q(publisher__organization_id__in=publishing) | Q(Exists(maintainer))


def packages_visible_to(viewer: Viewer) -> QuerySet[Package]:
    """Packages that the viewer may know of; one without a published version is known to its maintainers only."""
    packages = Package.objects.select_related("publisher", "latest", "shared")
    if viewer.packages is not None:
        packages = packages.filter(Q(is_private=False) | Q(full_name__in=viewer.packages))
    if viewer.is_system or viewer.is_moderator:
        return packages
    listed = Q(latest__isnull=False) & (Q(is_private=False) | Q(organization_id__in=viewer.organization_ids))
    return packages.filter(listed | maintained_by(viewer)) if viewer.user_id else packages.filter(listed)


def packages_maintained_by(viewer: Viewer) -> QuerySet[Package]:
    """Packages that the viewer may publish."""
    return Package.objects.select_related("publisher", "latest").filter(maintained_by(viewer))


def package_get(viewer: Viewer, publisher: str, name: str) -> Package:
    """The package `@publisher/name`; raises NotFound MP3002."""
    full_name = f"@{publisher}/{name}"
    package = packages_visible_to(viewer).filter(full_name=full_name).first()
    if package is None:
        raise NotFound("MP3002", {"name": full_name})
    return package


def is_maintainer(viewer: Viewer, package: Package) -> bool:
    """Whether the viewer may publish the package."""
    return viewer.is_system or Package.objects.filter(maintained_by(viewer), pk=package.pk).exists()


def versions_of(viewer: Viewer, package: Package) -> QuerySet[Version]:
    """The versions the viewer may know of, newest first: published and yanked ones; all of them for maintainers."""
    versions = package.versions.order_by("-sort_key")
    if viewer.is_moderator or is_maintainer(viewer, package):
        return versions.exclude(state=State.UNPUBLISHED)
    return versions.filter(state__in=SERVED)


def version_get(viewer: Viewer, package: Package, number: str) -> Version:
    """One version by number or tag; raises NotFound MP3003."""
    versions = versions_of(viewer, package).select_related("package__publisher", "source")
    version = versions.filter(number=number).first() or versions.filter(dist_tags__name=number).first()
    if version is None:
        raise NotFound("MP3003", {"name": package.full_name, "number": number})
    return version


def maintainers_of(package: Package) -> QuerySet[PackageMaintainer]:
    """Who may publish it beside the owners of its namespace, first added first."""
    return package.maintainers.select_related("user").order_by("pk")


def maintainer_get(package: Package, public_id: object) -> PackageMaintainer:
    """The maintainer with a user's public id; raises NotFound MP9001."""
    row = maintainers_of(package).filter(user__public_id=str(public_id)).first()
    if row is None:
        raise NotFound("MP9001")
    return row


def tags_of(viewer: Viewer, package: Package) -> QuerySet[DistTag]:
    """The tags that name a version the viewer may know of, by name."""
    return package.dist_tags.filter(version__in=versions_of(viewer, package)).select_related("version").order_by("name")


def publisher_get(name: str) -> Publisher:
    """The publisher `name`; raises NotFound MP3001."""
    publisher = Publisher.objects.select_related("organization").filter(name=name).first()
    if publisher is None:
        raise NotFound("MP3001", {"name": name})
    return publisher


def publishers_of(viewer: Viewer) -> QuerySet[Publisher]:
    """The namespaces in which the viewer may make packages."""
    publishing = [pk for pk, role in viewer.roles.items() if Permission.PUBLISH in ALLOWED[role]]
    if viewer.user_id is None:
        return Publisher.objects.none()
    return Publisher.objects.filter(Q(user_id=viewer.user_id) | Q(organization_id__in=publishing)).order_by("name")


def served_public_packages(publisher: Publisher) -> QuerySet[Package]:
    """The publisher's public packages with something to install, by name."""
    return (
        publisher.packages.filter(is_private=False, latest__state=State.PUBLISHED)
        .select_related("publisher", "latest", "shared")
        .prefetch_related(Prefetch("dist_tags", DistTag.objects.select_related("version")))
        .order_by("name")
    )


def shared_version(package: Package) -> Version | None:
    """What addresses that know nobody give out of the package; None: nothing."""
    shared = package.shared
    if shared is None or shared.state != State.PUBLISHED:
        return None
    shared.package = package
    return shared


def published_numbers(package_ids: Iterable[int], *, most: int = 20) -> dict[int, list[str]]:
    """The published versions of each package by number, the newest first, at most `most` each; one query."""
    rows = Version.objects.filter(package_id__in=list(package_ids), state=State.PUBLISHED)
    place = Window(RowNumber(), partition_by="package_id", order_by="-sort_key")
    found: dict[int, list[str]] = {}
    for package_id, number in (
        rows.annotate(place=place)
        .filter(place__lte=most)
        .order_by("package_id", "place")
        .values_list("package_id", "number")
    ):
        found.setdefault(package_id, []).append(number)
    return found
