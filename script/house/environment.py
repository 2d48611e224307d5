"""The variables that the product reads (config/env.py), made from what is recorded in the data folder.

A variable that is set already always wins; DATABASE_URL, REDIS_URL and GS_BUCKET so switch to real services.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from house import record, sandbox
from house.postgres import Postgres
from house.valkey import Valkey
from house.virtualenv import VENV

if TYPE_CHECKING:
    from pathlib import Path

PORT = 8000


def state(data: Path) -> dict[str, Any]:
    """What is recorded about an installation; makes its secrets at the first call."""
    path = data / "state.json"
    known = record.load(path)
    if "secret_key" not in known:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        known = record.update(path, secret_key=record.secret() + record.secret(), metrics_token=record.secret())
    return known


def remember(data: Path, **changes: Any) -> None:
    """Add to what is recorded about an installation."""
    state(data)
    record.update(data / "state.json", **changes)


def uses_embedded_postgres() -> bool:
    """Whether no DATABASE_URL points elsewhere."""
    return not os.environ.get("DATABASE_URL")


def uses_embedded_valkey() -> bool:
    """Whether no REDIS_URL points elsewhere."""
    return not os.environ.get("REDIS_URL")


def _services(data: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    if uses_embedded_postgres():
        postgres = Postgres(data)
        found |= {"DATABASE_URL": postgres.url_app, "DATABASE_OWNER_URL": postgres.url_owner}
    if uses_embedded_valkey():
        found["REDIS_URL"] = Valkey(data).url
    if sandbox.is_used():
        found |= sandbox.Sandbox(data).variables
    return found


def environment(data: Path, port: int) -> dict[str, str]:
    """The whole environment for web, worker, beat and manage.py with the site at `port`."""
    known = state(data)
    test_tenant = bool(known.get("test_tenant"))
    ours = {
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "SECRET_KEY": known["secret_key"],
        "METRICS_TOKEN": known["metrics_token"],
        "BASE_URL": f"http://{'127.0.0.1' if test_tenant else 'localhost'}:{port}",
        "DATA_DIR": str(data),
        "SIGNING_KEY_FILE": str(data / "signing.pem"),
        "EMAIL_URL": f"file://{data / 'mail'}",
        "TEST_TENANT": str(int(test_tenant)),
        "DEMO": str(int(bool(known.get("demo", True)))),
        "PAYMENTS": "direct",
        "LOG_FORMAT": "json",
        "LISTEN_HOST": "127.0.0.1",
        "BEAT_SCHEDULE": str(data / "beat"),
        **_services(data),
    }
    given = {name: value for name, value in os.environ.items() if value or name not in ours}
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return ours | given | {"PATH": path, "PORT": str(port), "DATA_DIR": str(data), "PYTHONUNBUFFERED": "1"}
