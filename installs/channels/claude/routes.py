"""Addresses of the archive channel."""

from __future__ import annotations

from django.urls import path, re_path

from installs.channels.claude.views import catalogue, collection, personal, publisher

patterns = [
    path("claude/marketplace.json", catalogue, name="claude-catalogue"),
    path("claude/collections/<slug:slug>/marketplace.json", collection, name="claude-collection"),
    re_path(r"^claude/i/(?P<key>[A-Za-z0-9_-]{1,64})/marketplace\.json$", personal, name="claude-personal"),
    re_path(r"^claude/(?P<name>[a-z0-9-]{1,39})/marketplace\.json$", publisher, name="claude-publisher"),
]
