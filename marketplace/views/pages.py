"""Pages without data of their own."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@cache
def icon_names() -> list[str]:
    """The icons of the sprite, in its order."""
    sprite = settings.BASE_DIR / "static" / "icons.svg"
    return re.findall(r'<symbol id="([a-z_]+)"', sprite.read_text(encoding="utf-8"))


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    return render(request, "marketplace/styleguide.html", {"icons": icon_names()})
