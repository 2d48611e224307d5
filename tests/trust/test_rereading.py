"""Better detectors: nobody loses what they have, nobody's yes grows by it, everybody concerned is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command

from installs.models import Consent
from installs.selectors.consent import allowed_versions
from installs.selectors.libraries import offer_of
from installs.services.consent import consent_decide, reread_tell
from installs.services.grants import download_grant
from installs.services.libraries import library_of
from marketplace.core.errors import NotAllowed
from marketplace.models import AuditEntry, Notice
from registry.domain.capabilities import DETECTORS
from registry.models import CapabilityContainment, Package, SearchDocument, Version
from registry.services.capabilities import containment_write
from registry.services.rereading import catalogue_reread, stale_versions
from tests.trust.pairs import HOOKS, SCRIPT, hook
from tests.trust.world import add, person, publish, publisher_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.domain.viewer import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]
ACTS = {**SCRIPT, HOOKS: hook()}
BOB = "bob@example.com"


class World:
    """Bob agreed to 1.0.0 when detectors did not see its hook."""

    def __init__(self, files: dict[str, Any], like: dict[str, Any] = SCRIPT) -> None:
        self.ann, self.bob = person("ann"), person("bob")
        self.acme = publisher_of(self.ann)
        self.first = self.unseen(publish(self.acme, self.ann, "tide", "1.0.0", files=files), like)
        add(self.bob, self.package)

    @property
    def package(self) -> Package:
        return Package.objects.select_related("latest", "publisher").get(name="tide")

    def unseen(self, version: Version, like: dict[str, Any] = SCRIPT) -> Version:
        """As if older detectors had read the version, who took it for one with other files."""
        other = publish(self.acme, self.ann, f"other-{len(like)}", "1.0.0", files=like)
        names = ("capabilities", "capability_digest", "strip", "autonomy", "is_quiet")
        Version.objects.filter(pk=version.pk).update(
            **{name: getattr(other, name) for name in names}, detectors="older"
        )
        CapabilityContainment.objects.filter(package=self.package).delete()
        version = Version.objects.get(pk=version.pk)
        containment_write(package=self.package, version=version)
        return version


def has(viewer: Viewer, version: Version) -> bool:
    fresh = Version.objects.select_related("package__publisher").get(pk=version.pk)
    try:
        download_grant(viewer, fresh)
    except NotAllowed:
        return False
    return True


def offered(world: World) -> tuple[str, bool]:
    offer = offer_of(library_of(by=world.bob), world.bob, world.package)
    assert offer is not None
    return (offer.version.number if offer.version else "", offer.asks)


@pytest.fixture
def world() -> World:
    return World(ACTS)


def test_a_set_that_grew_by_better_detection_takes_nothing_away_and_is_told_once(
    world: World, run_jobs: Callable[[], int]
) -> None:
    before = world.first.capability_digest
    assert catalogue_reread() == 1
    run_jobs()
    now = Version.objects.get(pk=world.first.pk)
    assert (now.capability_digest != before, now.autonomy, now.is_settled) == (True, "unasked", True)
    assert [reading.digest for reading in now.readings.all()] == [before]
    assert has(world.bob, now)
    assert offered(world) == ("1.0.0", False)
    assert allowed_versions(world.bob, world.package).keys == frozenset({now.pk})
    assert "hooks" in SearchDocument.objects.get(package=world.package).uses
    assert list(AuditEntry.objects.filter(action="registry:version:reread").values_list("subject_name", flat=True)) == [
        "@acme/tide@1.0.0"
    ]
    notice = Notice.objects.get(user__email=BOB)
    assert "We see more in @acme/tide 1.0.0" in notice.title
    assert reread_tell(now.pk, before) == 0
    assert catalogue_reread() == 0


def test_a_newer_version_that_does_it_too_is_asked_for_until_somebody_says_yes(
    world: World, run_jobs: Callable[[], int]
) -> None:
    catalogue_reread()
    run_jobs()
    newer = publish(world.acme, world.ann, "tide", "1.1.0", files={**ACTS, "notes.md": "More.\n"})
    run_jobs()
    assert offered(world) == ("1.0.0", True)
    assert (has(world.bob, world.first), has(world.bob, newer)) == (True, False)
    install = library_of(by=world.bob).installs.get()
    consent_decide(install=install, version=newer, act=Consent.Act.ACCEPT, by=world.bob)
    assert offered(world) == ("1.1.0", False)
    assert has(world.bob, newer)


def test_a_set_that_shrank_asks_nobody(run_jobs: Callable[[], int]) -> None:
    world = World(ACTS, like={**ACTS, "bin/tide": "#!/bin/sh\n"})
    catalogue_reread()
    run_jobs()
    assert (offered(world), has(world.bob, world.first)) == (("1.0.0", False), True)
    assert world.first.readings.count() == 1
    assert Notice.objects.filter(user__email=BOB).count() == 0


def test_the_same_set_is_only_stamped_and_one_in_its_cooldown_is_left_alone(run_jobs: Callable[[], int]) -> None:
    world = World(SCRIPT)
    Version.objects.update(detectors="older")
    waiting = Version.objects.exclude(pk=world.first.pk).get()
    Version.objects.filter(pk=waiting.pk).update(is_settled=False, settles_at=waiting.published_at)
    assert catalogue_reread() == 1
    run_jobs()
    assert list(stale_versions()) == []
    assert Version.objects.get(pk=waiting.pk).detectors == "older"
    assert world.first.readings.count() == 0
    assert AuditEntry.objects.filter(action="registry:version:reread").count() == 0


def test_nothing_is_read_while_new_versions_wait(world: World) -> None:
    Version.objects.filter(pk=world.first.pk).update(state="received")
    assert catalogue_reread() == 0


def test_the_command_reads_everything_at_once(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("capabilities_reread")
    assert capsys.readouterr().out == "1 versions read, 1 can do something else than was known\n"
    assert Version.objects.get(pk=world.first.pk).autonomy == "unasked"
    call_command("capabilities_reread")
    assert capsys.readouterr().out.startswith("0 versions read")


def test_what_is_published_is_stamped_with_its_detectors(world: World) -> None:
    assert set(Version.objects.exclude(pk=world.first.pk).values_list("detectors", flat=True)) == {DETECTORS}
