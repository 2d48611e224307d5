"""The payments sandbox: what the site pays with when no Stripe key is set."""

from __future__ import annotations

import os
import secrets
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from house import processes, record
from house.program import Program
from house.service import Service
from house.virtualenv import ROOT, VENV

if TYPE_CHECKING:
    from pathlib import Path

WEBHOOK = "/payments/webhooks/stripe"


def is_used() -> bool:
    """Whether no STRIPE_SECRET_KEY is set and PAYMENTS is not off."""
    return not os.environ.get("STRIPE_SECRET_KEY") and os.environ.get("PAYMENTS", "direct") != "off"


class Sandbox(Service):
    """One sandbox; its events go to the site at `site_port`."""

    name = "sandbox"

    def __init__(self, data: Path, *, site_port: int = 0) -> None:
        """Remember the wishes; nothing is touched yet."""
        super().__init__(data)
        self.site_port = site_port

    @property
    def variables(self) -> dict[str, str]:
        """What the site has to know; empty before the first start."""
        if not self.port:
            return {}
        return {
            "STRIPE_API_HOST": f"http://localhost:{self.port}",
            "STRIPE_SECRET_KEY": str(self.recorded("key")),
            "STRIPE_WEBHOOK_SECRET": str(self.recorded("webhook_secret")),
        }

    def prepare(self) -> None:
        """Choose a free port, and secrets at the first start."""
        key = self.recorded("key") or f"sk_test_{secrets.token_hex(16)}"
        secret = self.recorded("webhook_secret") or f"whsec_{secrets.token_hex(16)}"
        record.update(self.note, port=processes.free_port(self.port), key=key, webhook_secret=secret)

    def program(self) -> Program:
        """What to run; `prepare` must have been called."""
        command = [
            str(VENV / "bin" / "python"),
            "-m",
            "payments.sandbox",
            f"--port={self.port}",
            f"--data={self.data / 'sandbox' / 'state.sqlite'}",
            f"--webhook-url=http://127.0.0.1:{self.site_port}{WEBHOOK}",
        ]
        log = self.data / "log" / "sandbox.log"
        return Program(self.name, command, self.run, log, os.environ | self.variables, folder=ROOT)

    def provision(self) -> None:
        """Nothing: it makes its file itself."""

    def is_ready(self) -> bool:
        """Whether it answers to our own key."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/v1/account", headers={"Authorization": f"Bearer {self.recorded('key')}"}
        )
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=2) as answer:
                return bool(answer.status == 200)  # noqa: PLR2004  (HTTP)
        except (OSError, urllib.error.URLError):
            return False
