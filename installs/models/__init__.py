"""The tables of installs."""

from __future__ import annotations

from installs.models.catalogue import CatalogueEntry, SiteDocument
from installs.models.consent import Consent
from installs.models.document import Document
from installs.models.download import Download, DownloadDay
from installs.models.library import Install, Library, PersonalAddress
from installs.models.sign_in import ClientRequest, ClientSettings
from installs.models.withdrawal import Withdrawal

__all__ = [
    "CatalogueEntry",
    "ClientRequest",
    "ClientSettings",
    "Consent",
    "Document",
    "Download",
    "DownloadDay",
    "Install",
    "Library",
    "PersonalAddress",
    "SiteDocument",
    "Withdrawal",
]
