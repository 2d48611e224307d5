"""The reviews app."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Registers the jobs of reviews, and opens cases for held versions in their writers' transactions."""

    name = "reviews"
    verbose_name = "Reviews"

    def ready(self) -> None:
        """What versions and purchases mean for cases, ratings and reviews, and who is told of what."""
        import reviews.tasks  # noqa: F401, PLC0415  (registers the jobs; models are not loaded before)
        from marketplace.core.events import listen, project  # noqa: PLC0415  (likewise)
        from payments.domain.events import PurchaseVerified  # noqa: PLC0415  (likewise)
        from registry.domain.events import PackageChanged, VersionChanged, VersionRescanned  # noqa: PLC0415  (likewise)
        from registry.services.clearing import clearing_register  # noqa: PLC0415  (likewise)
        from reviews.domain.events import CaseDecided, CaseOpened  # noqa: PLC0415  (likewise)
        from reviews.services.clearing import cleared_hits  # noqa: PLC0415  (likewise)
        from reviews.services.holds import held_case, rescanned_case  # noqa: PLC0415  (likewise)
        from reviews.services.incidents import stopped_project  # noqa: PLC0415  (likewise)
        from reviews.services.ratings import rating_project  # noqa: PLC0415  (likewise)
        from reviews.services.reviewing import purchase_mark  # noqa: PLC0415  (likewise)

        clearing_register(cleared_hits)
        project(VersionChanged, held_case)
        project(VersionRescanned, rescanned_case)
        project(VersionChanged, stopped_project)
        project(VersionChanged, rating_project)
        project(PackageChanged, rating_project)
        project(PurchaseVerified, purchase_mark)
        listen(CaseDecided, "reviews.statements_send")
        listen(CaseDecided, "reviews.decided_tell")
        listen(CaseOpened, "reviews.on_call_tell")
        listen(CaseOpened, "reviews.opened_tell")
