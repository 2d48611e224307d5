"""The one place that reads environment variables; settings see typed values only."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent


def _flag(name: str, default: str = "0") -> bool:
    return os.environ.get(name, default).lower() in {"1", "true", "yes", "on"}


def _list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def _text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


@dataclass(frozen=True, slots=True)
class Env:
    """Every variable that the product reads, with its default for one laptop."""

    secret_key: str = field(default_factory=lambda: _text("SECRET_KEY"))
    base_url: str = field(default_factory=lambda: _text("BASE_URL", "http://localhost:8000").rstrip("/"))
    allowed_hosts: list[str] = field(default_factory=lambda: _list("ALLOWED_HOSTS"))
    npm_host: str = field(default_factory=lambda: _text("NPM_HOST"))
    database_url: str = field(default_factory=lambda: _text("DATABASE_URL"))
    database_owner_url: str = field(default_factory=lambda: _text("DATABASE_OWNER_URL"))
    redis_url: str = field(default_factory=lambda: _text("REDIS_URL"))
    data_dir: Path = field(default_factory=lambda: Path(_text("DATA_DIR", str(ROOT / ".local"))))
    gs_bucket: str = field(default_factory=lambda: _text("GS_BUCKET"))
    gs_signing_key_file: str = field(default_factory=lambda: _text("GS_SIGNING_KEY_FILE"))
    signing_key_file: str = field(default_factory=lambda: _text("SIGNING_KEY_FILE"))
    signing_keys_retired: str = field(default_factory=lambda: _text("SIGNING_KEYS_RETIRED"))
    email_url: str = field(default_factory=lambda: _text("EMAIL_URL"))
    email_from: str = field(default_factory=lambda: _text("EMAIL_FROM", "Agent Marketplace <noreply@localhost>"))
    site_name: str = field(default_factory=lambda: _text("SITE_NAME", "Agent Marketplace"))
    site_slug: str = field(default_factory=lambda: _text("SITE_SLUG", "agent-marketplace"))
    signup_open: bool = field(default_factory=lambda: _flag("SIGNUP_OPEN"))
    setup_email: str = field(default_factory=lambda: _text("SETUP_EMAIL"))
    setup_password: str = field(default_factory=lambda: _text("SETUP_PASSWORD"))
    demo: bool = field(default_factory=lambda: _flag("DEMO"))
    test_tenant: bool = field(default_factory=lambda: _flag("TEST_TENANT"))
    github_client_id: str = field(default_factory=lambda: _text("GITHUB_CLIENT_ID"))
    github_client_secret: str = field(default_factory=lambda: _text("GITHUB_CLIENT_SECRET"))
    scan_off: list[str] = field(default_factory=lambda: _list("SCAN_OFF"))
    scan_monitor: list[str] = field(default_factory=lambda: _list("SCAN_MONITOR"))
    scan_optional: list[str] = field(default_factory=lambda: _list("SCAN_OPTIONAL"))
    scan_bad_hashes: list[str] = field(default_factory=lambda: _list("SCAN_BAD_HASHES"))
    reviewer_api_key: str = field(default_factory=lambda: _text("REVIEWER_API_KEY"))
    reviewer_model: str = field(default_factory=lambda: _text("REVIEWER_MODEL", "claude-haiku-4-5"))
    reviewer_url: str = field(default_factory=lambda: _text("REVIEWER_URL"))
    reviewer_required: bool = field(default_factory=lambda: _flag("REVIEWER_REQUIRED"))
    reviewer_daily_tokens: int = field(default_factory=lambda: int(_text("REVIEWER_DAILY_TOKENS", "2000000")))
    cooldown_hours: int = field(default_factory=lambda: int(_text("COOLDOWN_HOURS", "72")))
    purge_urls: list[str] = field(default_factory=lambda: _list("PURGE_URLS"))
    github_files_url: str = field(
        default_factory=lambda: _text("GITHUB_FILES_URL", "https://raw.githubusercontent.com").rstrip("/")
    )
    usage_kept_days: int = field(default_factory=lambda: int(_text("USAGE_KEPT_DAYS", "90")))
    downloads_kept_days: int = field(default_factory=lambda: int(_text("DOWNLOADS_KEPT_DAYS", "400")))
    dns_servers: list[str] = field(default_factory=lambda: _list("DNS_SERVERS"))
    outbound_allow: list[str] = field(default_factory=lambda: _list("OUTBOUND_ALLOW"))
    payments: str = field(default_factory=lambda: _text("PAYMENTS", "off"))
    stripe_secret_key: str = field(default_factory=lambda: _text("STRIPE_SECRET_KEY"))
    stripe_webhook_secret: str = field(default_factory=lambda: _text("STRIPE_WEBHOOK_SECRET"))
    stripe_api_host: str = field(default_factory=lambda: _text("STRIPE_API_HOST").rstrip("/"))
    refund_days: int = field(default_factory=lambda: int(_text("REFUND_DAYS", "14")))
    payment_grace_days: int = field(default_factory=lambda: int(_text("PAYMENT_GRACE_DAYS", "14")))
    log_format: str = field(default_factory=lambda: _text("LOG_FORMAT", "json"))
    log_level: str = field(default_factory=lambda: _text("LOG_LEVEL", "INFO"))
    metrics_token: str = field(default_factory=lambda: _text("METRICS_TOKEN"))
    review_account_hours: int = field(default_factory=lambda: int(_text("REVIEW_ACCOUNT_HOURS", "24")))
    two_person_reach: int = field(default_factory=lambda: int(_text("TWO_PERSON_REACH", "500")))
    on_call_emails: list[str] = field(default_factory=lambda: _list("ON_CALL_EMAILS"))
    on_call_webhook: str = field(default_factory=lambda: _text("ON_CALL_WEBHOOK"))
    body_piece_seconds: float = field(default_factory=lambda: float(_text("BODY_PIECE_SECONDS", "20")))
    body_whole_seconds: float = field(default_factory=lambda: float(_text("BODY_WHOLE_SECONDS", "1800")))
    web_threads: int = field(default_factory=lambda: int(_text("WEB_THREADS", "16")))
    trusted_proxies: int = field(default_factory=lambda: int(_text("TRUSTED_PROXIES", "0")))

    @property
    def is_https(self) -> bool:
        """Whether the public address is an https one."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """The host name of the public address, without port."""
        return urlsplit(self.base_url).hostname or "localhost"


def database(url: str) -> dict[str, object]:
    """Turn `postgresql://user:password@host:port/name?option=value` into Django's settings.

    Raises ImproperlyConfigured when the address is not one of PostgreSQL.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must read postgresql://user:password@host:port/name")
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", "") or parts.hostname or ""
    return {
        "ENGINE": "marketplace.core.postgres",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(query),
    }


def email(url: str) -> dict[str, object]:
    """Turn `smtp://`, `smtps://`, `file:///folder` or `console://` into Django's e-mail settings."""
    parts = urlsplit(url or "console://")
    backend = "django.core.mail.backends"
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": f"{backend}.console.EmailBackend"}
    if parts.scheme == "file":
        return {"EMAIL_BACKEND": f"{backend}.filebased.EmailBackend", "EMAIL_FILE_PATH": unquote(parts.path)}
    if parts.scheme not in {"smtp", "smtps"}:
        raise ImproperlyConfigured("EMAIL_URL must begin with smtp://, smtps://, file:/// or console://")
    return {
        "EMAIL_BACKEND": f"{backend}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
        "EMAIL_TIMEOUT": 10,
    }


env = Env()
