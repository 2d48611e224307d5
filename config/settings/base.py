"""Settings that hold everywhere; topics stand in modules of their own beside this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config.env import ROOT, database, email, env
from config.settings.accounts import *  # noqa: F403  (topic file: every name is a setting)
from config.settings.api import *  # noqa: F403
from config.settings.celery import *  # noqa: F403
from config.settings.logs import *  # noqa: F403
from config.settings.payments import *  # noqa: F403
from config.settings.registry import *  # noqa: F403
from config.settings.reviews import *  # noqa: F403
from config.settings.security import *  # noqa: F403

if TYPE_CHECKING:
    from pathlib import Path

BASE_DIR = ROOT
SITE_NAME = env.site_name
SITE_SLUG = env.site_slug
BASE_URL = env.base_url
SECRET_KEY = env.secret_key
DEBUG = False
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "marketplace.User"
DATA_DIR = env.data_dir
TEMP_DIR = env.data_dir / "tmp"
DEMO = env.demo
TEST_TENANT = env.test_tenant

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "marketplace.core.admin_app.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_prometheus",
    "django_structlog",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.mfa",
    "allauth.usersessions",
    "djstripe",
    "marketplace",
    "registry",
    "payments",
    "installs",
    "reviews",
]

MIDDLEWARE = [
    "installs.channels.documents.middleware.DocumentsMiddleware",
    "marketplace.core.middleware.request.RequestMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "installs.channels.npm.middleware.RegistryMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "marketplace.core.middleware.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "marketplace.core.middleware.admin.AdminPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "marketplace.core.middleware.forms.FormsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "marketplace.core.middleware.viewer.ViewerMiddleware",
    "marketplace.core.middleware.zone.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "marketplace.core.middleware.errors.ErrorsMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "marketplace.core.context.site",
            ],
        },
    },
]

DATABASES: dict[str, dict[str, Any]] = {"default": database(env.database_url)} if env.database_url else {}
if DATABASES:
    DATABASES["default"]["OPTIONS"] |= {
        "pool": {"min_size": 1, "max_size": 24, "timeout": 5, "max_lifetime": 1800},
        "server_side_binding": False,
        "application_name": "agent-marketplace",
        "connect_timeout": 5,
    }
DATABASE_OWNER: dict[str, Any] = database(env.database_owner_url or env.database_url) if env.database_url else {}

ADMIN_BLUES = {
    "50": "oklch(97% .014 254.604)",
    "100": "oklch(93.2% .032 255.585)",
    "200": "oklch(88.2% .059 254.128)",
    "300": "oklch(80.9% .105 251.813)",
    "400": "oklch(70.7% .165 254.624)",
    "500": "oklch(62.3% .214 259.815)",
    "600": "oklch(48.8% .243 264.376)",
    "700": "oklch(45% .22 264.5)",
    "800": "oklch(42.4% .199 265.638)",
    "900": "oklch(37.9% .146 265.522)",
    "950": "oklch(28.2% .091 267.935)",
}
UNFOLD: dict[str, Any] = {
    "SITE_TITLE": env.site_name,
    "SITE_HEADER": env.site_name,
    "SITE_URL": "/",
    "SHOW_HISTORY": False,
    "COLORS": {"primary": ADMIN_BLUES},
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.redis_url or "redis://127.0.0.1:6379/0",
        "KEY_PREFIX": "am",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = ROOT / "staticfiles"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.data_dir / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

FILE_UPLOAD_HANDLERS = [
    "marketplace.core.uploads.CappedUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FILES = 2_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

DEFAULT_FROM_EMAIL = env.email_from
SERVER_EMAIL = env.email_from
globals().update(email(env.email_url))
