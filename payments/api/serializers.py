"""How the API shows prices, orders, licences, seats and sales."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from payments.domain.money import DIGITS
from payments.domain.prices import TRIAL_MOST_DAYS, Interval
from payments.models import Dispute, Licence, Order, Payment, Price, Promotion, Seat, WebhookEvent

INTERVALS = [item.value for item in Interval]


class PriceSerializer(serializers.ModelSerializer[Price]):
    """One price; `amount` in minor units."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    package = serializers.CharField(source="package.full_name", read_only=True)

    class Meta:
        model = Price
        fields = [
            "id",
            "package",
            "interval",
            "amount",
            "currency",
            "is_per_seat",
            "trial_days",
            "trial_needs_card",
            "created_at",
        ]
        read_only_fields = fields


class PriceWriteSerializer(serializers.Serializer[Any]):
    """A new price; `amount` in minor units."""

    interval = serializers.ChoiceField(choices=INTERVALS)
    amount = serializers.IntegerField(min_value=1)
    currency = serializers.ChoiceField(choices=list(DIGITS))
    is_per_seat = serializers.BooleanField(default=False)
    trial_days = serializers.IntegerField(min_value=0, max_value=TRIAL_MOST_DAYS, default=0)
    trial_needs_card = serializers.BooleanField(default=True)


class PromotionSerializer(serializers.ModelSerializer[Promotion]):
    """One code; read and written."""

    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = Promotion
        fields = ["id", "code", "percent_off", "months", "most_uses", "expires_at", "created_at", "stopped_at"]
        read_only_fields = ["created_at", "stopped_at"]


class OrderSerializer(serializers.ModelSerializer[Order]):
    """One order; `checkout_url` is where it is paid, empty once it is over."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    package = serializers.CharField(source="package.full_name", read_only=True)
    price = serializers.UUIDField(source="price.public_id", read_only=True)
    organization = serializers.CharField(source="organization.slug", read_only=True, default=None)

    class Meta:
        model = Order
        fields = [
            "id",
            "number",
            "package",
            "price",
            "organization",
            "seats",
            "state",
            "checkout_url",
            "refusal",
            "created_at",
            "completed_at",
        ]
        read_only_fields = fields


class OrderWriteSerializer(serializers.Serializer[Any]):
    """A new order; without `organization` it is for oneself."""

    price = serializers.UUIDField()
    seats = serializers.IntegerField(min_value=1, default=1)
    organization = serializers.SlugField(required=False, allow_blank=True, default="")


class LicenceSerializer(serializers.ModelSerializer[Licence]):
    """One licence."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    number = serializers.CharField(source="order.number", read_only=True)
    package = serializers.CharField(source="package.full_name", read_only=True)
    organization = serializers.CharField(source="organization.slug", read_only=True, default=None)

    class Meta:
        model = Licence
        fields = [
            "id",
            "number",
            "package",
            "organization",
            "state",
            "reason",
            "is_per_seat",
            "seats",
            "seats_taken",
            "gives_at_first_use",
            "starts_at",
            "open_until",
            "renews_at",
            "trial_ends_at",
        ]
        read_only_fields = fields


class LicenceChangeSerializer(serializers.Serializer[Any]):
    """What a payer does: `end`, `keep`, `seats` (the number), `refund` (a reason), `first_use` (whether it `gives`)."""

    act = serializers.ChoiceField(choices=["end", "keep", "seats", "refund", "first_use"])
    gives = serializers.BooleanField(default=True)
    seats = serializers.IntegerField(min_value=1, required=False)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class SeatSerializer(serializers.ModelSerializer[Seat]):
    """One seat."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    person = serializers.UUIDField(source="user.public_id", read_only=True)
    name = serializers.CharField(source="user.display_name", read_only=True)

    class Meta:
        model = Seat
        fields = ["id", "person", "name", "given_at", "used_at"]
        read_only_fields = fields


class SeatWriteSerializer(serializers.Serializer[Any]):
    """Whom to give a seat, by public id."""

    person = serializers.UUIDField()


class DisputeSerializer(serializers.ModelSerializer[Dispute]):
    """One dispute."""

    class Meta:
        model = Dispute
        fields = ["state", "amount", "reason", "opened_at", "due_at"]
        read_only_fields = fields


class PaymentSerializer(serializers.ModelSerializer[Payment]):
    """One payment; amounts in minor units."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    order = serializers.CharField(source="order.number", read_only=True)
    disputes = DisputeSerializer(many=True, read_only=True)

    class Meta:
        model = Payment
        fields = ["id", "order", "amount", "refunded", "currency", "paid_at", "invoice_number", "disputes"]
        read_only_fields = fields


class PaperSerializer(serializers.ModelSerializer[Payment]):
    """One payment as its payer sees it, with its papers; amounts in minor units."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    disputes = DisputeSerializer(many=True, read_only=True)

    class Meta:
        model = Payment
        fields = [
            "id",
            "amount",
            "refunded",
            "currency",
            "card",
            "paid_at",
            "invoice_number",
            "invoice_url",
            "receipt_url",
            "disputes",
        ]
        read_only_fields = fields


class SoldDisputeSerializer(serializers.ModelSerializer[Dispute]):
    """One dispute as the seller sees it; amounts in minor units."""

    package = serializers.CharField(source="payment.order.package.full_name", read_only=True)
    order = serializers.CharField(source="payment.order.number", read_only=True)
    payment = serializers.UUIDField(source="payment.public_id", read_only=True)
    currency = serializers.CharField(source="payment.currency", read_only=True)

    class Meta:
        model = Dispute
        fields = ["package", "order", "payment", "state", "amount", "currency", "reason", "opened_at", "due_at"]
        read_only_fields = fields


class PreviewSerializer(serializers.Serializer[Any]):
    """What another number of seats costs, in minor units: due `now` (negative: a credit), and at each renewal."""

    seats = serializers.IntegerField()
    now = serializers.IntegerField(source="shown.now.amount")
    then = serializers.IntegerField(source="shown.then.amount")
    currency = serializers.CharField(source="shown.then.currency")


class AddressSerializer(serializers.Serializer[Any]):
    """Where to go on, in a browser."""

    url = serializers.URLField()


class EventSerializer(serializers.ModelSerializer[WebhookEvent]):
    """One event from the processor; what it said word for word stays in the administration."""

    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = WebhookEvent
        fields = [
            "id",
            "stripe_event",
            "kind",
            "subject",
            "received_at",
            "processed_at",
            "attempts",
            "outcome",
            "error",
            "given_up_at",
        ]
        read_only_fields = fields


class RefundSerializer(serializers.Serializer[Any]):
    """Money to be given back, in minor units, and why."""

    amount = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=300)


class SoldSerializer(serializers.Serializer[Any]):
    """The sales of one package in one currency, in minor units."""

    package = serializers.CharField(source="package.full_name")
    currency = serializers.CharField(source="paid.currency")
    paid = serializers.IntegerField(source="paid.amount")
    refunded = serializers.IntegerField(source="refunded.amount")
    payments = serializers.IntegerField()
    licences = serializers.IntegerField()
    seats = serializers.IntegerField()
    seats_taken = serializers.IntegerField()
    disputes = serializers.IntegerField()


class EntitlementSerializer(serializers.Serializer[Any]):
    """A signed offline entitlement."""

    entitlement = serializers.CharField()
    key = serializers.CharField()


def page_of(serializer: type[serializers.BaseSerializer[Any]], name: str) -> type[serializers.Serializer[Any]]:
    """The schema of one page of these."""
    fields = {"results": serializer(many=True), "next": serializers.CharField(allow_null=True)}
    return type(name, (serializers.Serializer,), fields | {"__doc__": f"A page of {name}."})
