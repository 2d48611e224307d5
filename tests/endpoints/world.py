"""The site that the table is asked of: organization `acme` with a public and a private package, and four people.

The member is an ordinary member of `acme`; the outsider has a publisher of their own, `rival`.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from PIL import Image

from installs.services.catalogue import catalogue_rebuild
from marketplace.core import tenancy
from marketplace.models import Token, User
from marketplace.services.tokens import token_create
from registry.domain.content import Content, File
from registry.domain.formats import detect
from registry.domain.pictures import Kind
from registry.models import Package, VersionArtifact
from registry.services.collections import Facts, collection_create, entry_put
from registry.services.imports import import_from_content
from registry.services.pictures import picture_add
from registry.services.publishers import publisher_create
from registry.services.publishing import Release, version_receive
from registry.services.scanning import version_scan
from reviews.services.cases import case_open
from reviews.services.comments import comment_write
from tests.marketplace.people import browser, organization, person, viewer
from tests.reviews.world import reviewed

if TYPE_CHECKING:
    from django.test import Client

    from registry.models import Publisher

SKILL = "---\nname: {name}\ndescription: Reads a plan before it runs.\n---\n\nRead the plan first.\n"


@dataclass(frozen=True)
class World:
    """Browsers by person, the words that paths may name, and the token that each person's npm sends."""

    browsers: dict[str, Client]
    words: dict[str, str]
    secrets: dict[str, str]


def content(name: str, more: str = "") -> Content:
    """A skill."""
    texts = {"SKILL.md": SKILL.format(name=name), "README.md": f"# Read me {more}\n"}
    return Content({path: File(text.encode()) for path, text in texts.items()})


def release(publisher: Publisher, by: User, name: str, number: str, *, is_private: bool) -> None:
    """Publish a version of a package."""
    entry = detect(content(name, number)).entries[0]
    wanted = Release(number=number, name=name, is_private=is_private)
    received = version_receive(publisher=publisher, entry=entry, release=wanted, by=viewer(by))
    version_scan(received.version.pk)


def world() -> World:
    """Make it."""
    owner, member = person("olive"), person("mia")
    outsider, moderator = person("otto"), person("mona", is_moderator=True, is_staff=True)
    acme = organization(owner, "acme", member=member)
    with tenancy.bound(tenancy.SYSTEM):
        publisher = publisher_create(name="acme", by=viewer(owner), organization=acme)
        publisher_create(name="rival", by=viewer(outsider))
        release(publisher, owner, "reader", "1.0.0", is_private=False)
        release(publisher, owner, "secret", "1.0.0", is_private=True)
        release(publisher, owner, "secret", "1.1.0", is_private=True)
        catalogue_rebuild()
        job = import_from_content(content=content("draft"), by=viewer(member))
        reader = Package.objects.get(full_name="@acme/reader")
        review = reviewed(reader, "rita", 4)
        rita = User.objects.get(email="rita@example.com")
        comment = comment_write(package=reader, text="Does it read plans of every database?", by=viewer(rita))
        case = case_open(subject=reader, source="report", risk=1)
        stored = io.BytesIO()
        Image.new("RGB", (32, 32), "teal").save(stored, "PNG")
        stored.seek(0)
        secret = Package.objects.select_related("publisher").get(full_name="@acme/secret")
        picture = picture_add(package=secret, kind=Kind.ICON, stream=stored, by=viewer(owner))
        own = collection_create(facts=Facts("Plans", visibility="private"), by=viewer(member))
        entry_put(collection=own, package=Package.objects.get(full_name="@acme/secret"), by=viewer(member))
        theirs = Facts("Team", visibility="private")
        team = collection_create(facts=theirs, by=viewer(owner), organization=acme)
        editors = collection_create(facts=Facts("Editors choose"), by=viewer(moderator), is_editorial=True)
        token, _secret = token_create(user=member, name="laptop", scopes=["read"])
        tarball = VersionArtifact.objects.get(version__number="1.1.0", role=VersionArtifact.Role.PLUGIN)
    browsers = {
        "anonymous": browser(),
        "member": browser(member),
        "outsider": browser(outsider),
        "moderator": browser(moderator),
    }
    people = {"member": member, "outsider": outsider, "moderator": moderator}
    with tenancy.bound(tenancy.SYSTEM):
        secrets = {name: token_create(user=user, name="npm", scopes=["manage"])[1] for name, user in people.items()}
        Token.objects.update(last_used_at=timezone.now())
    for client in browsers.values():
        client.raise_request_exception = False
    words = {
        "import": job.public_id,
        "review": review.public_id,
        "comment": comment.public_id,
        "case": case.public_id,
        "picture": picture.artifact.sha256,
        "own": own.slug,
        "team": team.slug,
        "editors": editors.slug,
        "token": token.public_id,
        "olive": owner.public_id,
        "sha256": tarball.artifact.sha256,
    }
    return World(browsers, {name: str(value) for name, value in words.items()}, secrets)
