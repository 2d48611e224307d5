"""Where a process can be killed while a version or a payment is on its way (docs/architecture.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """The moment before (or after) `function` of `module` runs."""

    name: str
    module: str
    function: str
    after: bool = False

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


WEB = (
    Point("body received", "registry.api.packages", "content_of_stream"),
    Point("row uploading", "registry.clients.artifacts.local", "LocalStore.put"),
    Point("bytes half copied", "registry.clients.artifacts.local", "shutil.copyfileobj", after=True),
    Point("bytes stored", "registry.clients.artifacts.local", "LocalStore.put", after=True),
    Point("artifact ready", "registry.services.publishing", "_write"),
    Point("package created", "registry.services.publishing", "_version_create"),
    Point("version written", "registry.services.publishing", "emit"),
    Point("job promised", "registry.services.publishing", "emit", after=True),
    Point("committed", "marketplace.services.outbox", "wake"),
    Point("answer ready", "registry.api.packages", "version_receive", after=True),
)
WORKER = (
    Point("job claimed", "marketplace.services.outbox", "claim", after=True),
    Point("scan begun", "registry.services.scanning", "scan_begin", after=True),
    Point("content read", "registry.services.scanning", "derive"),
    Point("file derived", "registry.services.derive", "artifact_store_packed", after=True),
    Point("all derived", "registry.services.scanning", "derive", after=True),
    Point("findings written", "registry.services.scanning", "version_release"),
    Point("signed", "registry.services.release", "sign", after=True),
    Point("tag pointed", "registry.services.release", "tag_point", after=True),
    Point("state moved", "registry.services.lifecycle", "emit"),
    Point("projected", "registry.services.lifecycle", "emit", after=True),
    Point("published", "registry.services.scanning", "scan_finish", after=True),
    Point("promise kept", "marketplace.services.outbox", "finish", after=True),
)
BUYING_WEB = (
    Point("order written", "payments.services.orders", "_order_write", after=True),
    Point("customer made", "payments.clients.stripe_billing", "StripeBilling.customer_make", after=True),
    Point("pay page opened", "payments.clients.stripe_billing", "StripeBilling.checkout_open", after=True),
    Point("event verified", "payments.clients.stripe_billing", "StripeBilling.event_verify", after=True),
    Point("event stored", "payments.views.webhooks", "event_receive", after=True),
)
REFUNDING_WEB = (
    Point("refund asked", "payments.clients.stripe_billing", "StripeBilling.refund"),
    Point("refund given", "payments.clients.stripe_billing", "StripeBilling.refund", after=True),
)
BUYING_WORKER = (
    Point("event claimed", "payments.services.webhooks", "orders_about"),
    Point("order read", "payments.clients.stripe_billing", "StripeBilling.order_facts", after=True),
    Point("licence written", "payments.services.syncing", "licence_apply", after=True),
    Point("event processed", "payments.services.webhooks", "event_process", after=True),
    Point("mirrored", "payments.clients.stripe_billing", "StripeBilling.order_mirror", after=True),
)
TELLING = (
    Point("statement not yet sent", "reviews.services.statements", "notice_send"),
    Point("statement sent", "reviews.services.statements", "notice_send", after=True),
    Point("readers not yet told", "reviews.services.incident_news", "notice_send"),
    Point("readers told", "reviews.services.incident_news", "notice_send", after=True),
)
ALL = (*WEB, *WORKER, *BUYING_WEB, *REFUNDING_WEB, *BUYING_WORKER, *TELLING)
POINTS = {str(point): point for point in ALL}
