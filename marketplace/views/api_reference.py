"""The API's reference, written from our own OpenAPI document on the server: no script, no other host."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from marketplace.domain.openapi import Topic, reference

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@cache
def topics() -> list[Topic]:
    """The document does not change while the process runs."""
    generator: Any = SchemaGenerator
    document = generator().get_schema(request=None, public=True)
    return reference(document, prefix=settings.SPECTACULAR_SETTINGS["SCHEMA_PATH_PREFIX"])


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters, body and answers."""
    return render(request, "marketplace/api_docs.html", {"topics": topics(), "section": "api"})
