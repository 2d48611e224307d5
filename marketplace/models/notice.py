"""Notices: what a person is told on the site, and by mail unless they have turned that kind off."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.ids import uuid7


class Notice(models.Model):
    """One thing that one person is told once: `key` is the sender's name for it. `path` begins with a slash."""

    class Kind(models.TextChoices):
        """What it is about; mail can be turned off by kind, but for moderation and account."""

        ACCOUNT = "account", _("Your account")
        MODERATION = "moderation", _("Moderation and appeals")
        VERSION = "version", _("Versions that you publish")
        CONSENT = "consent", _("Updates that ask for more")
        FOLLOW = "follow", _("What you follow")
        REVIEW = "review", _("Reviews, replies and comments")
        PURCHASE = "purchase", _("Purchases, licences and seats")

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    path = models.CharField(max_length=300)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="marketplace_notice_once"),
            models.CheckConstraint(condition=models.Q(path__startswith="/"), name="marketplace_notice_path_is_ours"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="marketplace_notice_newest"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="marketplace_notice_unread"),
        ]

    def __str__(self) -> str:
        return self.title


class NoticeChoice(models.Model):
    """The kinds of notices that a person does not want by mail; they still stand on the site."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    unmailed = ArrayField(models.CharField(max_length=12, choices=Notice.Kind), default=list, blank=True)

    def __str__(self) -> str:
        return ", ".join(self.unmailed)
