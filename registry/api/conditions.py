"""`If-Match`: a change applies to the revision that its caller has read, or not at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from marketplace.core.errors import Invalid

if TYPE_CHECKING:
    from rest_framework.request import Request

    from registry.models import Package

ETAG = re.compile(r'"(\d{1,18})"')


def revision_of(request: Request) -> int | None:
    """The revision that the request names; None without the header or for `*`. Raises Invalid MP9004."""
    said = request.headers.get("If-Match", "").strip()
    if said in {"", "*"}:
        return None
    match = ETAG.fullmatch(said)
    if match is None:
        raise Invalid("MP9004", {"reason": "If-Match must hold one revision in quotes, as the ETag has it"})
    return int(match[1])


def etag_of(package: Package) -> dict[str, str]:
    """The header that names the package's present revision."""
    package.refresh_from_db(fields=["revision"])
    return {"ETag": f'"{package.revision}"'}
