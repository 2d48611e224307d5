"""Installs in the administration; keys of personal addresses are never shown."""

from __future__ import annotations

from installs.models import Consent, Document, Download, Install, Library, PersonalAddress
from marketplace.core.admin import records, rest

records(Library, "public_id user organization revision updated_at", search="user__email organization__slug public_id")
records(Install, "package library pinned created_at", search="package__full_name library__user__email")
records(PersonalAddress, "public_id library created_at claimed_at revoked_at last_used_at", search="public_id")
records(Consent, "install version act by at", search="install__package__full_name by__email", filters="act")
records(Document, "package form base etag modified_at", search="package__full_name", filters="form")
records(
    Download,
    "at package_id version_id channel client is_bot",
    search="=package_id =version_id",
    filters="channel is_bot",
)
rest("installs")
