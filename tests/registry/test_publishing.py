from __future__ import annotations

import hashlib
from typing import Any

import pytest

from marketplace.core.errors import Conflict, Invalid, MarketplaceError, NotAllowed
from marketplace.domain.viewer import Scope, Viewer
from registry.domain.archives import Limits
from registry.domain.content import Content, File
from registry.domain.packing import pack_zip
from registry.models import Package, Version
from registry.services.publishing import Release, version_receive
from tests.registry.packages import AGENT, MANIFEST, PLUGIN, entry
from tests.registry.world import acts, house, listing, person, publish, publisher_of, receive, skill, tags

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]


def plugin(version: str | None, command: str = "x") -> Any:
    facts = {key: value for key, value in PLUGIN.items() if key != "version"}
    return entry({MANIFEST: facts | ({"version": version} if version else {}), "commands/x.md": command})


def refused(kind: type[MarketplaceError], **what: Any) -> str:
    versions = Version.objects.count(), Package.objects.count()
    with pytest.raises(kind) as error:
        receive(**what)
    assert (Version.objects.count(), Package.objects.count()) == versions
    return error.value.code


def test_first_version_makes_the_package_and_waits_for_its_checks() -> None:
    ann = person("ann")
    received = receive(publisher_of(ann), ann)
    version = received.version
    assert (received.created, version.state, version.number, version.digest) == (
        True,
        "received",
        "1.0.0",
        skill().content.digest,
    )
    package = listing("@acme/reviewer")
    assert (package.kind, package.latest, package.is_private) == ("skill", None, False)
    assert [row.user_id for row in package.maintainers.all()] == [ann.pk]
    assert acts("@acme/reviewer") == ["package:create", "version:receive"]


def test_stored_bytes_are_the_deterministic_zip_of_the_content() -> None:
    ann = person("ann")
    version = receive(publisher_of(ann), ann).version
    assert version.source.sha256 == hashlib.sha256(pack_zip(skill().content)).hexdigest()
    assert version.source.state == "ready"


def test_published_version_is_latest_and_listed() -> None:
    ann = person("ann")
    publish(publisher_of(ann), ann)
    package = listing("@acme/reviewer")
    assert package.latest is not None
    assert (package.latest.number, package.summary) == ("1.0.0", "Reviews SQL. Use it before a migration.")
    assert tags("@acme/reviewer") == {"latest": "1.0.0"}
    assert acts("@acme/reviewer") == ["package:create", "version:receive", "version:publish"]


def test_same_content_again_is_unchanged() -> None:
    ann = person("ann")
    acme = publisher_of(ann)
    first = publish(acme, ann)
    again = receive(acme, ann)
    assert (again.created, again.version.pk) == (False, first.pk)
    assert acts("@acme/reviewer") == ["package:create", "version:receive", "version:publish"]


def test_content_without_a_number_gets_the_next_patch_with_a_finding() -> None:
    ann = person("ann")
    acme = publisher_of(ann)
    assert [publish(acme, ann, skill(body=text)).number for text in ("a", "b", "c")] == ["1.0.0", "1.0.1", "1.0.2"]
    version = receive(acme, ann, skill(body="d")).version
    assert [(f.code, f.severity, f.params) for f in version.findings.filter(code="MP3032")] == [
        ("MP3032", "info", {"number": "1.0.3"})
    ]


def test_number_in_the_files_is_used_and_wins_over_the_next_patch() -> None:
    ann = person("ann")
    acme = publisher_of(ann)
    assert publish(acme, ann, plugin("2.0")).number == "2.0.0"
    assert publish(acme, ann, plugin("soon", "y")).number == "2.0.1"
    assert publish(acme, ann, plugin("3.0.0-rc.1", "z")).number == "3.0.0-rc.1"
    assert publish(acme, ann, plugin(None, "w")).number == "3.0.0"


def test_number_that_is_taken_by_other_content_is_a_conflict_with_its_digest() -> None:
    ann = person("ann")
    acme = publisher_of(ann)
    first = publish(acme, ann, plugin("1.0.0"))
    with pytest.raises(Conflict) as error:
        receive(acme, ann, plugin("1.0.0", "other"))
    assert (error.value.code, error.value.params["digest"]) == ("MP3012", first.digest)


def test_number_that_differs_in_build_metadata_only_is_taken() -> None:
    ann = person("ann")
    acme = publisher_of(ann)
    publish(acme, ann, skill(body="a"), number="1.0.0+linux")
    assert refused(Conflict, publisher=acme, by=ann, entry=skill(body="b"), number="1.0.0+mac") == "MP3012"


def test_exact_publication_is_never_renumbered_nor_unchanged() -> None:
    ann = person("ann")
    acme = publisher_of(ann)
    publish(acme, ann, number="1.0.0", exact=True)
    assert refused(Conflict, publisher=acme, by=ann, number="1.0.0", exact=True) == "MP3012"
    assert refused(Invalid, publisher=acme, by=ann, entry=skill(body="x"), exact=True) == "MP1601"


@pytest.mark.parametrize("number", ["1.0", "v1.0.0", "latest", ""])
def test_number_of_the_request_must_be_a_version(number: str) -> None:
    ann = person("ann")
    acme = publisher_of(ann)
    if number:
        assert refused(Invalid, publisher=acme, by=ann, number=number) == "MP1601"
    else:
        assert receive(acme, ann, number=number).version.number == "1.0.0"


def test_package_keeps_its_kind() -> None:
    ann = person("ann")
    acme = publisher_of(ann)
    publish(acme, ann)
    agent = entry({"agents/reviewer.md": AGENT.replace("tester", "reviewer")})
    assert refused(Conflict, publisher=acme, by=ann, entry=agent) == "MP3013"


def test_errors_in_the_files_stop_it() -> None:
    ann = person("ann")
    broken = entry({MANIFEST: PLUGIN, "hooks/hooks.json": "[]"})
    assert refused(Invalid, publisher=publisher_of(ann), by=ann, entry=broken) == "MP3033"


def test_visibility_of_the_request_must_be_that_of_the_package() -> None:
    ann = person("ann")
    acme = publisher_of(ann)
    publish(acme, ann, is_private=True)
    assert refused(Conflict, publisher=acme, by=ann, entry=skill(body="x"), is_private=False) == "MP3027"
    assert receive(acme, ann, skill(body="x")).version.is_private
    assert receive(acme, ann, skill(body="y"), is_private=False, keeps_visibility=True).version.is_private


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({f"{n}.md": File(b"") for n in range(Limits().files + 1)}, "MP1103"),
        ({"a.bin": File(bytes(Limits().file + 1))}, "MP1104"),
        ({f"{n}.bin": File(bytes(Limits().file)) for n in range(3)}, "MP1102"),
    ],
    ids=["files", "file", "all"],
)
def test_content_from_anywhere_has_the_limits_of_an_archive(files: dict[str, File], code: str) -> None:
    ann = person("ann")
    one = skill()
    large = type(one)(
        one.kind, one.format, one.name, None, one.manifest, Content({**files, **dict(one.content.items())})
    )
    assert refused(Invalid, publisher=publisher_of(ann), by=ann, entry=large) == code


def test_only_owners_maintainers_and_those_with_the_role_publish() -> None:
    ann, bob, cat, dan = person("ann"), person("bob"), person("cat"), person("dan")
    acme, shared = publisher_of(ann), house(cat, member=dan)
    publish(acme, ann)
    publish(shared, cat)
    for who, where in ((bob, acme), (dan, shared), (ann, shared)):
        for one in (skill(body="new"), skill("another")):
            assert refused(NotAllowed, publisher=where, by=who, entry=one) == "MP3010"
    listing("@acme/reviewer").maintainers.create(user=bob)
    assert receive(acme, bob, skill(body="new")).created
    assert refused(NotAllowed, publisher=acme, by=bob, entry=skill("another")) == "MP3010"


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (Viewer(), "MP3010"),
        (Viewer(user_id=1, scopes=frozenset({Scope.READ})), "MP3015"),
        (Viewer(user_id=1, scopes=frozenset({Scope.PUBLISH}), packages=frozenset({"@acme/other"})), "MP3014"),
    ],
)
def test_token_reaches_as_far_as_it_says(by: Viewer, code: str) -> None:
    ann = person("ann")
    with pytest.raises(NotAllowed) as error:
        version_receive(publisher=publisher_of(ann), entry=skill(), release=Release(), by=by)
    assert (error.value.code, Version.objects.count()) == (code, 0)


def test_tag_of_the_publication_is_pointed_and_latest_only_rises() -> None:
    ann = person("ann")
    acme = publisher_of(ann)
    publish(acme, ann, skill(body="a"), number="2.0.0")
    publish(acme, ann, skill(body="b"), number="1.5.0")
    publish(acme, ann, skill(body="c"), number="3.0.0-rc.1", tag="next")
    assert tags("@acme/reviewer") == {"latest": "2.0.0", "next": "3.0.0-rc.1"}
    publish(acme, ann, skill(body="d"), number="3.0.0-rc.2")
    assert tags("@acme/reviewer")["latest"] == "2.0.0"
