"""Addresses of the channels."""

from __future__ import annotations

from installs.channels.git.routes import patterns as git

urlpatterns = [*git]
