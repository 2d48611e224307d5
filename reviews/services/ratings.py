"""A package's numbers, computed by the database from the reviews that count, while nobody else computes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Sum

from registry.models import Package
from registry.services.search import facts_push
from reviews.domain import ratings
from reviews.models import HelpfulVote, Rating, Review

if TYPE_CHECKING:
    from registry.domain.events import PackageChanged, VersionChanged

NEUTRAL_MEAN = 3.5
"""The mean of a kind in which nothing has been reviewed yet."""

RECOMPUTE = """
WITH counted AS (
  SELECT r.stars,
         (CASE WHEN r.is_verified THEN %(verified)s ELSE %(installed)s END)
         * (CASE WHEN r.minor = %(minor)s THEN %(current)s ELSE 1.0 END)
         * power(0.5, greatest(extract(epoch FROM now() - coalesce(r.edited_at, r.created_at)), 0) / 86400.0
                 / %(half_life)s) AS weight
    FROM reviews_review r
   WHERE r.package_id = %(package)s AND r.state = 'shown'
)
UPDATE reviews_rating
   SET (count, total, ones, twos, threes, fours, fives, rank, updated_at) = (
       SELECT count(*), coalesce(sum(stars), 0),
              count(*) FILTER (WHERE stars = 1), count(*) FILTER (WHERE stars = 2), count(*) FILTER (WHERE stars = 3),
              count(*) FILTER (WHERE stars = 4), count(*) FILTER (WHERE stars = 5),
              round(%(scale)s * (%(prior)s * %(mean)s + coalesce(sum(weight * stars), 0))
                    / (%(prior)s + coalesce(sum(weight), 0))),
              now()
         FROM counted)
 WHERE package_id = %(package)s
"""


def kind_mean(kind: str) -> float:
    """The mean of all counted reviews of packages of one kind."""
    sums = Rating.objects.filter(package__kind=kind).aggregate(total=Sum("total"), count=Sum("count"))
    return sums["total"] / sums["count"] if sums["count"] else NEUTRAL_MEAN


@transaction.atomic
def rating_recompute(*, package: Package) -> Rating:
    """Write the package's numbers anew: mean and histogram to show, Bayesian rank to sort by; returns them.

    Frozen, hidden and deleted reviews do not count. The row's lock makes concurrent writers follow each other, so the
    last one sees every review that was committed before it.
    """
    Rating.objects.get_or_create(package=package)
    Rating.objects.select_for_update().get(package=package)
    values: dict[str, float | str] = {
        "package": package.pk,
        "minor": ratings.minor_of(package.latest.number) if package.latest else "",
        "verified": ratings.WEIGHT_VERIFIED,
        "installed": ratings.WEIGHT_INSTALLED,
        "current": ratings.CURRENT_MINOR,
        "half_life": ratings.HALF_LIFE_DAYS,
        "prior": ratings.PRIOR_COUNT,
        "mean": kind_mean(package.kind),
        "scale": ratings.SCALE,
    }
    with connection.cursor() as cursor:
        cursor.execute(RECOMPUTE, values)
    rating = Rating.objects.get(package=package)
    _push(rating)
    return rating


def rating_project(event: PackageChanged | VersionChanged) -> None:
    """Projection: a version may be of another minor than the reviews are, and documents of search come and go."""
    package = Package.objects.select_related("latest").get(pk=event.package_id)
    if Rating.objects.filter(package=package).exists():
        rating_recompute(package=package)


def _push(rating: Rating) -> None:
    """Tell search what ranks (Bayesian), what is shown (plain mean), and from how many; nothing of no reviews."""
    ranks = rating.rank / ratings.SCALE if rating.count else None
    facts_push(rating.package_id, rating=ranks, rating_mean=rating.mean, rating_count=rating.count)


@transaction.atomic
def votes_recount(*, review_id: int) -> None:
    """Write a review's helpful votes and their Wilson bound anew; call it with the review's row locked."""
    votes = HelpfulVote.objects.filter(review_id=review_id)
    good, count = votes.filter(is_helpful=True).count(), votes.count()
    Review.objects.filter(pk=review_id).update(
        helpful=good, unhelpful=count - good, helpful_score=ratings.wilson(good, count)
    )
