"""Makes a token for a person and prints it, alone, on stdout; it cannot be shown again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from marketplace.core import tenancy
from marketplace.core.errors import MarketplaceError
from marketplace.domain.viewer import Scope
from marketplace.models import User
from marketplace.services.tokens import DEFAULT_DAYS, token_create

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """`manage.py token_create EMAIL --scope publish [--package @acme/tool]... [--days 30]`."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and what it may do."""
        parser.add_argument("email", help="the mail address of an account")
        parser.add_argument("--scope", action="append", required=True, choices=[scope.value for scope in Scope])
        parser.add_argument("--package", action="append", help="a full name; only these packages (default: all)")
        parser.add_argument("--days", type=int, default=DEFAULT_DAYS, help="days until it ends (default: %(default)s)")
        parser.add_argument("--name", default="command line", help="what it is for")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the secret."""
        with tenancy.bound(tenancy.SYSTEM):
            user = User.objects.filter(email__iexact=options["email"], state=User.State.ACTIVE).first()
            if user is None:
                raise CommandError(f"There is no account in use with the address {options['email']}.")
            try:
                _, secret = token_create(
                    user=user,
                    name=options["name"],
                    scopes=options["scope"],
                    packages=options["package"],
                    days=options["days"],
                )
            except MarketplaceError as refusal:
                raise CommandError(refusal.in_full) from refusal
        self.stdout.write(secret)
