"""People."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core.ids import uuid7


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address; `createsuperuser` and allauth need it."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Write a user; without a password none can sign in with one."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Write a user who may do everything in the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person; the public name is asked when they first publish."""

    class State(models.TextChoices):
        """Whether the person may sign in."""

        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")
        CLOSING = "closing", _("closing")
        CLOSED = "closed", _("closed")

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    display_name = models.CharField(_("name"), max_length=80, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.ACTIVE)
    closes_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    is_staff = models.BooleanField(default=False)
    is_moderator = models.BooleanField(default=False)
    is_senior_moderator = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="marketplace_user_email_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["active", "suspended", "closing", "closed"]),
                name="marketplace_user_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="closing") | models.Q(closes_at__isnull=True),
                name="marketplace_user_closes_only_when_closing",
            ),
            models.CheckConstraint(
                condition=models.Q(is_senior_moderator=False) | models.Q(is_moderator=True),
                name="marketplace_user_senior_moderates",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.email

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django reads it as an attribute; ours follows the state
        """Whether the person may sign in."""
        return self.state not in {self.State.SUSPENDED, self.State.CLOSED}
