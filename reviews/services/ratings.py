"""A package's numbers, computed by the database from the reviews that count, while nobody else computes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Sum

from registry.models import Package
from registry.services.search import ratings_push
from reviews.domain import ratings
from reviews.models import HelpfulVote, Rating, Review

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from registry.domain.events import PackageChanged, VersionChanged

NEUTRAL_MEAN = 3.5
"""The mean of a kind in which nothing has been reviewed yet."""

RECOMPUTE = """
WITH wanted AS (
  SELECT package_id, mean, minor
    FROM unnest(%(packages)s::bigint[], %(means)s::float8[], %(minors)s::text[]) AS wanted (package_id, mean, minor)
), weighed AS (
  SELECT r.package_id, r.stars,
         (CASE WHEN r.is_verified THEN %(verified)s ELSE %(installed)s END)
         * (CASE WHEN r.minor = wanted.minor THEN %(current)s ELSE 1.0 END)
         * power(0.5, greatest(extract(epoch FROM now() - coalesce(r.edited_at, r.created_at)), 0) / 86400.0
                 / %(half_life)s) AS weight
    FROM reviews_review r JOIN wanted USING (package_id)
   WHERE r.state = 'shown'
), summed AS (
  SELECT package_id, count(*) AS count, sum(stars) AS total,
         count(*) FILTER (WHERE stars = 1) AS ones, count(*) FILTER (WHERE stars = 2) AS twos,
         count(*) FILTER (WHERE stars = 3) AS threes, count(*) FILTER (WHERE stars = 4) AS fours,
         count(*) FILTER (WHERE stars = 5) AS fives,
         sum(weight * stars) AS weighted, sum(weight) AS weights
    FROM weighed GROUP BY package_id
)
UPDATE reviews_rating
   SET count = coalesce(summed.count, 0), total = coalesce(summed.total, 0),
       ones = coalesce(summed.ones, 0), twos = coalesce(summed.twos, 0), threes = coalesce(summed.threes, 0),
       fours = coalesce(summed.fours, 0), fives = coalesce(summed.fives, 0),
       rank = round(%(scale)s * (%(prior)s * wanted.mean + coalesce(summed.weighted, 0))
                    / (%(prior)s + coalesce(summed.weights, 0))),
       updated_at = now()
  FROM wanted LEFT JOIN summed USING (package_id)
 WHERE reviews_rating.package_id = wanted.package_id
"""
BATCH = 1000


def kind_mean(kind: str) -> float:
    """The mean of all counted reviews of packages of one kind."""
    sums = Rating.objects.filter(package__kind=kind).aggregate(total=Sum("total"), count=Sum("count"))
    return sums["total"] / sums["count"] if sums["count"] else NEUTRAL_MEAN


def kind_means() -> dict[str, float]:
    """The mean of every kind in which something has been reviewed."""
    rows = Rating.objects.filter(count__gt=0).values("package__kind").annotate(total=Sum("total"), count=Sum("count"))
    return {row["package__kind"]: row["total"] / row["count"] for row in rows}


@transaction.atomic
def rating_recompute(*, package: Package) -> Rating:
    """Write the package's numbers anew: mean and histogram to show, Bayesian rank to sort by; returns them.

    Frozen, hidden and deleted reviews do not count. The row's lock makes concurrent writers follow each other, so the
    last one sees every review that was committed before it.
    """
    Rating.objects.get_or_create(package=package)
    Rating.objects.select_for_update().get(package=package)
    _recompute([(package.pk, kind_mean(package.kind), package.latest.number if package.latest else "")])
    rating = Rating.objects.get(package=package)
    _push([rating])
    return rating


def ratings_recompute() -> int:
    """Write the numbers of every package anew, a thousand at a time, so that old reviews fade; returns how many."""
    means, after, count = kind_means(), 0, 0
    while batch := _batch(after, means):
        after, count = batch[-1], count + len(batch)
    return count


@transaction.atomic
def _batch(after: int, means: dict[str, float]) -> list[int]:
    """The next packages: locked first, so that what is computed then has seen every review committed before."""
    rows = Rating.objects.select_for_update(of=("self",)).filter(package_id__gt=after, count__gt=0)
    listed = rows.order_by("package_id").values_list("package_id", "package__kind", "package__latest__number")
    found = list(listed[:BATCH])
    if found:
        _recompute([(pk, means.get(kind, NEUTRAL_MEAN), number or "") for pk, kind, number in found])
        _push(Rating.objects.filter(package_id__in=[pk for pk, _kind, _number in found]))
    return [pk for pk, _kind, _number in found]


def _recompute(wanted: Sequence[tuple[int, float, str]]) -> None:
    """Packages by primary key, with the mean of their kind and their newest version."""
    values: dict[str, Any] = {
        "packages": [pk for pk, _mean, _number in wanted],
        "means": [mean for _pk, mean, _number in wanted],
        "minors": [ratings.minor_of(number) for _pk, _mean, number in wanted],
        "verified": ratings.WEIGHT_VERIFIED,
        "installed": ratings.WEIGHT_INSTALLED,
        "current": ratings.CURRENT_MINOR,
        "half_life": ratings.HALF_LIFE_DAYS,
        "prior": ratings.PRIOR_COUNT,
        "scale": ratings.SCALE,
    }
    with connection.cursor() as cursor:
        cursor.execute(RECOMPUTE, values)


def rating_project(event: PackageChanged | VersionChanged) -> None:
    """Projection: a version may be of another minor than the reviews are, and documents of search come and go."""
    package = Package.objects.select_related("latest").get(pk=event.package_id)
    if Rating.objects.filter(package=package).exists():
        rating_recompute(package=package)


def _push(rows: Iterable[Rating]) -> None:
    """Tell search what ranks (Bayesian), what is shown (plain mean), and from how many; nothing of no reviews."""
    ratings_push(
        {row.package_id: (row.rank / ratings.SCALE if row.count else None, row.mean, row.count) for row in rows}
    )


@transaction.atomic
def votes_recount(*, review_id: int) -> None:
    """Write a review's helpful votes and their Wilson bound anew; call it with the review's row locked."""
    votes = HelpfulVote.objects.filter(review_id=review_id)
    good, count = votes.filter(is_helpful=True).count(), votes.count()
    Review.objects.filter(pk=review_id).update(
        helpful=good, unhelpful=count - good, helpful_score=ratings.wilson(good, count)
    )
