"""An import at once, without a page: for the command line and the demo data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marketplace.core.codes import sentence
from marketplace.core.errors import MarketplaceError
from registry.services.import_source import source
from registry.services.publishing import Release, version_receive
from registry.services.scanning import version_scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.domain.viewer import Viewer
    from registry.domain.formats import Entry
    from registry.models import Publisher


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """What became of one entry: `published`, `unchanged`, or `skipped` with a code and its sentence."""

    name: str
    kind: str
    number: str
    result: str
    state: str = ""
    code: str = ""
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The fields that say something."""
        fields = {key: getattr(self, key) for key in self.__slots__}
        return {key: value for key, value in fields.items() if value}


def import_run(*, address: str, publisher: Publisher, by: Viewer) -> Iterator[EntryOutcome]:
    """Publish everything in a repository or folder, scans included; repeating it changes nothing.

    Raises SourceRefused, ArchiveRefused, Invalid when nothing can be read.
    """
    with source(address) as found:
        for entry, number in found.entries:
            yield _publish(entry, number, publisher, by)


def _publish(entry: Entry, number: str | None, publisher: Publisher, by: Viewer) -> EntryOutcome:
    error = next((finding for finding in entry.findings if finding.severity == "error"), None)
    if error is not None:
        reason = sentence(error.code, error.params)
        return EntryOutcome(entry.name, entry.kind, entry.version or "", "skipped", code=error.code, reason=reason)
    try:
        received = version_receive(publisher=publisher, entry=entry, release=Release(number=number), by=by)
    except MarketplaceError as refused:
        reason = str(refused)
        return EntryOutcome(entry.name, entry.kind, number or "", "skipped", code=refused.code, reason=reason)
    if received.created:
        version_scan(received.version.pk)
    received.version.refresh_from_db(fields=["state"])
    result = "published" if received.created else "unchanged"
    return EntryOutcome(entry.name, entry.kind, received.version.number, result, state=received.version.state)
