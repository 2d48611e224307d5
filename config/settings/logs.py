"""Structured logs with request ids; secrets are scrubbed before a line is written."""

from __future__ import annotations

from typing import Any

from config.env import env
from config.logging import configure, logging_config

configure(form=env.log_format)
LOGGING: dict[str, Any] = logging_config(form=env.log_format, level=env.log_level)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = env.trusted_proxies > 0
PROMETHEUS_METRIC_NAMESPACE = "market"
PROMETHEUS_EXPORT_MIGRATIONS = False
METRICS_TOKEN = env.metrics_token
