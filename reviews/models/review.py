"""Reviews: one a person and package, with its history, the publisher's reply, and who found it helpful."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.ids import uuid7
from registry.models import Package, Version
from reviews.domain.states import PostState

STATES = [(state.value, state.value) for state in PostState]
AXES = ("works", "safe", "worth")
"""Works as described, safe, worth its tokens."""


def starred(field: str, *, null: bool = False) -> models.Q:
    """The condition that a column holds one to five stars, or nothing where it may."""
    rated = models.Q(**{f"{field}__gte": 1, f"{field}__lte": 5})
    return rated | models.Q(**{f"{field}__isnull": True}) if null else rated


class Review(models.Model):
    """What one person says of one package, stamped with the version they had.

    `is_verified` = kept for days and fetched again; `is_purchase` = bought. `counted` is false while its state, or its
    author, keeps it out of the numbers.
    """

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=80)
    version = models.ForeignKey(Version, models.SET_NULL, null=True, blank=True, related_name="+")
    version_number = models.CharField(max_length=128)
    minor = models.CharField(max_length=64, db_collation="C")
    stars = models.PositiveSmallIntegerField()
    works = models.PositiveSmallIntegerField(null=True, blank=True)
    safe = models.PositiveSmallIntegerField(null=True, blank=True)
    worth = models.PositiveSmallIntegerField(null=True, blank=True)
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=5000, blank=True)
    is_verified = models.BooleanField(default=False)
    is_purchase = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=STATES, default=PostState.SHOWN)
    helpful = models.PositiveIntegerField(default=0)
    unhelpful = models.PositiveIntegerField(default=0)
    helpful_score = models.FloatField(default=0)
    asked_again_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["package", "author"],
                condition=models.Q(author__isnull=False) & ~models.Q(state="deleted"),
                name="reviews_review_once",
            ),
            models.CheckConstraint(condition=starred("stars"), name="reviews_review_stars"),
            *(
                models.CheckConstraint(condition=starred(axis, null=True), name=f"reviews_review_{axis}")
                for axis in AXES
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in PostState]), name="reviews_review_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["package", "state", "-helpful_score", "-id"], name="reviews_review_helpful"),
            models.Index(fields=["package", "-id"], name="reviews_review_newest"),
            models.Index(fields=["author", "-id"], name="reviews_review_author"),
        ]

    def __str__(self) -> str:
        return f"{self.stars} {self.title}"


class ReviewRevision(models.Model):
    """How a review read before it was changed."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="revisions")
    stars = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    version_number = models.CharField(max_length=128)
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.stars} {self.title}"


class ReviewReply(models.Model):
    """The publisher's one answer; `fixed_in` asks the reviewer to look again."""

    review = models.OneToOneField(Review, models.CASCADE, related_name="reply")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(max_length=3000)
    fixed_in = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "review replies"

    def __str__(self) -> str:
        return self.text[:80]


class HelpfulVote(models.Model):
    """Whether one person found a review helpful."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="votes")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    is_helpful = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "voter"], name="reviews_vote_once")]

    def __str__(self) -> str:
        return f"{self.voter_id} on {self.review_id}"


class Rating(models.Model):
    """A package's numbers, computed in the database from its counted reviews; `rank` in thousandths of a star."""

    package = models.OneToOneField(Package, models.CASCADE, primary_key=True, related_name="+")
    count = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    ones = models.PositiveIntegerField(default=0)
    twos = models.PositiveIntegerField(default=0)
    threes = models.PositiveIntegerField(default=0)
    fours = models.PositiveIntegerField(default=0)
    fives = models.PositiveIntegerField(default=0)
    rank = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    count=models.F("ones")
                    + models.F("twos")
                    + models.F("threes")
                    + models.F("fours")
                    + models.F("fives")
                ),
                name="reviews_rating_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package_id}: {self.count}"

    @property
    def mean(self) -> float | None:
        """The plain mean that is shown; None without a review."""
        return self.total / self.count if self.count else None

    @property
    def counts(self) -> list[int]:
        """How many of one to five stars."""
        return [self.ones, self.twos, self.threes, self.fours, self.fives]


class Comment(models.Model):
    """A question or comment under a package, or an answer to one: threads are one level deep."""

    class Kind(models.TextChoices):
        """What it is."""

        QUESTION = "question", _("question")
        COMMENT = "comment", _("comment")

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="answers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.COMMENT)
    text = models.TextField(max_length=5000)
    by_publisher = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=STATES, default=PostState.SHOWN)
    edited_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in PostState]), name="reviews_comment_state_known"
            ),
        ]
        indexes = [models.Index(fields=["package", "parent", "-id"], name="reviews_comment_thread")]

    def __str__(self) -> str:
        return self.text[:80]
