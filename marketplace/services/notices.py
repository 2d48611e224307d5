"""Tells people something: on the site at once, by mail within a minute, each thing once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.core.errors import NotAllowed
from marketplace.domain.audit import Action
from marketplace.models import Notice, NoticeChoice, User
from marketplace.services.audit import audit
from marketplace.services.outbox import enqueue

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from marketplace.domain.viewer import Viewer

MAIL = "marketplace.notice_mail"
ALWAYS_MAILED = frozenset({Notice.Kind.ACCOUNT, Notice.Kind.MODERATION})


@transaction.atomic
def notice_send(*, to: Iterable[int], kind: Notice.Kind, key: str, title: str, path: str, text: str = "") -> int:
    """Tell the users with these primary keys; who was told `key` before is not told again. Returns how many are new.

    `path` is an address on this site, from its slash on; `text` is plain, paragraphs apart by empty lines.
    """
    told = set(Notice.objects.filter(user_id__in=(users := set(to)), key=key).values_list("user_id", flat=True))
    wanted = User.objects.filter(pk__in=users - told).exclude(state=User.State.SUSPENDED)
    rows = [
        Notice(user=user, kind=kind, key=key[:120], title=title[:200], text=text, path=path[:300]) for user in wanted
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    for row in rows:
        enqueue(MAIL, public_id=str(row.public_id))
    return len(rows)


@transaction.atomic
def notice_mail(public_id: str) -> None:
    """Send one notice by mail, unless its reader does not want its kind; sending it twice is told apart by its row."""
    notice = Notice.objects.select_for_update(of=("self",)).select_related("user").filter(public_id=public_id).first()
    if notice is None or notice.mailed_at is not None or not _wants_mail(notice):
        return
    notice.mailed_at = timezone.now()
    notice.save(update_fields=["mailed_at"])
    headers = {"Message-ID": f"<{notice.public_id}@{settings.BASE_URL.split('://', 1)[-1].split(':')[0]}>"}
    EmailMessage(notice.title, _body(notice), to=[notice.user.email], headers=headers).send()


@transaction.atomic
def notices_read(*, by: Viewer, public_ids: Iterable[UUID] | None = None) -> int:
    """Mark the viewer's notices as read, all of them without `public_ids`; raises NotAllowed MP9002."""
    if by.user_id is None:
        raise NotAllowed("MP9002")
    unread = Notice.objects.filter(user_id=by.user_id, read_at=None)
    if public_ids is not None:
        unread = unread.filter(public_id__in=list(public_ids))
    return unread.update(read_at=timezone.now())


@transaction.atomic
def notice_choose(*, by: Viewer, mailed: Iterable[str]) -> None:
    """Have only these kinds by mail, besides those that are always mailed; raises NotAllowed MP9002."""
    if by.user_id is None:
        raise NotAllowed("MP9002")
    wanted = set(mailed) | {kind.value for kind in ALWAYS_MAILED}
    unmailed = [kind for kind in Notice.Kind.values if kind not in wanted]
    NoticeChoice.objects.update_or_create(user_id=by.user_id, defaults={"unmailed": unmailed})
    audit(Action.NOTICE_CHOOSE, by=by, kind="notice", data={"unmailed": unmailed})


def _wants_mail(notice: Notice) -> bool:
    if notice.kind in ALWAYS_MAILED:
        return True
    choice = NoticeChoice.objects.filter(user=notice.user).first()
    return choice is None or notice.kind not in choice.unmailed


def _body(notice: Notice) -> str:
    """Plain text with one link, and why it came."""
    why = _("You get this because of your account at %(site)s.") % {"site": settings.SITE_NAME}
    parts = [notice.text.strip(), f"{settings.BASE_URL}{notice.path}", f"-- \n{why}"]
    return "\n\n".join(part for part in parts if part) + "\n"
