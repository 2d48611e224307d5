"""The WSGI application; what everybody is given is given before Django is asked."""

from __future__ import annotations

import os

from marketplace.core.wsgi import application_of

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

site = application_of()

from installs.channels.documents.front import Front  # noqa: E402  (its models need Django set up)
from installs.services.spool import spool  # noqa: E402  (likewise)

spool.start()
application = Front(site)
