"""Background jobs: late acknowledgement, time limits, one JSON serializer, the beat table."""

from __future__ import annotations

from typing import Any

from config.env import env

CELERY_BROKER_URL = env.redis_url or "redis://127.0.0.1:6379/0"
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900, "socket_timeout": 5, "socket_connect_timeout": 5}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "outbox": {"task": "marketplace.outbox_deliver", "schedule": 2.0},
    "sweep-versions": {"task": "registry.versions_sweep", "schedule": 30.0},
    "rescan-catalogue": {"task": "registry.catalogue_rescan", "schedule": 120.0},
    "reread-catalogue": {"task": "registry.catalogue_reread", "schedule": 120.0},
    "settle-versions": {"task": "registry.versions_settle", "schedule": 60.0},
    "sweep-artifacts": {"task": "registry.artifacts_sweep", "schedule": 600.0},
    "recheck-proofs": {"task": "registry.proofs_recheck", "schedule": 600.0},
    "seal-audit": {"task": "marketplace.audit_seal", "schedule": 60.0},
    "partitions": {"task": "installs.partitions_ensure", "schedule": 3600.0},
    "client-requests": {"task": "installs.client_requests_purge", "schedule": 3600.0},
    "downloads": {"task": "installs.downloads_roll_up", "schedule": 300.0},
    "usage": {"task": "installs.usage_write", "schedule": 10.0},
    "usage-days": {"task": "installs.usage_roll_up", "schedule": 300.0},
    "graces": {"task": "marketplace.graces_end", "schedule": 3600.0},
    "cases-check": {"task": "reviews.cases_check", "schedule": 86_400.0},
    "cases-close": {"task": "reviews.cases_close", "schedule": 3600.0},
    "ratings": {"task": "reviews.ratings_refresh", "schedule": 86_400.0},
    "reconcile-payments": {"task": "payments.reconcile", "schedule": 24 * 3600.0},
    "purge": {"task": "marketplace.expired_purge", "schedule": 3600.0},
}
