"""Tells people what was written to them: reviews and questions to publishers, replies and answers to their authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from marketplace.models import Notice
from marketplace.services.notices import notice_send
from reviews.selectors.concerned import concerned_by

if TYPE_CHECKING:
    from registry.models import Package
    from reviews.models import Comment, Review, ReviewReply


def review_notice(*, review: Review, package: Package) -> None:
    """Tell the package's people of a new review."""
    notice_send(
        to=concerned_by(package) - {review.author_id},
        kind=Notice.Kind.REVIEW,
        key=f"review:{review.public_id}",
        title=_("%(name)s has a review: %(stars)s of 5 stars") % {"name": package.full_name, "stars": review.stars},
        path=f"/{package.full_name}/reviews#r-{review.public_id}",
        text=f"{review.title}\n\n{review.text}".strip(),
    )


def reply_notice(*, review: Review, reply: ReviewReply) -> None:
    """Tell the reviewer of the reply; a new version that mends it asks them to look again."""
    if review.author_id is None:
        return
    package = review.package
    said = (
        _("%(name)s %(number)s mends what you wrote of. Would you look again and change your review?")
        % {"name": package.full_name, "number": reply.fixed_in}
        if reply.fixed_in
        else ""
    )
    notice_send(
        to=[review.author_id],
        kind=Notice.Kind.REVIEW,
        key=f"reply:{review.public_id}:{reply.fixed_in}",
        title=_("The publisher of %(name)s replied to your review") % {"name": package.full_name},
        path=f"/{package.full_name}/reviews#r-{review.public_id}",
        text=f"{reply.text}\n\n{said}".strip(),
    )


def comment_notice(*, comment: Comment, package: Package) -> None:
    """Tell whoever asked of the answer, and the package's people of what is new."""
    parent = comment.parent
    answered = {parent.author_id} if parent is not None and parent.author_id is not None else set()
    path = f"/{package.full_name}/discussion#c-{(parent or comment).public_id}"
    for people, title in (
        (answered, _("%(name)s: your question was answered") % {"name": package.full_name}),
        (concerned_by(package) - answered, _("%(name)s: somebody wrote to you") % {"name": package.full_name}),
    ):
        notice_send(
            to=people - {comment.author_id},
            kind=Notice.Kind.REVIEW,
            key=f"comment:{comment.public_id}",
            title=title,
            path=path,
            text=comment.text,
        )
