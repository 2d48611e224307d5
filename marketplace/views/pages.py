"""Pages without data of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to install and publish."""
    return render(request, "marketplace/help.html", {"section": "help"})


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    return render(request, "marketplace/styleguide.html")


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """The API's reference."""
    return render(request, "marketplace/api_docs.html", {"section": "api"})
