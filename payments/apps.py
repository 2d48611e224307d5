"""The payments app."""

from __future__ import annotations

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Registers the jobs and checks of payments, and tells search what packages cost."""

    name = "payments"
    verbose_name = "Payments"

    def ready(self) -> None:
        """Prices reach the search documents in the transaction that sets them; who leaves gives seats back."""
        from django.core.checks import register  # noqa: PLC0415  (likewise)

        import payments.tasks  # noqa: F401, PLC0415  (registers the jobs; models are not loaded before)
        from marketplace.core.events import project  # noqa: PLC0415  (likewise)
        from marketplace.core.exports import export_part  # noqa: PLC0415  (likewise)
        from marketplace.domain.events import MembershipEnded, OrganizationEnded, UserErased  # noqa: PLC0415  (likewise)
        from payments.core.checks import keys_check  # noqa: PLC0415  (likewise)
        from payments.domain.events import PriceChanged  # noqa: PLC0415  (likewise)
        from payments.selectors.exports import purchases_part  # noqa: PLC0415  (likewise)
        from payments.services.leaving import payer_forget, seats_release  # noqa: PLC0415  (likewise)
        from payments.services.search import price_facts, price_push  # noqa: PLC0415  (likewise)
        from registry.services.search import facts_provide  # noqa: PLC0415  (likewise)

        register(keys_check)
        project(PriceChanged, price_push)
        facts_provide(price_facts)
        project(MembershipEnded, seats_release)
        project(UserErased, seats_release)
        project(UserErased, payer_forget)
        project(OrganizationEnded, payer_forget)
        export_part("purchases", purchases_part)
