"""The reviews app."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Wires reviews into Django."""

    name = "reviews"
    verbose_name = "Reviews"
