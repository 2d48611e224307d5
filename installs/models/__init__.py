"""The tables of installs."""

from __future__ import annotations

from installs.models.document import Document
from installs.models.download import Download, DownloadDay
from installs.models.library import Install, Library, PersonalAddress

__all__ = ["Document", "Download", "DownloadDay", "Install", "Library", "PersonalAddress"]
