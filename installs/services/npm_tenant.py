"""What TEST_TENANT opens for a registry test suite: any package, any name, published at once, sign-up by password.

Production settings refuse the switch.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from installs.domain.npm_names import UNSCOPED
from marketplace.core import tenancy
from marketplace.core.errors import Conflict, NotAllowed, NotFound
from marketplace.models import User
from marketplace.services.tokens import token_create
from registry.domain.formats import Entry
from registry.domain.manifest import Manifest
from registry.models import Publisher, VersionArtifact
from registry.services.artifacts import artifact_store_stream
from registry.services.derive import TGZ
from registry.services.publishing import Release, version_receive
from registry.services.release import version_release
from registry.services.scanning import scan_begin

if TYPE_CHECKING:
    from installs.domain.npm_body import Publication
    from marketplace.domain.viewer import Viewer
    from registry.domain.content import Content
    from registry.domain.names import FullName
    from registry.models import Artifact, Version

USER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
HOST = "tenant.invalid"


def ensure_tenant() -> None:
    """Raise NotFound MP9001 unless TEST_TENANT is on."""
    if not settings.TEST_TENANT:
        raise NotFound("MP9001")


@transaction.atomic
def tenant_publish(*, name: FullName, sent: Publication, content: Content, by: Viewer) -> Version:
    """Publish whatever the tarball holds, now; raises NotFound MP9001, Conflict MP3012, MP3026, NotAllowed MP3015."""
    ensure_tenant()
    source = artifact_store_stream(io.BytesIO(sent.tarball), media_type=TGZ, limit=settings.UPLOAD_MAX_BYTES)
    publisher, _ = Publisher.objects.get_or_create(name=name.publisher, defaults={"user_id": by.user_id})
    release = Release(
        number=sent.number,
        tag=sent.tag,
        is_private=sent.is_private and name.publisher != UNSCOPED,
        name=name.package,
        npm_manifest=sent.manifest,
        exact=True,
    )
    entry = _entry(name, sent.manifest, content)
    anybody = replace(by, is_system=True)
    received = version_receive(publisher=publisher, entry=entry, release=release, by=anybody, source=source)
    return _accept(received.version, source)


def _entry(name: FullName, manifest: dict[str, Any], content: Content) -> Entry:
    """The tarball as a plugin without parts."""
    words = tuple(word for word in manifest.get("keywords") or () if isinstance(word, str))
    about, licence = (str(manifest.get(key) or "") for key in ("description", "license"))
    told = Manifest(kind="plugin", format="npm", name=name.package, keywords=words, description=about, license=licence)
    return Entry(kind="plugin", format="npm", name=name.package, version=None, manifest=told, content=content)


def _accept(version: Version, source: Artifact) -> Version:
    """Through the states that every version goes through, without its checks."""
    scan_begin(version.pk)
    file_name = f"{version.package.name}-{version.number}.tgz"
    VersionArtifact.objects.create(version=version, role=VersionArtifact.Role.NPM, name=file_name, artifact=source)
    return version_release(version=version)


@transaction.atomic
def tenant_sign_in(*, name: str, password: str, knows_password: bool) -> str:
    """A token for the user `name`, who is made when there is none.

    An existing user must come with `knows_password` (the client sent both as Basic). Raises NotFound MP9001, Conflict
    MP4101 for one who exists, NotAllowed MP5027 for a wrong password or a name that nobody can have.
    """
    ensure_tenant()
    if not USER_NAME.fullmatch(name) or not password:
        raise NotAllowed("MP5027")
    with tenancy.bound(tenancy.SYSTEM):
        user = User.objects.filter(email=tenant_email(name)).first()
        if user is None:
            user = User.objects.create_user(tenant_email(name), password, display_name=name)
        elif not knows_password:
            raise Conflict("MP4101", {"name": name})
        elif not user.check_password(password):
            raise NotAllowed("MP5027")
        _, secret = token_create(user=user, name="npm login", scopes=["manage"])
    return secret


def tenant_email(name: str) -> str:
    """The address that stands for a user of the test tenant; it leads nowhere."""
    return f"{name.lower()}@{HOST}"
