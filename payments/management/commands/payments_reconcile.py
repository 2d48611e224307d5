"""`manage.py payments_reconcile`: compare every order with the payment processor and mend what drifted."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from marketplace.core import tenancy
from marketplace.core.errors import MarketplaceError
from payments.services.reconcile import reconcile
from payments.services.switch import is_selling


class Command(BaseCommand):
    """Refuses when the key belongs to another account than the orders."""

    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        """One line an order that was mended or could not be; raises CommandError for the latter."""
        if not is_selling():
            raise CommandError("Nothing is sold here: PAYMENTS is off.")
        mended = failed = 0
        try:
            with tenancy.bound(tenancy.SYSTEM):
                for drift in reconcile():
                    mended += not drift.error
                    failed += bool(drift.error)
                    said = drift.error or f"{drift.before} -> {drift.after}"
                    self.stdout.write(f"{drift.order}: {said}")
        except MarketplaceError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{mended} mended, {failed} could not be read")
        if failed:
            raise CommandError("Some orders could not be read; try again later.")
