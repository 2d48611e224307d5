"""The payments sandbox beside a live site: the site sells, and hears of what happens as it does in production."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from payments.sandbox import webhooks
from payments.sandbox.server import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.live_site import LiveSite

WEBHOOK = "/payments/webhooks/stripe"
SECRET = f"whsec_{secrets.token_hex(16)}"
WEBHOOKS = {"STRIPE_WEBHOOK_SECRET": SECRET}
"""What a sandbox in a process of its own has to know."""


@contextmanager
def sandbox_delivering() -> Iterator[Sandbox]:
    """A sandbox in memory on a free port that delivers its events to every site that was told to it."""
    sandbox = Sandbox(0, ":memory:")
    thread = Thread(target=sandbox.serve, daemon=True)
    thread.start()
    try:
        yield sandbox
    finally:
        sandbox.shutdown()
        thread.join()


def variables(address: str) -> dict[str, str]:
    """What makes a site sell with the sandbox at this address."""
    return {
        "payments": "direct",
        "stripe_api_host": address,
        "stripe_secret_key": f"sk_test_{'0' * 32}",
        "stripe_webhook_secret": SECRET,
    }


def tell(sandbox: Sandbox, site: LiveSite) -> None:
    """From now on the site hears of events."""
    with sandbox.world.store.transaction():
        webhooks.ensure(sandbox.world, f"http://127.0.0.1:{site.port}{WEBHOOK}", SECRET)
