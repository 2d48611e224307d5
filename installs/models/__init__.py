"""The tables of installs."""

from __future__ import annotations

from installs.models.catalogue import CatalogueEntry, SiteDocument
from installs.models.consent import Consent
from installs.models.document import Document
from installs.models.download import Download, DownloadDay
from installs.models.library import Install, Library, PersonalAddress
from installs.models.sign_in import ClientRequest, ClientSettings
from installs.models.usage import Holding, UsageDay, UsageFact, UsagePosition
from installs.models.withdrawal import Withdrawal

__all__ = [
    "CatalogueEntry",
    "ClientRequest",
    "ClientSettings",
    "Consent",
    "Document",
    "Download",
    "DownloadDay",
    "Holding",
    "Install",
    "Library",
    "PersonalAddress",
    "SiteDocument",
    "UsageDay",
    "UsageFact",
    "UsagePosition",
    "Withdrawal",
]
