"""The suite: real PostgreSQL and Redis, fast passwords, mail in memory, N+1 queries are errors.

tests/conftest.py puts the addresses of its own PostgreSQL and Valkey in.
"""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "test-key-of-no-worth-outside-the-suite-0123456789abcdef")
os.environ.setdefault("BASE_URL", "http://localhost:8000")
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")
os.environ.setdefault("DATABASE_URL", "postgresql://market_app@127.0.0.1:5432/market")
os.environ.setdefault("SIGNUP_OPEN", "1")
os.environ.setdefault("LOG_LEVEL", "WARNING")
os.environ.setdefault("STRIPE_SECRET_KEY", f"sk_test_{'0' * 32}")
os.environ.setdefault("STRIPE_WEBHOOK_SECRET", "whsec_of_no_worth_outside_the_suite")
os.environ["DATA_DIR"] = f"{tempfile.gettempdir()}/agent-marketplace-test-{os.getpid()}"
os.environ["DEMO"] = os.environ["TEST_TENANT"] = os.environ["GS_BUCKET"] = ""

from config.settings.base import *  # noqa: F403  (the variables above must stand first)
from config.settings.base import DATABASES, INSTALLED_APPS, MIDDLEWARE, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
DATABASES["default"]["OPTIONS"].pop("pool")
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = "memory://"
INSTALLED_APPS += ["zeal"]
MIDDLEWARE[:0] = ["zeal.middleware.zeal_middleware"]
STATIC_ROOT = None  # nothing is collected for tests
