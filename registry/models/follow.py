"""Who wants to be told of new versions and of what collections gain."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from registry.models.collection import Collection
from registry.models.package import Package
from registry.models.publisher import Publisher


class Follow(models.Model):
    """One person follows one package, everything of one publisher, or one collection."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    package = models.ForeignKey(Package, models.CASCADE, null=True, blank=True, related_name="+")
    publisher = models.ForeignKey(Publisher, models.CASCADE, null=True, blank=True, related_name="+")
    collection = models.ForeignKey(Collection, models.CASCADE, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(package__isnull=False, publisher__isnull=True, collection__isnull=True)
                | models.Q(package__isnull=True, publisher__isnull=False, collection__isnull=True)
                | models.Q(package__isnull=True, publisher__isnull=True, collection__isnull=False),
                name="registry_follow_one_thing",
            ),
            models.UniqueConstraint(fields=["user", "package"], name="registry_follow_package_once"),
            models.UniqueConstraint(fields=["user", "publisher"], name="registry_follow_publisher_once"),
            models.UniqueConstraint(fields=["user", "collection"], name="registry_follow_collection_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.package_id or self.publisher_id or self.collection_id}"
