"""The payments app."""

from __future__ import annotations

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Registers the jobs and checks of payments, and tells search what packages cost."""

    name = "payments"
    verbose_name = "Payments"

    def ready(self) -> None:
        """Prices reach the search documents in the transaction that sets them."""
        from django.core.checks import register  # noqa: PLC0415  (likewise)

        import payments.tasks  # noqa: F401, PLC0415  (registers the jobs; models are not loaded before)
        from marketplace.core.events import project  # noqa: PLC0415  (likewise)
        from payments.core.checks import keys_check  # noqa: PLC0415  (likewise)
        from payments.domain.events import PriceChanged  # noqa: PLC0415  (likewise)
        from payments.services.search import price_push  # noqa: PLC0415  (likewise)
        from registry.domain.events import PackageChanged, VersionChanged  # noqa: PLC0415  (likewise)

        register(keys_check)
        project(PriceChanged, price_push)
        project(PackageChanged, price_push)
        project(VersionChanged, price_push)
