"""`manage.py payments_sandbox`: the payments sandbox in the foreground, as script/server starts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand

from payments.sandbox.__main__ import main

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Serve until Ctrl-C; refuses to run beside live keys."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The port and where events go."""
        parser.add_argument("--port", type=int, default=0)
        parser.add_argument("--webhook-url", default=f"{settings.BASE_URL}/payments/webhooks/stripe")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Serve."""
        file = settings.DATA_DIR / "sandbox" / "state.sqlite"
        main([f"--port={options['port']}", f"--data={file}", f"--webhook-url={options['webhook_url']}"])
