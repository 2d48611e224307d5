"""The ground: accounts, organizations, tokens, audit, outbox, and the shop window."""

from __future__ import annotations

from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    """The project core as a Django app."""

    name = "marketplace"
    verbose_name = "Marketplace"

    def ready(self) -> None:
        """Name the service that turns users into viewers, and the ground's part of exports."""
        import marketplace.tasks  # noqa: PLC0415, F401  (registers the jobs)
        from marketplace.core import demo, idempotency, tenancy  # noqa: PLC0415  (models are not loaded before)
        from marketplace.core.checkup import check  # noqa: PLC0415  (likewise)
        from marketplace.core.exports import export_part  # noqa: PLC0415  (likewise)
        from marketplace.selectors.accounts import account_part  # noqa: PLC0415  (likewise)
        from marketplace.services import checkups  # noqa: PLC0415  (likewise)
        from marketplace.services.demo import people_load  # noqa: PLC0415  (likewise)
        from marketplace.services.idempotency import Answers  # noqa: PLC0415  (likewise)
        from marketplace.services.viewers import bind_user  # noqa: PLC0415  (likewise)

        tenancy.register_binder(bind_user)
        demo.part("people", people_load)
        idempotency.register_store(Answers())
        export_part("account", account_part)
        for part, look in {
            "settings": checkups.settings_look,
            "database": checkups.database_look,
            "row security": checkups.tenancy_look,
            "queue": checkups.queue_look,
            "worker": checkups.worker_look,
            "mail": checkups.mail_look,
            "clock": checkups.clock_look,
        }.items():
            check(part, look)
