"""A real instance: refuses to start on a missing or default secret, or with a test switch on."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from config.env import env
from config.settings.base import *  # noqa: F403  (every name is a setting)

ACCOUNT_EMAIL_VERIFICATION = "mandatory"
SECRET_LENGTH = 50
_missing = [
    name
    for name, value in {
        "SECRET_KEY": env.secret_key,
        "BASE_URL": "" if env.host == "localhost" else env.base_url,
        "DATABASE_URL": env.database_url,
        "REDIS_URL": env.redis_url,
        "SIGNING_KEY_FILE": env.signing_key_file,
        "EMAIL_URL": env.email_url,
        "METRICS_TOKEN": env.metrics_token,
    }.items()
    if not value
]
if _missing:
    raise ImproperlyConfigured(f"Set {', '.join(_missing)} before starting in production; docs/operations.md says how.")
if len(env.secret_key) < SECRET_LENGTH or env.secret_key.startswith("insecure"):
    raise ImproperlyConfigured("SECRET_KEY must be at least 50 random characters.")
if env.test_tenant or env.demo or env.outbound_allow:
    raise ImproperlyConfigured(
        "TEST_TENANT, DEMO and OUTBOUND_ALLOW are for laptops and tests; unset them in production."
    )
if not env.is_https:
    raise ImproperlyConfigured("BASE_URL must begin with https:// in production.")
