from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import override_settings

from marketplace.core.errors import Invalid, LimitReached, NotAllowed, NotFound
from marketplace.domain.viewer import ANONYMOUS
from marketplace.models import AuditEntry
from reviews.domain.reasons import Effect
from reviews.models import Case, Rating, Review, ReviewRevision
from reviews.services.decisions import Ruling, decision_take
from reviews.services.reviewing import Said, review_delete, review_reply, review_vote, review_write
from tests.reviews import world

if TYPE_CHECKING:
    from registry.models import Package, Version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]


@pytest.fixture
def version() -> Version:
    ann = world.person("ann")
    return world.release(world.publisher(ann), ann)


@pytest.fixture
def package(version: Version) -> Package:
    return world.package_of(version)


def test_somebody_with_the_package_in_the_library_may_review_it(package: Package) -> None:
    bob = world.person("bob")
    world.install(bob, package)
    said = Said(4, "Finds slow joins", "It saved a migration.", {"works": 5, "worth": 3})
    review = review_write(package=package, said=said, by=world.seen(bob))
    assert (review.stars, review.works, review.safe, review.worth) == (4, 5, None, 3)
    assert (review.version_number, review.minor, review.is_verified) == ("1.0.0", "1.0", False)
    assert Rating.objects.get().counts == [0, 0, 0, 1, 0]
    assert AuditEntry.objects.filter(action="reviews:review:write").count() == 1


def test_use_over_days_is_verified(package: Package, version: Version) -> None:
    bob = world.person("bob")
    world.fetched(bob, version, 5, 1)
    assert review_write(package=package, said=Said(5, "Kept it"), by=world.seen(bob)).is_verified


def test_one_download_is_enough_to_review_but_not_verified(package: Package, version: Version) -> None:
    bob = world.person("bob")
    world.fetched(bob, version, 1)
    assert not review_write(package=package, said=Said(5, "Tried it"), by=world.seen(bob)).is_verified


def test_who_never_installed_it_cannot_review_it(package: Package) -> None:
    with pytest.raises(NotAllowed) as refused:
        review_write(package=package, said=Said(1, "Looks bad"), by=world.seen(world.person("bob")))
    assert refused.value.code == "MP7001"
    assert not Review.objects.exists()


def test_nobody_and_the_publisher_cannot_review(package: Package) -> None:
    owner = package.publisher.user
    assert owner is not None
    world.install(owner, package)
    for viewer, code in ((ANONYMOUS, "MP9002"), (world.seen(owner), "MP7002")):
        with pytest.raises(NotAllowed) as refused:
            review_write(package=package, said=Said(5, "The best"), by=viewer)
        assert refused.value.code == code
    assert not Review.objects.exists()


def test_new_account_waits_a_day(package: Package) -> None:
    bob = world.person("bob", new=True)
    world.install(bob, package)
    with pytest.raises(NotAllowed) as refused:
        review_write(package=package, said=Said(5, "The best"), by=world.seen(bob))
    assert refused.value.code == "MP7007"


def test_second_review_changes_the_first_and_keeps_what_it_said(package: Package) -> None:
    bob = world.person("bob")
    world.install(bob, package)
    first = review_write(package=package, said=Said(1, "Does nothing"), by=world.seen(bob))
    second = review_write(package=package, said=Said(5, "Works since today"), by=world.seen(bob))
    assert first.pk == second.pk
    kept = ReviewRevision.objects.get()
    assert (kept.stars, kept.title) == (1, "Does nothing")
    assert Rating.objects.get().counts == [0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Said(0, "Nothing"), "MP7003"),
        (Said(6, "Much"), "MP7003"),
        (Said(3, "Axis", axes={"safe": 9}), "MP7003"),
        (Said(3, "Axis", axes={"beauty": 3}), "MP7003"),
        (Said(3, " a "), "MP7004"),
        (Said(3, "x" * 121), "MP7004"),
        (Said(3, "Long", "x" * 5001), "MP7005"),
    ],
)
def test_what_cannot_be_a_review_is_refused(package: Package, said: Said, code: str) -> None:
    bob = world.person("bob")
    world.install(bob, package)
    with pytest.raises(Invalid) as refused:
        review_write(package=package, said=said, by=world.seen(bob))
    assert refused.value.code == code
    assert not Review.objects.exists()


def test_own_review_is_deleted_and_another_may_be_written(package: Package) -> None:
    review = world.reviewed(package, "bob", 1)
    assert review.author is not None
    with pytest.raises(NotFound):
        review_delete(review=review, by=world.seen(world.person("eve")))
    review_delete(review=review, by=world.seen(review.author))
    assert Rating.objects.get().count == 0
    again = review_write(package=package, said=Said(4, "Another try"), by=world.seen(review.author))
    assert again.pk != review.pk


def test_publisher_replies_and_asks_to_look_again(package: Package) -> None:
    owner = package.publisher.user
    assert owner is not None
    review = world.reviewed(package, "bob", 2)
    with pytest.raises(NotAllowed):
        review_reply(review=review, text="It is fine", by=world.seen(world.person("eve")))
    with pytest.raises(Invalid) as refused:
        review_reply(review=review, text="Mended", fixed_in="9.9.9", by=world.seen(owner))
    assert refused.value.code == "MP7011"
    world.release(package.publisher, owner, "1.0.1")
    reply = review_reply(review=review, text="Mended, thank you", fixed_in="1.0.1", by=world.seen(owner))
    review.refresh_from_db()
    assert (reply.fixed_in, review.asked_again_at is not None) == ("1.0.1", True)
    assert review.author is not None
    changed = review_write(package=package, said=Said(5, "It is mended"), by=world.seen(review.author))
    assert changed.asked_again_at is None


def test_votes_are_counted_once_a_person(package: Package) -> None:
    review = world.reviewed(package, "bob", 4)
    eve, joe = world.person("eve"), world.person("joe")
    review_vote(review=review, is_helpful=True, by=world.seen(eve))
    review_vote(review=review, is_helpful=False, by=world.seen(joe))
    voted = review_vote(review=review, is_helpful=True, by=world.seen(joe))
    assert (voted.helpful, voted.unhelpful) == (2, 0)
    assert 0.3 < voted.helpful_score < 0.4
    assert review.author is not None
    with pytest.raises(NotAllowed):
        review_vote(review=review, is_helpful=True, by=world.seen(review.author))


@override_settings(REVIEWS_A_DAY=1)
def test_one_person_writes_a_limited_number_a_day(package: Package) -> None:
    owner = package.publisher.user
    assert owner is not None
    other = world.package_of(world.release(package.publisher, owner, name="other"))
    bob = world.person("bob")
    for wanted in (package, other):
        world.install(bob, wanted)
    review_write(package=package, said=Said(4, "First"), by=world.seen(bob))
    with pytest.raises(LimitReached):
        review_write(package=other, said=Said(4, "Second"), by=world.seen(bob))


def test_burst_is_frozen_and_becomes_a_case_and_nothing_is_deleted(package: Package) -> None:
    for number in range(11):
        world.reviewed(package, f"bot{number}", 5)
    assert Review.objects.count() == 11
    assert set(Review.objects.values_list("state", flat=True)) == {"frozen"}
    assert Rating.objects.get().count == 0
    case = Case.objects.get()
    assert (case.source, case.package_id) == ("burst", package.pk)


@pytest.mark.parametrize(
    ("effect", "reason", "state", "counted"),
    [(Effect.NONE, "no-violation", "shown", 11), (Effect.HIDE, "manipulation", "hidden", 0)],
)
def test_decision_on_a_burst_counts_what_was_frozen_or_hides_it(
    package: Package, effect: Effect, reason: str, state: str, counted: int
) -> None:
    for number in range(11):
        world.reviewed(package, f"bot{number}", 5)
    moderator = world.person("mod", is_moderator=True)
    ruling = Ruling(effect, reason, "Eleven accounts of one day, one sentence.")
    decision_take(case=Case.objects.get(), ruling=ruling, by=world.seen(moderator))
    assert set(Review.objects.values_list("state", flat=True)) == {state}
    assert Rating.objects.get().count == counted
