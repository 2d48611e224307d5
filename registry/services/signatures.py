"""What somebody needs to check a version's signature without trusting this site's answer to it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from marketplace.core.errors import NotFound
from registry.models import VersionArtifact
from registry.services.signing import integrity, public_key, verify

if TYPE_CHECKING:
    from registry.models import Version


@dataclass(frozen=True, slots=True)
class Signed:
    """A version's signature with everything that it is over; `expires` is when its key was retired, else None."""

    name: str
    version: str
    file: str
    sha256: str
    integrity: str
    message: str
    signature: str
    keyid: str
    key: str
    expires: str | None
    is_valid: bool

    def as_json(self) -> dict[str, Any]:
        """The shape of the API."""
        return asdict(self)


def signed_get(version: Version) -> Signed:
    """The signature of a version that was published; raises NotFound MP3003 for one without."""
    rows = version.artifacts.filter(role=VersionArtifact.Role.NPM).select_related("artifact")
    tarball = rows.first()
    if not version.signature or tarball is None:
        raise NotFound("MP3003")
    name, sha512 = version.package.full_name, tarball.artifact.sha512
    key = public_key(version.signature_key)
    return Signed(
        name=name,
        version=version.number,
        file=tarball.name,
        sha256=tarball.artifact.sha256,
        integrity=integrity(sha512),
        message=f"{name}@{version.number}:{integrity(sha512)}",
        signature=version.signature,
        keyid=version.signature_key,
        key=key.public if key else "",
        expires=key.expires if key else None,
        is_valid=verify(version.signature, name, version.number, sha512, keyid=version.signature_key),
    )
