"""Addresses of the ground's API, below /api/v1/."""

from __future__ import annotations

from django.urls import path

from marketplace.api.me import Me
from marketplace.api.organizations import MemberDetail, MemberList, OrganizationDetail, OrganizationList
from marketplace.api.tokens import TokenDetail, TokenList

urlpatterns = [
    path("me", Me.as_view(), name="api-me"),
    path("tokens", TokenList.as_view(), name="api-tokens"),
    path("tokens/<uuid:id>", TokenDetail.as_view(), name="api-token"),
    path("organizations", OrganizationList.as_view(), name="api-organizations"),
    path("organizations/<slug:slug>", OrganizationDetail.as_view(), name="api-organization"),
    path("organizations/<slug:slug>/members", MemberList.as_view(), name="api-members"),
    path("organizations/<slug:slug>/members/<uuid:id>", MemberDetail.as_view(), name="api-member"),
]
