"""Reads of reviews, comments and ratings, for a viewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import Avg, Count, Prefetch, Q, QuerySet

from marketplace.core.errors import NotFound
from registry.selectors.packages import packages_visible_to
from reviews.domain.ratings import histogram, minor_of
from reviews.domain.states import PostState
from reviews.models import Comment, HelpfulVote, Rating, Review

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from marketplace.domain.viewer import Viewer
    from registry.models import Package

VISIBLE = (PostState.SHOWN, PostState.FROZEN)
SORTS = {"helpful": ("-helpful_score", "-id"), "newest": ("-id",), "best": ("-stars", "-id"), "worst": ("stars", "-id")}
MINORS_SHOWN = 12


class ReviewFilter(django_filters.FilterSet):
    """What the page and the API filter by; unknown values are ignored by the page and refused by the API."""

    stars = django_filters.NumberFilter(field_name="stars", min_value=1, max_value=5)
    version = django_filters.CharFilter(field_name="minor", max_length=64)
    verified = django_filters.BooleanFilter(field_name="is_verified")

    class Meta:
        model = Review
        fields = ("stars", "version", "verified")


@dataclass(frozen=True, slots=True)
class Minor:
    """The reviews of one minor version: how many, and their plain mean."""

    number: str
    count: int
    mean: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What is shown above reviews; `rows` is (stars, count, percent) from five to one."""

    count: int
    mean: float | None
    rows: list[tuple[int, int, int]]
    current: Minor | None
    minors: list[Minor]
    is_frozen: bool


def reviews_of(viewer: Viewer, package: Package) -> QuerySet[Review]:
    """The package's reviews that the viewer may read, with reply and the viewer's own vote (`my_votes`)."""
    mine = HelpfulVote.objects.filter(voter_id=viewer.user_id or 0)
    visible = Q(state__in=VISIBLE) | Q(author_id=viewer.user_id or 0, state=PostState.HIDDEN)
    if viewer.is_moderator:
        visible |= Q(state=PostState.HIDDEN)
    rows = Review.objects.filter(visible, package=package).select_related("reply")
    return rows.prefetch_related(Prefetch("votes", mine, to_attr="my_votes"), "revisions")


def review_get(viewer: Viewer, public_id: UUID) -> Review:
    """One review of a package that the viewer may see; raises NotFound MP7006."""
    review = Review.objects.select_related("package__publisher", "package__latest", "reply").filter(public_id=public_id)
    found = review.exclude(state=PostState.DELETED).first()
    if found is None or not _may_read(viewer, found) or not _sees(viewer, found.package):
        raise NotFound("MP7006")
    return found


def own_review(viewer: Viewer, package: Package) -> Review | None:
    """The viewer's review of the package."""
    mine = Review.objects.filter(package=package, author_id=viewer.user_id or 0)
    return mine.exclude(state=PostState.DELETED).first()


def summary_of(package: Package) -> Summary:
    """The package's numbers, the present minor version first, and the trend over minor versions, oldest first."""
    rating = Rating.objects.filter(package=package).first() or Rating(package=package)
    counted = Review.objects.filter(package=package, state=PostState.SHOWN)
    rows = counted.values("minor").annotate(count=Count("pk"), mean=Avg("stars"))
    minors = sorted((Minor(row["minor"], row["count"], row["mean"]) for row in rows), key=_order)[-MINORS_SHOWN:]
    now = minor_of(package.latest.number) if package.latest else ""
    return Summary(
        count=rating.count,
        mean=rating.mean,
        rows=histogram(rating.counts),
        current=next((minor for minor in minors if minor.number == now), None),
        minors=minors,
        is_frozen=Review.objects.filter(package=package, state=PostState.FROZEN).exists(),
    )


def comments_of(viewer: Viewer, package: Package) -> QuerySet[Comment]:
    """Questions and comments, newest first, each with its answers (`shown_answers`), oldest first."""
    visible = Q(state=PostState.SHOWN) | Q(author_id=viewer.user_id or 0, state=PostState.HIDDEN)
    answers = Comment.objects.filter(visible).order_by("id")
    threads = Comment.objects.filter(visible | Q(answers__state=PostState.SHOWN), package=package, parent=None)
    return threads.distinct().order_by("-id").prefetch_related(Prefetch("answers", answers, to_attr="shown_answers"))


def comment_get(viewer: Viewer, public_id: UUID) -> Comment:
    """One comment that the viewer may read; raises NotFound MP7020."""
    rows = Comment.objects.select_related("package__publisher", "package__latest", "parent")
    comment = rows.filter(public_id=public_id).exclude(state=PostState.DELETED).first()
    if comment is None or (comment.state == PostState.HIDDEN and comment.author_id != viewer.user_id):
        raise NotFound("MP7020")
    if not _sees(viewer, comment.package):
        raise NotFound("MP7020")
    return comment


def ratings_of(package_ids: Sequence[int]) -> dict[int, Rating]:
    """The numbers of several packages at once; those without a review are missing."""
    return {row.package_id: row for row in Rating.objects.filter(package_id__in=package_ids, count__gt=0)}


def _sees(viewer: Viewer, package: Package) -> bool:
    return packages_visible_to(viewer).filter(pk=package.pk).exists()


def _may_read(viewer: Viewer, review: Review) -> bool:
    return review.state in VISIBLE or viewer.is_moderator or review.author_id == viewer.user_id


def _order(minor: Minor) -> tuple[Any, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in minor.number.split("."))
