"""What every template knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251  (a context processor is given one)


def site(request: HttpRequest) -> dict[str, Any]:
    """Name and address of this instance, and who looks."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.BASE_URL,
        "signup_open": settings.SIGNUP_OPEN,
        "demo": settings.DEMO,
        "sells": settings.PAYMENTS != "off",
        "payments_sandbox": settings.PAYMENTS_SANDBOX,
        "has_social_sign_in": bool(settings.SOCIALACCOUNT_PROVIDERS),
        "viewer": getattr(request, "viewer", None),
    }
