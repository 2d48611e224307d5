"""Who wants to be told of new versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from registry.models.package import Package
from registry.models.publisher import Publisher


class Follow(models.Model):
    """One person follows one package, or everything of one publisher."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    package = models.ForeignKey(Package, models.CASCADE, null=True, blank=True, related_name="+")
    publisher = models.ForeignKey(Publisher, models.CASCADE, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(package__isnull=True) ^ models.Q(publisher__isnull=True),
                name="registry_follow_one_thing",
            ),
            models.UniqueConstraint(fields=["user", "package"], name="registry_follow_package_once"),
            models.UniqueConstraint(fields=["user", "publisher"], name="registry_follow_publisher_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.package_id or self.publisher_id}"
