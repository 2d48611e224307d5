"""Who stands behind a case's subject, what came of them before, names like its own, earlier decisions like this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from registry.models import Collection, Package, Publisher, SearchDocument, Version
from registry.selectors.spelling import names_near
from reviews.models import Comment, Decision, Review
from reviews.services.cases import package_of
from reviews.services.wording import effect_words, reason_words

if TYPE_CHECKING:
    from datetime import datetime

    from reviews.models import Case

PAST_MOST = 8
LIKE_MOST = 8
SIMILAR_MOST = 5


@dataclass(frozen=True, slots=True)
class Past:
    """One thing that happened around the publisher."""

    at: datetime
    says: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Like:
    """An earlier decision about the same package, publisher or author, or for the same rule."""

    case_id: int
    name: str
    effect: str
    reason: str
    is_undone: bool


@dataclass(frozen=True, slots=True)
class Background:
    """What is known around the subject; `who` is the publisher or the author."""

    who: str
    url: str
    since: datetime | None
    is_verified: bool
    is_suspended: bool
    package_count: int
    past: list[Past]
    like: list[Like]
    similar: list[Package]


def background_of(case: Case, subject: Any) -> Background:
    """The background of the case's subject."""
    if isinstance(subject, Collection):
        owner, team = subject.owner, subject.organization
        count = Review.objects.filter(author=owner).count() if owner else 0
        since = owner.date_joined if owner else team.created_at if team else None
        return Background(subject.holder, "", since, False, False, count, [], _like(case, subject), [])  # noqa: FBT003  (likewise)
    if isinstance(subject, (Review, Comment)):
        author = subject.author
        since = author.date_joined if author else None
        count = Review.objects.filter(author=author).count() if author else 0
        return Background(subject.author_name, "", since, False, False, count, [], _like(case, subject), [])  # noqa: FBT003  (an author is neither verified nor suspended)
    publisher = subject if isinstance(subject, Publisher) else (package_of(subject) or subject).publisher
    joined = publisher.user.date_joined if publisher.user else publisher.created_at
    return Background(
        who=f"@{publisher.name}",
        url=reverse("publisher", kwargs={"name": publisher.name}),
        since=joined,
        is_verified=publisher.is_verified,
        is_suspended=publisher.suspended_at is not None,
        package_count=Package.objects.filter(publisher=publisher).count(),
        past=_past(publisher),
        like=_like(case, subject),
        similar=_similar(package_of(subject)),
    )


def _past(publisher: Publisher) -> list[Past]:
    """The publisher's last versions, each with its state and why."""
    rows = Version.objects.filter(package__publisher=publisher).select_related("package").order_by("-received_at")
    return [
        Past(
            row.received_at,
            f"{row.package.full_name} {row.number}: {row.get_state_display()}"
            + (f" ({row.state_reason})" if row.state_reason else ""),
            reverse("package-version", args=[publisher.name, row.package.name, row.number]),
        )
        for row in rows[:PAST_MOST]
    ]


def _like(case: Case, subject: Any) -> list[Like]:
    about = Q()
    if isinstance(subject, Collection):
        about = Q(
            case__collection__owner_id=subject.owner_id, case__collection__organization_id=subject.organization_id
        )
        about &= Q(pk__isnull=not subject.holder)
    elif isinstance(subject, (Review, Comment)):
        about = Q(case__review__author_id=subject.author_id) | Q(case__comment__author_id=subject.author_id)
        about &= Q(pk__isnull=subject.author_id is None)
    else:
        publisher = subject if isinstance(subject, Publisher) else (package_of(subject) or subject).publisher
        about = (
            Q(case__publisher=publisher)
            | Q(case__package__publisher=publisher)
            | Q(case__version__package__publisher=publisher)
        )
        if isinstance(subject, Version):
            codes = set(subject.findings.filter(severity="error").values_list("code", flat=True))
            about |= Q(case__version__findings__code__in=codes)
    rows = Decision.objects.filter(about, effective_at__isnull=False, undoes=None).exclude(case=case)
    return [
        Like(
            row.case_id,
            row.case.subject_name,
            effect_words(row.effect),
            reason_words(row.reason),
            bool(row.undone_by_id),
        )
        for row in rows.select_related("case").distinct().order_by("-id")[:LIKE_MOST]
    ]


def _similar(package: Package | None) -> list[Package]:
    """Public packages of other publishers with nearly the same name, the most installed first."""
    if package is None:
        return []
    others = SearchDocument.objects.exclude(package__publisher_id=package.publisher_id)
    ids = [pk for pk, _name in names_near(package.name, others, SIMILAR_MOST)]
    return list(Package.objects.filter(pk__in=ids).select_related("publisher", "latest"))
