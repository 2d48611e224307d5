"""The first run of an instance: makes its administrator, once."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from marketplace.core import tenancy
from marketplace.core.errors import MarketplaceError
from marketplace.services.administrator import administrator_create

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """`manage.py setup [--email A] [--password-stdin]`, or with SETUP_EMAIL and SETUP_PASSWORD set, or by asking."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The password never stands on the command line, where other people's `ps` shows it."""
        parser.add_argument("--email", default=settings.SETUP_EMAIL, help="the administrator's mail address")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask for what is missing, make the account, say what comes next."""
        email = options["email"] or self._ask("Mail address of the administrator: ")
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else settings.SETUP_PASSWORD
        try:
            with tenancy.bound(tenancy.SYSTEM):
                administrator_create(email=email, password=password or self._ask_secret())
        except MarketplaceError as refusal:
            raise CommandError(refusal.in_full) from refusal
        self.stdout.write(f"{email} is the administrator of {settings.BASE_URL}.")
        self.stdout.write(f"Sign in, then add a passkey: {settings.BASE_URL}{reverse('mfa_index')}")
        self.stdout.write("The administration opens with it. Run manage.py doctor to see what is left to do.")

    def _ask(self, words: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError("Give --email and --password-stdin, or set SETUP_EMAIL and SETUP_PASSWORD.")
        return input(words).strip()

    def _ask_secret(self) -> str:
        if not sys.stdin.isatty():
            raise CommandError("Give --password-stdin, or set SETUP_PASSWORD.")
        first, again = getpass("Password: "), getpass("Once more: ")
        if first != again:
            raise CommandError("The two differ; nothing was made.")
        return first
