"""Reviews: one a person and package, by people whose use was observed, with history and the publisher's answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from installs.services.use import use_of
from marketplace.core.errors import Invalid, LimitReached, NotAllowed, NotFound
from marketplace.domain.audit import Action
from marketplace.models import User
from marketplace.services.audit import audit
from marketplace.services.outbox import emit
from payments.selectors.licences import buyers_of
from registry.selectors.packages import is_maintainer
from reviews.domain.events import ReviewChanged
from reviews.domain.ratings import minor_of
from reviews.domain.states import PostState, post_may_move
from reviews.models import Review, ReviewReply, ReviewRevision
from reviews.services.bursts import burst_check
from reviews.services.post_news import reply_notice, review_notice
from reviews.services.ratings import rating_recompute, votes_recount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from installs.services.use import Use
    from marketplace.domain.viewer import Viewer
    from payments.domain.events import PurchaseVerified
    from registry.models import Package

TITLE = (3, 120)
TEXT_MOST = 5000
REPLY_MOST = 3000
AXES = ("works", "safe", "worth")


@dataclass(frozen=True, slots=True)
class Said:
    """What a reviewer says; axes are optional, one to five like the stars."""

    stars: int
    title: str
    text: str = ""
    axes: Mapping[str, int] = field(default_factory=dict)


@transaction.atomic
def review_write(*, package: Package, said: Said, by: Viewer) -> Review:
    """Write the viewer's review of the package, or change it; what it said before is kept as history.

    Raises NotAllowed MP9002 (nobody), MP7001 (no observed use), MP7002 (the publisher's own), MP7007 (account too
    young), Invalid MP7003 to MP7005, LimitReached MP7008.
    """
    use = ensure_can_review(package=package, by=by)
    ensure_said(said)
    mine = Review.objects.select_for_update().filter(package=package, author_id=by.user_id)
    review = mine.exclude(state=PostState.DELETED).first()
    if review is None:
        ensure_not_too_many(by)
        review = _create(package, said, by, use)
        burst_check(package=package)
        review.refresh_from_db()
        review_notice(review=review, package=package)
    else:
        _change(review, said, use)
    _tell(review, package, by, Action.REVIEW_WRITE)
    return review


@transaction.atomic
def review_delete(*, review: Review, by: Viewer) -> None:
    """Take one's own review away for good; raises NotFound MP7006."""
    review = _locked(review)
    if by.user_id is None or review.author_id != by.user_id or review.state == PostState.DELETED:
        raise NotFound("MP7006")
    _move(review, PostState.DELETED)
    _tell(review, review.package, by, Action.REVIEW_DELETE)


@transaction.atomic
def review_hide(*, review: Review, by: Viewer) -> Review:
    """Moderation takes it off the page and out of the numbers; who may is the case's question."""
    review = _locked(review)
    _move(review, PostState.HIDDEN)
    _tell(review, review.package, by, Action.REVIEW_HIDE)
    return review


@transaction.atomic
def review_show(*, review: Review, by: Viewer) -> Review:
    """Moderation shows and counts it again."""
    review = _locked(review)
    if review.state != PostState.SHOWN:
        _move(review, PostState.SHOWN)
        _tell(review, review.package, by, Action.REVIEW_SHOW)
    return review


@transaction.atomic
def review_reply(*, review: Review, text: str, fixed_in: str = "", by: Viewer) -> ReviewReply:
    """The publisher's answer, new or changed; naming a published version asks the reviewer to look again.

    Raises NotAllowed MP7010, Invalid MP7021, MP7005, MP7011, NotFound MP7006.
    """
    review = _locked(review)
    if review.state in {PostState.DELETED, PostState.HIDDEN}:
        raise NotFound("MP7006")
    if by.user_id is None or not is_maintainer(by, review.package):
        raise NotAllowed("MP7010")
    ensure_text(text, REPLY_MOST)
    if fixed_in and not review.package.versions.filter(number=fixed_in, state="published").exists():
        raise Invalid("MP7011", {"number": fixed_in[:40]})
    reply, created = ReviewReply.objects.update_or_create(
        review=review,
        defaults={"author_id": by.user_id, "text": text.strip(), "fixed_in": fixed_in},
    )
    if not created:
        ReviewReply.objects.filter(pk=reply.pk).update(edited_at=timezone.now())
    if fixed_in:
        Review.objects.filter(pk=review.pk).update(asked_again_at=timezone.now())
    _tell(review, review.package, by, Action.REVIEW_REPLY)
    reply_notice(review=review, reply=reply)
    return reply


@transaction.atomic
def review_vote(*, review: Review, is_helpful: bool, by: Viewer) -> Review:
    """Say whether it helped; saying so again changes the vote. Raises NotAllowed MP9002, MP7009, NotFound MP7006."""
    if by.user_id is None:
        raise NotAllowed("MP9002")
    review = _locked(review)
    if review.state != PostState.SHOWN:
        raise NotFound("MP7006")
    if review.author_id == by.user_id:
        raise NotAllowed("MP7009")
    review.votes.update_or_create(voter_id=by.user_id, defaults={"is_helpful": is_helpful})
    votes_recount(review_id=review.pk)
    audit(
        Action.REVIEW_VOTE,
        by=by,
        kind="review",
        subject=review.public_id,
        name=review.package.full_name,
        organization_id=review.package.organization_id,
        data={"helpful": is_helpful},
    )
    review.refresh_from_db()
    return review


def ensure_can_review(*, package: Package, by: Viewer) -> Use:
    """The viewer's observed use; raises NotAllowed MP9002, MP7001, MP7002, MP7007."""
    if by.user_id is None:
        raise NotAllowed("MP9002")
    publisher = package.publisher
    own = publisher.user_id == by.user_id or publisher.organization_id in by.organization_ids
    if own or is_maintainer(by, package):
        raise NotAllowed("MP7002")
    joined = User.objects.filter(pk=by.user_id).values_list("date_joined", flat=True)[0]
    if timezone.now() - joined < timedelta(hours=settings.REVIEW_ACCOUNT_HOURS):
        raise NotAllowed("MP7007", {"hours": settings.REVIEW_ACCOUNT_HOURS})
    use = use_of(by, package)
    if not use.is_observed:
        raise NotAllowed("MP7001", {"name": package.full_name})
    return use


def ensure_said(said: Said) -> None:
    """Raise Invalid MP7003 (stars), MP7004 (title), MP7005 (text)."""
    if any(value not in range(1, 6) for value in (said.stars, *said.axes.values())) or not set(said.axes) <= set(AXES):
        raise Invalid("MP7003")
    if not TITLE[0] <= len(said.title.strip()) <= TITLE[1]:
        raise Invalid("MP7004")
    if len(said.text) > TEXT_MOST:
        raise Invalid("MP7005", {"most": TEXT_MOST})


def ensure_text(text: str, most: int) -> None:
    """Raise Invalid MP7021 for hardly anything, MP7005 for too much."""
    if len(text.strip()) < TITLE[0]:
        raise Invalid("MP7021")
    if len(text) > most:
        raise Invalid("MP7005", {"most": most})


def ensure_not_too_many(by: Viewer) -> None:
    """Raise LimitReached MP7008 beyond REVIEWS_A_DAY new reviews of one person."""
    since = timezone.now() - timedelta(days=1)
    count = Review.objects.filter(author_id=by.user_id, created_at__gt=since).count()
    if count >= settings.REVIEWS_A_DAY:
        raise LimitReached("MP7008", {"count": count})


def _create(package: Package, said: Said, by: Viewer, use: Use) -> Review:
    number = use.version.number if use.version else ""
    return Review.objects.create(
        package=package,
        author_id=by.user_id,
        author_name=by.name[:80],
        version=use.version,
        version_number=number,
        minor=minor_of(number),
        stars=said.stars,
        title=said.title.strip(),
        text=said.text.strip(),
        is_verified=use.is_verified,
        is_purchase=_has_bought(package, by),
        **said.axes,
    )


def _has_bought(package: Package, by: Viewer) -> bool:
    """Whether the author holds a paid use of the package now."""
    return by.user_id is not None and bool(buyers_of([package.pk], by.user_id))


def purchase_mark(event: PurchaseVerified) -> None:
    """Projection: reviews say “verified purchase” while their author holds what they bought."""
    Review.objects.filter(author_id=event.user_id, package_id=event.package_id).update(is_purchase=event.is_verified)


def _change(review: Review, said: Said, use: Use) -> None:
    ReviewRevision.objects.create(
        review=review,
        stars=review.stars,
        title=review.title,
        text=review.text,
        version_number=review.version_number,
    )
    review.stars, review.title, review.text = said.stars, said.title.strip(), said.text.strip()
    for axis in AXES:
        setattr(review, axis, said.axes.get(axis))
    review.version = use.version
    review.version_number = use.version.number if use.version else review.version_number
    review.minor = minor_of(review.version_number)
    review.is_verified = review.is_verified or use.is_verified
    review.edited_at = timezone.now()
    review.asked_again_at = None
    review.save()


def _locked(review: Review) -> Review:
    rows = Review.objects.select_for_update(of=("self",)).select_related("package__publisher", "package__latest")
    return rows.get(pk=review.pk)


def _move(review: Review, after: PostState) -> None:
    if not post_may_move(PostState(review.state), after):
        raise NotFound("MP7006")
    review.state = after
    review.save(update_fields=["state"])


def _tell(review: Review, package: Package, by: Viewer, action: Action) -> None:
    audit(
        action,
        by=by,
        kind="review",
        subject=review.public_id,
        name=package.full_name,
        organization_id=package.organization_id,
        data={"stars": review.stars, "state": review.state},
    )
    rating_recompute(package=package)
    emit(ReviewChanged(review_id=review.pk, package_id=package.pk))
