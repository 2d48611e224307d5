"""The numbers of reviews: what the rules promise, what the database computes, and that fifty writers lose nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import TYPE_CHECKING

import pytest
from django.db import connection, connections
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as some

from marketplace.core import tenancy
from registry.domain.states import State
from registry.models import SearchDocument, Version
from registry.selectors.search import search
from registry.services.lifecycle import version_move
from reviews.domain import ratings
from reviews.domain.ratings import Rated, bayesian, histogram, wilson
from reviews.domain.states import POST_MOVES, PostState, post_may_move
from reviews.models import HelpfulVote, Rating, Review
from reviews.services.ratings import rating_recompute, ratings_recompute
from reviews.services.reviewing import Said, review_vote, review_write
from tests.reviews import world

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.models import User
    from registry.models import Package

MANY = 50
rated = some.builds(
    Rated,
    stars=some.integers(1, 5),
    is_verified=some.booleans(),
    age_days=some.floats(0, 3000),
    is_current=some.booleans(),
)
means = some.floats(1, 5)


@given(some.lists(rated, max_size=30), rated, means)
def test_late_five_stars_never_lower_the_rank_and_late_one_star_never_raises_it(
    rows: list[Rated], late: Rated, mean: float
) -> None:
    before = bayesian(rows, mean=mean)
    assert 1 <= before <= 5 + 1e-9
    best, worst = Rated(5, late.is_verified, late.age_days, late.is_current), Rated(1, late.is_verified, late.age_days)
    assert bayesian([*rows, best], mean=mean) >= before - 1e-9
    assert bayesian([*rows, worst], mean=mean) <= before + 1e-9


@given(some.lists(rated, min_size=1, max_size=20), means)
def test_rank_does_not_depend_on_the_order_and_lies_between_prior_and_reviews(rows: list[Rated], mean: float) -> None:
    found = bayesian(rows, mean=mean)
    assert found == pytest.approx(bayesian(list(reversed(rows)), mean=mean))
    assert min(mean, *(row.stars for row in rows)) - 1e-9 <= found <= max(mean, *(row.stars for row in rows)) + 1e-9


@given(rated)
def test_verified_current_and_fresh_weigh_more(row: Rated) -> None:
    plain = Rated(row.stars, False, row.age_days, False)  # noqa: FBT003  (the fields of a review in their order)
    assert Rated(row.stars, True, row.age_days, False).weight >= plain.weight  # noqa: FBT003  (likewise)
    assert Rated(row.stars, False, row.age_days, True).weight >= plain.weight  # noqa: FBT003  (likewise)
    assert Rated(row.stars, age_days=row.age_days + ratings.HALF_LIFE_DAYS).weight == pytest.approx(plain.weight / 2)


@given(some.integers(0, 500), some.integers(0, 500))
def test_wilson_bound_grows_with_agreement_and_stays_below_the_share(good: int, bad: int) -> None:
    count = good + bad
    found = wilson(good, count)
    assert 0 <= found <= (good / count if count else 0) + 1e-9
    assert wilson(good + 1, count + 1) >= found - 1e-9
    assert wilson(good, count + 1) <= found + 1e-9


@given(some.lists(some.integers(0, 10_000), min_size=5, max_size=5))
def test_histogram_counts_everything_once(counts: list[int]) -> None:
    rows = histogram(counts)
    assert [row[0] for row in rows] == [5, 4, 3, 2, 1]
    assert sum(row[1] for row in rows) == sum(counts)
    assert sum(row[2] for row in rows) <= 100


@pytest.mark.parametrize(("before", "after"), list(product(PostState, PostState)))
def test_moves_of_what_people_write_are_those_of_the_table(before: PostState, after: PostState) -> None:
    assert post_may_move(before, after) == (after in POST_MOVES[before])


@pytest.fixture
def package() -> Package:
    with tenancy.bound(tenancy.SYSTEM):
        ann = world.person("ann")
        return world.package_of(world.release(world.publisher(ann), ann))


@pytest.mark.django_db
@pytest.mark.usefixtures("as_system")
def test_database_computes_what_the_rule_says_and_search_sorts_by_it(package: Package) -> None:
    owner = package.publisher.user
    assert owner is not None
    other = world.package_of(world.release(package.publisher, owner, name="other"))
    for number, stars in enumerate((5, 4, 2, 5)):
        world.reviewed(package, f"reader{number}", stars)
    world.reviewed(other, "reader9", 5)
    Review.objects.filter(author__email="reader0@example.com").update(is_verified=True)
    mean = 21 / 5
    counted = [Rated(stars, is_verified=number == 0, is_current=True) for number, stars in enumerate((5, 4, 2, 5))]
    rating = rating_recompute(package=package)
    assert rating.rank == pytest.approx(ratings.SCALE * bayesian(counted, mean=mean), abs=1)
    assert rating.mean == 4.0
    document = SearchDocument.objects.get(package=package)
    assert (document.rating, document.rating_mean, document.rating_count) == (rating.rank / 1000, 4.0, 4)
    rows = list(Rating.objects.order_by("pk").values_list("count", "total"))
    assert ratings_recompute() == 2
    assert rows == list(Rating.objects.order_by("pk").values_list("count", "total"))
    assert search(query="", sort="rating").ids == [other.pk, package.pk]


@pytest.mark.django_db
@pytest.mark.usefixtures("as_system")
def test_rating_comes_back_with_a_package_that_was_stopped(package: Package) -> None:
    world.reviewed(package, "bob", 5)
    version = Version.objects.get()
    by = world.seen(world.person("mod", is_moderator=True))
    version_move(version=version, after=State.QUARANTINED, by=by, reason="malware")
    assert not SearchDocument.objects.exists()
    version_move(version=version, after=State.PUBLISHED, by=by)
    assert SearchDocument.objects.get().rating_mean == 5.0


def together(act: Callable[[int], object], count: int) -> None:
    """Do it `count` times at once, each in a connection of its own."""

    def run(number: int) -> None:
        try:
            with tenancy.bound(tenancy.SYSTEM):
                act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
@override_settings(REVIEW_ACCOUNT_HOURS=0)
def test_fifty_reviews_and_fifty_votes_at_once_are_counted_exactly(
    package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviews.services.bursts.ALWAYS_ALLOWED", MANY * 2)
    with tenancy.bound(tenancy.SYSTEM):
        people: list[User] = [world.person(f"p{number}") for number in range(MANY)]
        for user in people:
            world.install(user, package)
        viewers = [world.seen(user) for user in people]
    together(lambda at: review_write(package=package, said=Said(1 + at % 5, "At once"), by=viewers[at]), MANY)
    with tenancy.bound(tenancy.SYSTEM):
        assert Rating.objects.get().counts == [10, 10, 10, 10, 10]
        assert Rating.objects.get().total == 150
        review = Review.objects.order_by("pk")[0]
        voters = [viewer for viewer in viewers if viewer.user_id != review.author_id]
    together(lambda at: review_vote(review=review, is_helpful=at % 7 != 0, by=voters[at]), len(voters))
    with tenancy.bound(tenancy.SYSTEM):
        review.refresh_from_db()
        assert HelpfulVote.objects.filter(review=review).count() == MANY - 1
        assert (review.helpful, review.unhelpful) == (42, 7)
        assert review.helpful_score == pytest.approx(wilson(42, 49))
    connection.close()
