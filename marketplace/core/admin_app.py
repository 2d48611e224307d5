"""Makes the administration's site ours."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    """Django's admin with our site."""

    default_site = "marketplace.core.admin.StaffSite"
