"""Sixty updates through the services: held, flowing, waiting; and what is said, once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from installs.domain.npm import Form
from installs.models import Consent
from installs.selectors.consent import allowed_versions
from installs.selectors.libraries import offer_of
from installs.services.consent import consent_ask, consent_decide
from installs.services.documents import packument_render
from installs.services.grants import download_grant
from installs.services.libraries import library_of
from marketplace.core.errors import MarketplaceError, NotAllowed
from marketplace.domain.viewer import ANONYMOUS
from marketplace.models import Notice
from registry.models import Advisory, Package, Version
from registry.services.capabilities import versions_settle
from registry.services.lifecycle import version_yank
from tests.trust.pairs import HIGH, LOW, WIDENINGS, Pair
from tests.trust.world import add, person, publish, publisher_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from installs.selectors.libraries import Offer
    from marketplace.domain.viewer import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]


class World:
    """Ann publishes, Bob has chosen, Cat has not."""

    def __init__(self) -> None:
        self.ann, self.bob, self.cat = person("ann"), person("bob"), person("cat")
        self.acme = publisher_of(self.ann)

    def update(self, at: int, pair: Pair) -> Version:
        """Publish both versions of a pair; Bob chooses between them. Returns the second."""
        name = f"pair-{at}"
        first = publish(self.acme, self.ann, name, "1.0.0", files=pair.before, facts=pair.facts_before)
        add(self.bob, first.package)
        return publish(self.acme, self.ann, name, "1.1.0", files=pair.after, facts=pair.facts_after)

    def offer(self, package: Package) -> Offer:
        """What Bob's library offers."""
        found = offer_of(library_of(by=self.bob), self.bob, Package.objects.get(pk=package.pk))
        assert found is not None
        return found


@pytest.fixture
def world() -> World:
    return World()


def refusal(viewer: Viewer, version: Version) -> str:
    try:
        download_grant(viewer, version)
    except MarketplaceError as error:
        return error.code
    return ""


def numbers(viewer: Viewer, package: Package) -> tuple[str, list[str]]:
    """What npm is told as latest, and as having."""
    keys = allowed_versions(viewer, package).keys
    document = packument_render(package, form=Form.ABBREVIATED, base="http://x/npm", keys=keys)
    assert document is not None
    body = json.loads(document.body)
    return body["dist-tags"]["latest"], sorted(body["versions"])


@pytest.mark.long
def test_forty_updates_that_ask_for_more_are_held_for_consent(world: World) -> None:
    assert len(WIDENINGS) == 40
    ensure_held(world, WIDENINGS)


def test_updates_that_ask_for_more_are_held_for_consent(world: World) -> None:
    ensure_held(world, WIDENINGS[::6])


def ensure_held(world: World, pairs: Sequence[Pair]) -> None:
    for at, pair in enumerate(pairs):
        version = world.update(at, pair)
        offer = world.offer(version.package)
        assert (offer.version and offer.version.number, offer.asks) == ("1.0.0", True), pair.name
        assert refusal(world.bob, version) == "MP5007", pair.name
        assert refusal(ANONYMOUS, version) == refusal(world.cat, version) == "MP5006", pair.name
        package = Package.objects.get(pk=version.package_id)
        assert package.shared is not None
        assert package.shared.number == "1.0.0", pair.name
        assert numbers(world.bob, package) == numbers(ANONYMOUS, package) == ("1.0.0", ["1.0.0"]), pair.name
        assert numbers(world.ann, package) == ("1.1.0", ["1.0.0", "1.1.0"]), pair.name


def test_ten_texts_of_packages_of_low_reach_flow_at_once(world: World) -> None:
    assert len(LOW) == 10
    for at, pair in enumerate(LOW):
        version = world.update(at, pair)
        offer = world.offer(version.package)
        assert (offer.version and offer.version.number, offer.newer) == ("1.1.0", None), pair.name
        assert refusal(world.bob, version) == refusal(ANONYMOUS, version) == "", pair.name


@pytest.mark.long
def test_ten_texts_of_packages_that_can_act_wait_for_the_cooldown(world: World) -> None:
    assert len(HIGH) == 10
    for at, pair in enumerate(HIGH):
        version = world.update(at, pair)
        offer = world.offer(version.package)
        assert (offer.version and offer.version.number, offer.asks) == ("1.0.0", False), pair.name
        assert offer.newer is not None, pair.name
        assert refusal(world.bob, version) == "MP5007", pair.name
        assert refusal(ANONYMOUS, version) == "MP5006", pair.name
    Version.objects.filter(is_settled=False).update(settles_at=timezone.now() - timedelta(seconds=1))
    assert versions_settle() == 10
    for version in Version.objects.filter(number="1.1.0").select_related("package__publisher"):
        assert (offer := world.offer(version.package)).version is not None
        assert offer.version.number == "1.1.0"
        assert refusal(world.bob, version) == refusal(ANONYMOUS, version) == ""


def test_after_the_cooldown_shared_addresses_serve_a_wider_version_and_libraries_still_ask(world: World) -> None:
    version = world.update(0, WIDENINGS[0])
    Version.objects.filter(pk=version.pk).update(settles_at=timezone.now() - timedelta(seconds=1))
    versions_settle()
    version.refresh_from_db()
    package = Package.objects.get(pk=version.package_id)
    assert numbers(ANONYMOUS, package)[0] == "1.1.0"
    assert refusal(ANONYMOUS, version) == ""
    assert numbers(world.bob, package)[0] == "1.0.0"
    assert refusal(world.bob, version) == "MP5007"


def decide(world: World, version: Version, act: Consent.Act) -> None:
    consent_decide(install=world.offer(version.package).install, version=version, act=act, by=world.bob)


def test_accepting_gives_the_version_at_once_even_in_its_cooldown(world: World) -> None:
    version = world.update(0, WIDENINGS[0])
    decide(world, version, Consent.Act.ACCEPT)
    offer = world.offer(version.package)
    assert (offer.version, offer.newer) == (version, None)
    assert refusal(world.bob, version) == ""
    assert refusal(world.cat, version) == "MP5006"


def test_skipping_is_not_asked_twice_for_the_same_set(world: World) -> None:
    pair = WIDENINGS[0]
    version = world.update(0, pair)
    assert consent_ask(version.pk) == 1
    assert consent_ask(version.pk) == 0
    decide(world, version, Consent.Act.SKIP)
    again = publish(world.acme, world.ann, "pair-0", "1.2.0", files={**pair.after, "LICENSE": "MIT"})
    assert consent_ask(again.pk) == 0
    offer = world.offer(version.package)
    assert (offer.version and offer.version.number, offer.newer) == ("1.0.0", None)
    more = publish(world.acme, world.ann, "pair-0", "1.3.0", files={**pair.after, "bin/tide": "#!/bin/sh\n"})
    assert consent_ask(more.pk) == 1
    assert world.offer(version.package).asks


def test_staying_keeps_the_version_until_another_is_accepted(world: World) -> None:
    version = world.update(0, WIDENINGS[0])
    decide(world, version, Consent.Act.STAY)
    later = publish(world.acme, world.ann, "pair-0", "1.2.0", files={})
    offer = world.offer(version.package)
    assert (offer.version and offer.version.number, offer.newer) == ("1.0.0", None)
    decide(world, later, Consent.Act.ACCEPT)
    assert (offer := world.offer(version.package)).version == later
    assert offer.install.pinned is None


def test_only_who_owns_the_library_decides(world: World) -> None:
    version = world.update(0, WIDENINGS[0])
    install = world.offer(version.package).install
    for stranger in (world.ann, world.cat, ANONYMOUS):
        with pytest.raises(NotAllowed) as refused:
            consent_decide(install=install, version=version, act=Consent.Act.ACCEPT, by=stranger)
        assert refused.value.code == "MP5030"
    assert refusal(world.bob, version) == "MP5007"


def test_the_notice_names_the_difference_and_comes_once(world: World) -> None:
    version = world.update(0, WIDENINGS[0])
    assert consent_ask(version.pk) == 1
    (notice,) = Notice.objects.filter(user__email="bob@example.com", kind="consent")
    assert notice.title == "@acme/pair-0 1.1.0 asks for more"
    assert notice.path == "/@acme/pair-0/compare/1.0.0...1.1.0"


def test_the_fix_of_a_published_advisory_does_not_wait(world: World) -> None:
    first = publish(world.acme, world.ann, "pair-0", "1.0.0", files={})
    Advisory.objects.create(
        package=first.package, title="Reads too much", severity="high", vulnerable="<1.1.0", fixed_in="1.1.0"
    )
    fix = publish(world.acme, world.ann, "pair-0", "1.1.0", files={"bin/tide": "#!/bin/sh\n"})
    assert fix.is_settled
    assert refusal(ANONYMOUS, fix) == ""


def test_a_yanked_version_falls_back_to_the_newest_agreed_one(world: World) -> None:
    version = world.update(0, WIDENINGS[0])
    decide(world, version, Consent.Act.ACCEPT)
    version_yank(version=version, by=world.ann)
    assert (offer := world.offer(version.package)).version is not None
    assert offer.version.number == "1.0.0"
