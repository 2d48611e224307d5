"""The whole list of routes: what the product and dj-stripe call, with the parameters that each of them takes.

`sdk` names the class of the pinned SDK's parameter types, `answers` the kind of object (`list:` before it for a page).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from payments.sandbox import catalog, checkout, customers, disputes, invoices, money, portal, proration, subscriptions
from payments.sandbox import webhooks as hooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from payments.sandbox.store import Thing
    from payments.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the API; `{}` in the path is an id."""

    method: str
    path: str
    handler: Callable[..., Any]
    answers: str
    params: tuple[str, ...] = ()
    sdk: str = ""

    @property
    def is_list(self) -> bool:
        """Whether it answers a page of objects."""
        return self.answers.startswith("list:")

    def match(self, method: str, path: str) -> list[str] | None:
        """The ids in the path; None when it is another route."""
        found = re.fullmatch(re.escape(self.path).replace(r"\{\}", r"([A-Za-z0-9_]{1,128})"), path)
        return list(found.groups()) if found and method == self.method else None


def _one(kind: str) -> Callable[[World, dict[str, Any], str], Thing]:
    return lambda world, _params, key: world.get(key, kind)


def _all(kind: str, *names: str) -> Callable[[World, dict[str, Any]], list[Thing]]:
    return lambda world, params: world.store.every(kind, **{n: params[n] for n in names if params.get(n)})


def _get(path: str, kind: str) -> Route:
    return Route("GET", path, _one(kind), kind)


PERSON = ("email", "name", "phone", "description", "metadata")
LINE = ("line_items[].price", "line_items[].quantity")
ITEM = ("items[].id", "items[].price", "items[].quantity")
SESSION = (
    "mode", *LINE, "customer", "customer_email", "success_url", "cancel_url", "client_reference_id", "metadata",
    "allow_promotion_codes", "expires_at", "payment_method_collection", "invoice_creation.enabled",
    "payment_intent_data.metadata", "subscription_data.metadata", "subscription_data.trial_period_days",
    "subscription_data.trial_settings.end_behavior.missing_payment_method", "locale",
)  # fmt: skip
SUBSCRIBE = (
    "customer", "items[].price", "items[].quantity", "metadata", "trial_period_days", "trial_end",
    "trial_settings.end_behavior.missing_payment_method", "default_payment_method",
)  # fmt: skip
CHANGE = (
    *ITEM, "metadata", "default_payment_method", "cancel_at_period_end", "pause_collection",
    "pause_collection.behavior", "proration_behavior", "payment_behavior", "trial_end",
)  # fmt: skip
PREVIEW = (
    "subscription", "subscription_details.items[].id", "subscription_details.items[].quantity",
    "subscription_details.proration_behavior",
)  # fmt: skip
COUPON = (
    "percent_off", "amount_off", "currency", "duration", "duration_in_months", "max_redemptions", "redeem_by", "name",
    "metadata", "applies_to.products[]",
)  # fmt: skip

ROUTES = (
    Route("GET", "/v1/account", customers.account, "account"),
    Route("GET", "/v1/accounts/{}", customers.account_by_id, "account"),
    Route("POST", "/v1/customers", customers.create, "customer", PERSON, "CustomerCreateParams"),
    Route("GET", "/v1/customers", customers.listed, "list:customer", ("email",), "CustomerListParams"),
    Route("GET", "/v1/customers/{}", customers.retrieve, "customer"),
    Route("POST", "/v1/customers/{}", customers.update, "customer",
          (*PERSON, "invoice_settings.default_payment_method"), "CustomerUpdateParams"),
    Route("GET", "/v1/customers/{}/payment_methods", customers.methods, "list:payment_method"),
    Route("GET", "/v1/payment_methods", customers.methods, "list:payment_method", ("customer", "type"),
          "PaymentMethodListParams"),
    Route("GET", "/v1/payment_methods/{}", customers.method, "payment_method"),
    Route("POST", "/v1/payment_methods/{}/attach", customers.method_attach, "payment_method", ("customer",),
          "PaymentMethodAttachParams"),
    Route("POST", "/v1/products", catalog.product_create, "product", ("name", "description", "metadata"),
          "ProductCreateParams"),
    Route("GET", "/v1/products", _all("product"), "list:product"),
    _get("/v1/products/{}", "product"),
    Route("POST", "/v1/products/{}", catalog.product_update, "product",
          ("name", "description", "active", "metadata"), "ProductUpdateParams"),
    Route("POST", "/v1/prices", catalog.price_create, "price",
          ("product", "currency", "unit_amount", "recurring.interval", "recurring.interval_count", "nickname",
           "metadata"), "PriceCreateParams"),
    Route("GET", "/v1/prices", _all("price", "product"), "list:price", ("product",), "PriceListParams"),
    _get("/v1/prices/{}", "price"),
    Route("POST", "/v1/prices/{}", catalog.price_update, "price", ("active", "metadata"), "PriceUpdateParams"),
    Route("POST", "/v1/coupons", catalog.coupon_create, "coupon", COUPON, "CouponCreateParams"),
    _get("/v1/coupons/{}", "coupon"),
    Route("POST", "/v1/promotion_codes", catalog.promotion_create, "promotion_code",
          ("promotion.type", "promotion.coupon", "code", "max_redemptions", "expires_at", "metadata"),
          "PromotionCodeCreateParams"),
    Route("GET", "/v1/promotion_codes", _all("promotion_code", "code"), "list:promotion_code", ("code",),
          "PromotionCodeListParams"),
    _get("/v1/promotion_codes/{}", "promotion_code"),
    Route("POST", "/v1/promotion_codes/{}", catalog.promotion_update, "promotion_code", ("active",),
          "PromotionCodeModifyParams"),
    Route("POST", "/v1/checkout/sessions", checkout.create, "checkout.session", SESSION,
          "checkout.SessionCreateParams"),
    Route("GET", "/v1/checkout/sessions", checkout.listed, "list:checkout.session",
          ("subscription", "payment_intent", "customer"), "checkout.SessionListParams"),
    Route("GET", "/v1/checkout/sessions/{}", checkout.retrieve, "checkout.session"),
    Route("POST", "/v1/checkout/sessions/{}/expire", checkout.expire, "checkout.session", (),
          "checkout.SessionExpireParams"),
    _get("/v1/payment_intents/{}", "payment_intent"),
    Route("GET", "/v1/payment_intents", _all("payment_intent", "customer"), "list:payment_intent", ("customer",),
          "PaymentIntentListParams"),
    _get("/v1/charges/{}", "charge"),
    Route("GET", "/v1/charges", _all("charge", "customer", "payment_intent"), "list:charge",
          ("customer", "payment_intent"), "ChargeListParams"),
    _get("/v1/balance_transactions/{}", "balance_transaction"),
    Route("POST", "/v1/refunds", money.refund_create, "refund",
          ("charge", "payment_intent", "amount", "reason", "metadata"), "RefundCreateParams"),
    Route("GET", "/v1/refunds", _all("refund", "charge", "payment_intent"), "list:refund",
          ("charge", "payment_intent"), "RefundListParams"),
    _get("/v1/refunds/{}", "refund"),
    Route("GET", "/v1/disputes", _all("dispute", "charge", "payment_intent"), "list:dispute",
          ("charge", "payment_intent"), "DisputeListParams"),
    _get("/v1/disputes/{}", "dispute"),
    Route("POST", "/v1/disputes/{}", disputes.update, "dispute", ("evidence.uncategorized_text", "submit"),
          "DisputeUpdateParams"),
    Route("POST", "/v1/disputes/{}/close", disputes.close, "dispute", (), "DisputeCloseParams"),
    Route("POST", "/v1/subscriptions", subscriptions.create, "subscription", SUBSCRIBE, "SubscriptionCreateParams"),
    Route("GET", "/v1/subscriptions", subscriptions.listed, "list:subscription", ("customer", "status"),
          "SubscriptionListParams"),
    Route("GET", "/v1/subscriptions/{}", subscriptions.retrieve, "subscription"),
    Route("POST", "/v1/subscriptions/{}", subscriptions.update, "subscription", CHANGE, "SubscriptionUpdateParams"),
    Route("DELETE", "/v1/subscriptions/{}", subscriptions.cancel, "subscription", (), "SubscriptionCancelParams"),
    Route("GET", "/v1/subscription_items", subscriptions.items, "list:subscription_item", ("subscription",),
          "SubscriptionItemListParams"),
    _get("/v1/subscription_items/{}", "subscription_item"),
    Route("POST", "/v1/subscription_items/{}", subscriptions.item_update, "subscription_item",
          ("quantity", "proration_behavior", "payment_behavior"), "SubscriptionItemUpdateParams"),
    Route("POST", "/v1/invoices/create_preview", proration.preview, "invoice",
          PREVIEW, "InvoiceCreatePreviewParams"),
    Route("GET", "/v1/invoices", invoices.listed, "list:invoice", ("subscription", "customer", "status"),
          "InvoiceListParams"),
    _get("/v1/invoices/{}", "invoice"),
    Route("POST", "/v1/invoices/{}/pay", invoices.pay, "invoice", ("payment_method",), "InvoicePayParams"),
    Route("GET", "/v1/invoice_payments", invoices.payments_listed, "list:invoice_payment",
          ("invoice", "payment.type", "payment.payment_intent"), "InvoicePaymentListParams"),
    _get("/v1/invoice_payments/{}", "invoice_payment"),
    Route("POST", "/v1/billing_portal/sessions", portal.create, "billing_portal.session", ("customer", "return_url"),
          "billing_portal.SessionCreateParams"),
    Route("POST", "/v1/webhook_endpoints", hooks.create, "webhook_endpoint",
          ("url", "enabled_events[]", "description", "api_version", "metadata"), "WebhookEndpointCreateParams"),
    Route("GET", "/v1/webhook_endpoints", hooks.listed, "list:webhook_endpoint"),
    Route("GET", "/v1/webhook_endpoints/{}", hooks.retrieve, "webhook_endpoint"),
    Route("POST", "/v1/webhook_endpoints/{}", hooks.update, "webhook_endpoint",
          ("url", "enabled_events[]", "description", "disabled"), "WebhookEndpointUpdateParams"),
    Route("DELETE", "/v1/webhook_endpoints/{}", hooks.remove, "webhook_endpoint"),
    Route("GET", "/v1/events", hooks.events, "list:event", ("type",), "EventListParams"),
    Route("GET", "/v1/events/{}", hooks.event, "event"),
)  # fmt: skip
