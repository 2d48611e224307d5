"""Forgets rows that have had their time."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from marketplace.models import IdempotencyKey, Token

KEY_LIFE = timedelta(days=1)
TOKEN_LIFE = timedelta(days=365)


def expired_purge() -> dict[str, int]:
    """Delete expired sessions, day-old idempotency keys and tokens that ended a year ago; returns how many of each."""
    now = timezone.now()
    gone = {
        "sessions": Session.objects.filter(expire_date__lt=now),
        "keys": IdempotencyKey.objects.filter(created_at__lt=now - KEY_LIFE),
        "tokens": Token.objects.filter(expires_at__lt=now - TOKEN_LIFE),
    }
    return {name: rows.delete()[0] for name, rows in gone.items()}
