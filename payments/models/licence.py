"""Licences and seats: what was bought, and who uses it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from marketplace.core.ids import uuid7
from marketplace.models import Organization
from payments.domain.licences import LicenceState, Reason
from payments.models.order import Order
from registry.models import Package

STATES = [(state.value, state.value) for state in LicenceState]


class Licence(models.Model):
    """What an order gives, derived from the processor's facts; `open_until` is when the door shuts by itself.

    `seats_taken` is kept by a trigger on the seats, so that the constraint holds whoever writes.
    """

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    order = models.OneToOneField(Order, models.PROTECT, related_name="licence")
    package = models.ForeignKey(Package, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, choices=STATES)
    reason = models.CharField(max_length=16, blank=True, choices=[(item.value, item.value) for item in Reason if item])
    is_per_seat = models.BooleanField(default=False)
    seats = models.PositiveIntegerField()
    seats_taken = models.PositiveIntegerField(default=0, editable=False)
    gives_at_first_use = models.BooleanField(default=True)
    starts_at = models.DateTimeField()
    open_until = models.DateTimeField(null=True, blank=True)
    renews_at = models.DateTimeField(null=True, blank=True)
    trial_ends_at = models.DateTimeField(null=True, blank=True)
    pay_url = models.URLField(max_length=2000, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in LicenceState]),
                name="payments_licence_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) ^ models.Q(organization__isnull=True),
                name="payments_licence_of_one",
            ),
            models.CheckConstraint(
                condition=models.Q(seats_taken__lte=models.F("seats")), name="payments_seats_within_paid"
            ),
        ]
        indexes = [
            models.Index(fields=["package", "user"], name="payments_licence_user"),
            models.Index(fields=["package", "organization"], name="payments_licence_organization"),
        ]

    def __str__(self) -> str:
        return f"licence of {self.order_id}"

    @property
    def seats_free(self) -> int:
        """How many seats nobody has."""
        return self.seats - self.seats_taken


class Seat(models.Model):
    """One use given to one person; a row that was released stays, for the record."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="given")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "user"],
                condition=models.Q(released_at__isnull=True),
                name="payments_seat_once_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.licence_id}"
