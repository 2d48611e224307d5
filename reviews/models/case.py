"""Moderation: a case holds everything about one subject, from the first report to the last appeal."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from marketplace.core.ids import uuid7
from registry.models import Collection, Package, Publisher, Version
from reviews.domain.reasons import Effect, Subject
from reviews.domain.states import ACTIVE, CaseState
from reviews.models.review import Comment, Review

CASE_STATES = [(state.value, state.value) for state in CaseState]
EFFECTS = [(effect.value, effect.value) for effect in Effect]
SUBJECTS = ("package", "version", "publisher", "review", "comment", "collection")


def exactly_one(names: tuple[str, ...]) -> models.Q:
    """The condition that one of the columns is filled and the others are not."""
    condition = models.Q()
    for chosen in names:
        one = models.Q(**{f"{chosen}__isnull": False})
        for other in names:
            if other != chosen:
                one &= models.Q(**{f"{other}__isnull": True})
        condition |= one
    return condition


class Case(models.Model):
    """One matter; exactly one subject. `risk` orders the queue; `due_at` is when somebody should have looked."""

    class Source(models.TextChoices):
        """How it came up."""

        REPORT = "report", "report"
        HOLD = "hold", "hold"
        RESCAN = "rescan", "rescan"
        BURST = "burst", "burst"
        CHECK = "check", "nightly check"
        STAFF = "staff", "staff"

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    package = models.ForeignKey(Package, models.CASCADE, null=True, blank=True, related_name="+")
    version = models.ForeignKey(Version, models.CASCADE, null=True, blank=True, related_name="+")
    publisher = models.ForeignKey(Publisher, models.CASCADE, null=True, blank=True, related_name="+")
    review = models.ForeignKey(Review, models.CASCADE, null=True, blank=True, related_name="+")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="+")
    collection = models.ForeignKey(Collection, models.CASCADE, null=True, blank=True, related_name="+")
    subject_name = models.CharField(max_length=250)
    source = models.CharField(max_length=8, choices=Source)
    state = models.CharField(max_length=8, choices=CASE_STATES, default=CaseState.OPEN)
    risk = models.PositiveIntegerField(default=0)
    is_urgent = models.BooleanField(default=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"is_moderator": True},
    )
    revision = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=exactly_one(SUBJECTS), name="reviews_case_one_subject"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in CaseState]), name="reviews_case_state_known"
            ),
            *(
                models.UniqueConstraint(
                    fields=[subject],
                    condition=models.Q(state__in=sorted(ACTIVE)) & models.Q(**{f"{subject}__isnull": False}),
                    name=f"reviews_case_one_active_{subject}",
                )
                for subject in SUBJECTS
            ),
        ]
        indexes = [
            models.Index(
                fields=["-risk", "opened_at"],
                condition=models.Q(state__in=sorted(ACTIVE)),
                name="reviews_case_queue",
            ),
            models.Index(fields=["assignee", "-risk"], name="reviews_case_assignee"),
            models.Index(fields=["-opened_at"], name="reviews_case_opened"),
            models.Index(fields=["due_at"], condition=models.Q(state__in=sorted(ACTIVE)), name="reviews_case_due"),
            models.Index(
                fields=["opened_at"], condition=models.Q(state__in=sorted(ACTIVE)), name="reviews_case_waiting"
            ),
            models.Index(
                fields=["decided_at"], condition=models.Q(decided_at__isnull=False), name="reviews_case_decided"
            ),
        ]

    def __str__(self) -> str:
        return self.subject_name

    @property
    def subject_kind(self) -> Subject:
        """Which of the six it is about."""
        return next(Subject(name) for name in SUBJECTS if getattr(self, f"{name}_id") is not None)


class CaseEvent(models.Model):
    """One line of a case's timeline; never changed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=24)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    actor_name = models.CharField(max_length=80, blank=True)
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.kind


class Report(models.Model):
    """What one person reported; one a person and case."""

    class Outcome(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "waiting"
        UPHELD = "upheld", "upheld"
        DISMISSED = "dismissed", "dismissed"

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=24)
    text = models.TextField(max_length=4000, blank=True)
    weight = models.FloatField(default=1)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "reporter"], name="reviews_report_once")]
        indexes = [models.Index(fields=["reporter", "-id"], name="reviews_report_reporter")]

    def __str__(self) -> str:
        return self.reason


class Decision(models.Model):
    """What a moderator decided, with the statement to the people concerned; an undo or an appeal makes another one."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="decisions")
    effect = models.CharField(max_length=12, choices=EFFECTS)
    reason = models.CharField(max_length=24)
    evidence = models.TextField(blank=True)
    scope = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=80)
    seconded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    batch = models.UUIDField(null=True, blank=True, db_index=True)
    undone_by = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="undoes")
    proposed_at = models.DateTimeField(auto_now_add=True)
    effective_at = models.DateTimeField(null=True, blank=True)
    appeal_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seconded_by__isnull=True) | ~models.Q(seconded_by=models.F("by")),
                name="reviews_decision_second_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effect} for {self.reason}"


class SavedFilter(models.Model):
    """A view of the queue that one moderator keeps under a name."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="reviews_saved_filter_once")]

    def __str__(self) -> str:
        return self.name


class Statement(models.Model):
    """What one person was told of a decision; sent once."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="statements")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    role = models.CharField(max_length=12)
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "recipient"], name="reviews_statement_once")]

    def __str__(self) -> str:
        return self.text[:80]


class Appeal(models.Model):
    """One person's objection to a decision; answered by another moderator."""

    class Outcome(models.TextChoices):
        """How it was answered."""

        WAITING = "waiting", "waiting"
        UPHELD = "upheld", "upheld"
        DENIED = "denied", "denied"

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="appeals")
    appellant = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.TextField(max_length=6000)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "appellant"], name="reviews_appeal_once")]

    def __str__(self) -> str:
        return self.text[:80]


class ClearedFinding(models.Model):
    """A hit that a moderator found harmless: the same rule on the same bytes never holds a version again."""

    rule = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, db_collation="C")
    path = models.CharField(max_length=512, blank=True)
    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "rule", "sha256"], name="reviews_cleared_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.sha256[:12]}"


class Incident(models.Model):
    """What follows a quarantine: who is affected, what the package could reach, what was done, how it ended."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    case = models.OneToOneField(Case, models.CASCADE, related_name="incident")
    opened_at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_count = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    report = models.TextField(blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return str(self.public_id)
