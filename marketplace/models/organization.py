"""Organizations (tenants) and who belongs to them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.ids import uuid7
from marketplace.domain.roles import Role


class Organization(models.Model):
    """A tenant: owns publishers, private packages, licences and policy."""

    class State(models.TextChoices):
        """Whether it is in use."""

        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")
        CLOSING = "closing", _("closing")
        CLOSED = "closed", _("closed")

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.CharField(max_length=39, unique=True, db_collation="C")
    display_name = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=State, default=State.ACTIVE)
    closes_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["active", "suspended", "closing", "closed"]),
                name="marketplace_organization_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="closing") | models.Q(closes_at__isnull=True),
                name="marketplace_organization_closes_only_when_closing",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name


class Membership(models.Model):
    """One person's role in one organization."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=[(role.value, role.value) for role in Role])
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="marketplace_membership_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="marketplace_membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.organization_id} as {self.role}"
