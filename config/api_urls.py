"""The API's addresses, one list an app."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("registry.api.urls")),
    path("", include("reviews.api.urls")),
    path("", include("installs.api.urls")),
    path("", include("payments.api.urls")),
    path("", include("marketplace.api.urls")),
]
