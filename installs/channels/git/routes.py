"""Addresses of the git channel."""

from __future__ import annotations

from django.urls import re_path

from installs.channels.git.views import (
    collection_repository,
    package_repository,
    personal_repository,
    publisher_repository,
)

SERVICE = r"(?P<service>info/refs|git-upload-pack|git-receive-pack|HEAD|objects/.*)$"

patterns = [
    re_path(rf"^git/i/(?P<key>[A-Za-z0-9_-]{{1,64}})\.git/{SERVICE}", personal_repository, name="git-personal"),
    re_path(
        rf"^git/collections/(?P<slug>[a-z0-9-]{{1,64}})\.git/{SERVICE}", collection_repository, name="git-collection"
    ),
    re_path(rf"^git/(?P<name>[a-z0-9-]{{1,39}})\.git/{SERVICE}", publisher_repository, name="git-publisher"),
    re_path(
        rf"^git/(?P<publisher>[a-z0-9-]{{1,39}})/(?P<name>[a-z0-9._-]{{1,64}}?)\.git/{SERVICE}",
        package_repository,
        name="git-package",
    ),
]
