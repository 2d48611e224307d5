"""Addresses of skills discovery."""

from __future__ import annotations

from django.urls import path, re_path

from installs.channels.skills.views import find, package_index, personal_artifact, personal_index, publisher_index

SKILL = r"[a-z0-9-]{1,64}"
INDEX = r"\.well-known/(?P<form>agent-skills|skills)/index\.json$"
FILES = rf"\.well-known/(?P<form>skills)/(?P<skill>{SKILL})/(?P<path>.+)$"
PUBLISHER = r"@(?P<name>[a-z0-9-]{1,39})"
PACKAGE = rf"@(?P<publisher>[a-z0-9-]{{1,39}})/(?P<name>[a-z0-9._-]{{1,64}}?)(?:@(?P<only>{SKILL}))?"
PERSONAL = r"s/(?P<key>[A-Za-z0-9_-]{1,64})"
FILE = (
    r"@(?P<publisher>[a-z0-9-]{1,39})/(?P<name>[a-z0-9._-]{1,64})/(?P<number>[0-9A-Za-z.+-]{1,128})"
    r"/(?P<sha256>[0-9a-f]{64})/(?P<file>[^/]{1,160})$"
)

patterns = [
    *(
        re_path(rf"^{place}/{what}", view, name=f"skills-{name}{suffix}")
        for name, place, view in (
            ("publisher", PUBLISHER, publisher_index),
            ("package", PACKAGE, package_index),
            ("personal", PERSONAL, personal_index),
        )
        for suffix, what in (("", INDEX), ("-file", FILES))
    ),
    re_path(rf"^{PERSONAL}/{FILE}", personal_artifact, name="skills-artifact"),
    path("api/search", find, name="skills-find"),
]
