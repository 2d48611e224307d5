"""A small world for reviews: a publisher with a published package, people who have it, moderators."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from installs.models import Download, Install, Library
from installs.services.downloads import who_of
from marketplace.core import tenancy
from marketplace.models import User
from marketplace.services.viewers import viewer_of_user
from registry.domain.content import Content, File
from registry.domain.formats import detect
from registry.models import Package, Publisher, Version
from registry.services.publishers import publisher_create
from registry.services.publishing import Release, version_receive
from registry.services.scanning import version_scan
from reviews.services.reviewing import Said, review_write

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from reviews.models import Review

SKILL = "---\nname: {name}\ndescription: Reviews SQL. Use it before a migration.\n---\n\nRead the plan first. {more}\n"
OLD = timedelta(days=30)


def person(name: str, *, is_moderator: bool = False, is_senior: bool = False, new: bool = False) -> User:
    """A user whose account is a month old, or new."""
    joined = timezone.now() if new else timezone.now() - OLD
    with tenancy.bound(tenancy.SYSTEM):
        return User.objects.create_user(
            f"{name}@example.com",
            display_name=name.title(),
            is_moderator=is_moderator or is_senior,
            is_senior_moderator=is_senior,
            is_staff=is_moderator or is_senior,
            date_joined=joined,
        )


def seen(user: User) -> Viewer:
    """The viewer that the user is."""
    return viewer_of_user(user)


def publisher(user: User, name: str = "acme") -> Publisher:
    """A publisher of the user's."""
    return publisher_create(name=name, by=seen(user))


def release(
    owner: Publisher,
    by: User,
    number: str = "1.0.0",
    *,
    name: str = "sql",
    more: str = "",
    viewer: Viewer | None = None,
) -> Version:
    """A published version of a skill, sent by the user or as `viewer`."""
    text = SKILL.format(name=name, more=f"{number} {more}")
    entry = detect(Content({"SKILL.md": File(text.encode())})).entries[0]
    received = version_receive(
        publisher=owner, entry=entry, release=Release(number=number, name=name), by=viewer or seen(by)
    )
    version_scan(received.version.pk)
    return Version.objects.select_related("package__publisher", "package__latest").get(pk=received.version.pk)


def package_of(version: Version) -> Package:
    """The version's package as it is now."""
    return Package.objects.select_related("publisher", "latest").get(pk=version.package_id)


def install(user: User, package: Package) -> None:
    """Put the package into the user's library."""
    with tenancy.bound(tenancy.SYSTEM):
        library, _ = Library.objects.get_or_create(user=user)
        Install.objects.get_or_create(library=library, package=package)


def fetched(user: User, version: Version, *days_ago: int) -> None:
    """The user fetched the version on these days."""
    for back in days_ago:
        day = (timezone.now() - timedelta(days=back)).date()
        Download.objects.create(
            day=day,
            package_id=version.package_id,
            version_id=version.pk,
            channel="npm",
            client="npm/12",
            who=who_of(seen(user), "", day),
        )


def reviewed(package: Package, name: str, stars: int, title: str = "It is what it says") -> Review:
    """A review by a new person who has the package."""
    user = person(name)
    install(user, package)
    with tenancy.bound(tenancy.SYSTEM):
        return review_write(package=package, said=Said(stars, title), by=seen(user))
