"""The REST API and its document."""

from __future__ import annotations

from typing import Any

from config.env import env

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "marketplace.api.authentication.TokenAuthentication",
        "marketplace.api.authentication.CsrfSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["marketplace.core.parsers.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["marketplace.api.throttling.ReadThrottle", "marketplace.api.throttling.WriteThrottle"],
    "DEFAULT_THROTTLE_RATES": {"read": "1200/min", "write": "120/min"},
    "EXCEPTION_HANDLER": "marketplace.api.errors.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": f"{env.site_name} API",
    "DESCRIPTION": "Find, publish and install agent packages.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "VersionStateEnum": "registry.domain.states.State",
        "OrderStateEnum": "payments.models.Order.State",
        "LicenceStateEnum": "payments.domain.licences.LicenceState",
        "ProofMethodEnum": "registry.domain.proofs.Method",
        "CollectionVisibilityEnum": "registry.models.Collection.Visibility",
        "PictureKindEnum": "registry.models.Picture.Kind",
        "PackageVisibilityEnum": "registry.api.serializers.VISIBILITIES",
        "CollectionStateEnum": "registry.models.collection.STATES",
        "DisputeStateEnum": "payments.models.Dispute.State",
    },
    "SCHEMA_PATH_PREFIX": "/api/v1",
}
