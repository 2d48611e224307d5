"""Every public address; apps bring their own lists."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("config.api_urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("", include("marketplace.urls")),
    path("", include("registry.urls")),
    path("", include("payments.urls")),
    path("", include("installs.urls")),
    path("", include("reviews.urls")),
    path("", include("marketplace.storefront.urls")),
]
handler400 = "marketplace.views.errors.bad_request"
handler403 = "marketplace.views.errors.forbidden"
handler404 = "marketplace.views.errors.not_found"
handler500 = "marketplace.views.errors.server_error"
