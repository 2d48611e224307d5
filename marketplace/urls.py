"""Addresses of the ground: probes, account pages, help."""

from __future__ import annotations

from django.urls import path

from marketplace.views import health, notices, pages

urlpatterns = [
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("notices", notices.notices, name="notices"),
    path("notices/read", notices.read, name="notices-read"),
    path("notices/choose", notices.choose, name="notices-choose"),
    path("help", pages.help_page, name="help"),
    path("styleguide/", pages.styleguide, name="styleguide"),
    path("api/docs/", pages.api_docs, name="api-docs"),
    path("account/profile", pages.help_page, name="account-profile"),
    path("account/tokens", pages.help_page, name="account-tokens"),
]
