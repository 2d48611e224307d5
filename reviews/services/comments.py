"""Questions and comments under a package; answers of the publisher are marked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from marketplace.core.errors import Invalid, LimitReached, NotAllowed, NotFound
from marketplace.domain.audit import Action
from marketplace.services.audit import audit
from registry.selectors.packages import is_maintainer
from reviews.domain.states import PostState, post_may_move
from reviews.models import Comment
from reviews.services.post_news import comment_notice
from reviews.services.reviewing import ensure_text

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from registry.models import Package

TEXT_MOST = 5000


@transaction.atomic
def comment_write(
    *, package: Package, text: str, by: Viewer, parent: Comment | None = None, is_question: bool = False
) -> Comment:
    """Ask, comment, or answer; raises NotAllowed MP9002, Invalid MP7021, MP7005, MP7022, LimitReached MP7008."""
    if by.user_id is None:
        raise NotAllowed("MP9002")
    ensure_text(text, TEXT_MOST)
    if parent is not None and (parent.parent_id is not None or parent.package_id != package.pk):
        raise Invalid("MP7022")
    if parent is not None and parent.state != PostState.SHOWN:
        raise NotFound("MP7020")
    since = timezone.now() - timedelta(days=1)
    count = Comment.objects.filter(author_id=by.user_id, created_at__gt=since).count()
    if count >= settings.COMMENTS_A_DAY:
        raise LimitReached("MP7008", {"count": count})
    comment = Comment.objects.create(
        package=package,
        parent=parent,
        author_id=by.user_id,
        author_name=by.name[:80],
        kind=Comment.Kind.QUESTION if is_question and parent is None else Comment.Kind.COMMENT,
        text=text.strip(),
        by_publisher=is_maintainer(by, package),
    )
    _tell(comment, by, Action.COMMENT_WRITE)
    comment_notice(comment=comment, package=package)
    return comment


@transaction.atomic
def comment_delete(*, comment: Comment, by: Viewer) -> None:
    """Take one's own comment away; raises NotFound MP7020."""
    comment = _locked(comment)
    if by.user_id is None or comment.author_id != by.user_id or comment.state == PostState.DELETED:
        raise NotFound("MP7020")
    _move(comment, PostState.DELETED, by, Action.COMMENT_DELETE)


@transaction.atomic
def comment_hide(*, comment: Comment, by: Viewer) -> Comment:
    """Moderation takes it off the page; who may is the case's question."""
    comment = _locked(comment)
    _move(comment, PostState.HIDDEN, by, Action.COMMENT_HIDE)
    return comment


@transaction.atomic
def comment_show(*, comment: Comment, by: Viewer) -> Comment:
    """Moderation shows it again."""
    comment = _locked(comment)
    if comment.state != PostState.SHOWN:
        _move(comment, PostState.SHOWN, by, Action.COMMENT_SHOW)
    return comment


def _locked(comment: Comment) -> Comment:
    rows = Comment.objects.select_for_update(of=("self",)).select_related("package__publisher")
    return rows.get(pk=comment.pk)


def _move(comment: Comment, after: PostState, by: Viewer, action: Action) -> None:
    if not post_may_move(PostState(comment.state), after):
        raise NotFound("MP7020")
    comment.state = after
    comment.save(update_fields=["state"])
    _tell(comment, by, action)


def _tell(comment: Comment, by: Viewer, action: Action) -> None:
    package = comment.package
    audit(
        action,
        by=by,
        kind="comment",
        subject=comment.public_id,
        name=package.full_name,
        organization_id=package.organization_id,
    )
