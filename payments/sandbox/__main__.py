"""`python -m payments.sandbox`: serve until the process is ended."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from payments.sandbox.server import Sandbox

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Serve; the webhook's secret comes through STRIPE_WEBHOOK_SECRET. Refuses to run beside a live key."""
    parser = argparse.ArgumentParser(prog="payments.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--data", type=Path, required=True, help="the SQLite file with its whole state")
    parser.add_argument("--webhook-url", default="", help="where events go")
    options = parser.parse_args(argv)
    if "_live_" in os.environ.get("STRIPE_SECRET_KEY", ""):
        parser.error("STRIPE_SECRET_KEY is a live key: the sandbox does not run beside one.")
    options.data.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = os.environ.get("STRIPE_WEBHOOK_SECRET", "")
    sandbox = Sandbox(options.port, options.data, webhook_url=options.webhook_url, webhook_secret=secret)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: Thread(target=sandbox.shutdown).start())
    print(f"payments sandbox on {sandbox.world.base_url}", flush=True)  # noqa: T201  (its first line says where)
    sandbox.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
