"""Reads of notices: each person their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.models import Notice, NoticeChoice

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from marketplace.domain.viewer import Viewer


def notices_of(viewer: Viewer) -> QuerySet[Notice]:
    """The viewer's notices, newest first."""
    return Notice.objects.filter(user_id=viewer.user_id or 0).order_by("-id")


def unread_count(viewer: Viewer) -> int:
    """How many of them are unread; asked on every page of somebody signed in, answered by a partial index."""
    return notices_of(viewer).filter(read_at=None).order_by().count() if viewer.user_id else 0


def unmailed_kinds(viewer: Viewer) -> list[str]:
    """The kinds that the viewer does not have by mail."""
    choice = NoticeChoice.objects.filter(user_id=viewer.user_id or 0).first()
    return choice.unmailed if choice else []
