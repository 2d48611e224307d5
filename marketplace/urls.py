"""Addresses of the ground: probes, account pages, help."""

from __future__ import annotations

from django.urls import path

from marketplace.views import account, api_reference, health, notices, organizations, pages, tokens

ORGANIZATION = "account/organizations/<slug:slug>"

urlpatterns = [
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("notices", notices.notices, name="notices"),
    path("notices/read", notices.read, name="notices-read"),
    path("notices/choose", notices.choose, name="notices-choose"),
    path("styleguide/", pages.styleguide, name="styleguide"),
    path("api/docs/", api_reference.api_docs, name="api-docs"),
    path("account/profile", account.profile, name="account-profile"),
    path("account/export", account.export, name="account-export"),
    path("account/close", account.close, name="account-close"),
    path("account/reopen", account.reopen, name="account-reopen"),
    path("account/tokens", tokens.tokens, name="account-tokens"),
    path("account/tokens/<uuid:id>/revoke", tokens.revoke, name="account-token-revoke"),
    path("account/organizations", organizations.organizations, name="organizations"),
    path(f"{ORGANIZATION}", organizations.organization, name="organization"),
    path(f"{ORGANIZATION}/rename", organizations.rename, name="organization-rename"),
    path(f"{ORGANIZATION}/close", organizations.close, name="organization-close"),
    path(f"{ORGANIZATION}/reopen", organizations.reopen, name="organization-reopen"),
    path(f"{ORGANIZATION}/members", organizations.member_new, name="organization-member-new"),
    path(f"{ORGANIZATION}/members/<uuid:id>/role", organizations.member_role, name="organization-member-role"),
    path(f"{ORGANIZATION}/members/<uuid:id>/remove", organizations.member_gone, name="organization-member-gone"),
]
