"""The WSGI application; reads chunked bodies where the server marks the end of input."""

from __future__ import annotations

import os

from marketplace.core.wsgi import application_of

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

application = application_of()
