"""Before an update is published its publisher is told whom it will ask, and why; consent then asks exactly those."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from installs.models import Library
from installs.selectors import audience
from installs.selectors.consent import uncovered_installs
from installs.services.consent import consent_ask
from installs.services.libraries import address_of, library_add
from marketplace.core import tenancy
from marketplace.domain.viewer import SYSTEM
from marketplace.models import Notice
from marketplace.services.tokens import token_create
from registry.domain.packing import pack_zip
from registry.models import Import, Package
from registry.services.asking import asking_of
from registry.services.preflight import preflight
from tests.marketplace.people import browser, organization, person, viewer
from tests.registry.domain.packages import capabilities_of, plugin
from tests.registry.world import Api, body, refusal
from tests.trust.pairs import HIGH, LOW, WIDENINGS
from tests.trust.world import add, publish, publisher_of

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from registry.services.asking import Asking
    from tests.query_counts import SameQueries
    from tests.trust.pairs import Pair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]


class World:
    """Ann publishes `reviewer`; Bob, a visitor, and an organization whose owner, admin and member read it chose it."""

    def __init__(self, pair: Pair = WIDENINGS[0]) -> None:
        self.pair = pair
        self.ann, self.bob, eve, dan, fay = (person(name) for name in ("ann", "bob", "eve", "dan", "fay"))
        self.acme = publisher_of(viewer(self.ann))
        first = self.publish("1.0.0", pair.before, pair.facts_before)
        self.package_id = first.package_id
        add(viewer(self.bob), first.package)
        address_of(by=viewer(self.bob))
        team = organization(eve, "crew", admin=dan, member=fay)
        for library in (Library.objects.create(), Library.objects.create(organization=team)):
            library_add(library=library, package=first.package, by=SYSTEM)
        token_create(user=fay, name="ci", scopes=["read"], packages=None)

    def publish(self, number: str, files: dict[str, Any], facts: dict[str, Any]) -> Any:
        return publish(self.acme, viewer(self.ann), "reviewer", number, files=files, facts=facts)

    def asking(self, number: str = "1.1.0") -> Asking | None:
        """What the pair's second half would ask."""
        package = Package.objects.select_related("publisher", "latest").get(pk=self.package_id)
        return asking_of(package, capabilities_of(self.pair.after, **self.pair.facts_after), number)

    def archive(self) -> SimpleUploadedFile:
        """The pair's second half, to be sent."""
        facts = {**self.pair.facts_after, "version": "1.1.0"}
        return SimpleUploadedFile("reviewer.zip", pack_zip(plugin(self.pair.after, **facts)))


def test_it_asks_whom_consent_asks_then(settings: Any) -> None:
    settings.COOLDOWN_HOURS = 72
    world = World()
    asking = world.asking()
    assert asking is not None
    told = asking.audience
    assert (told.libraries, told.people, told.token_holders, told.is_bounded) == (3, 3, 1, False)
    assert asking.because
    assert (asking.before.number, asking.waits_hours) == ("1.0.0", 72)
    version = world.publish("1.1.0", world.pair.after, world.pair.facts_after)
    assert uncovered_installs(version).count() == told.libraries
    consent_ask(version.pk)
    assert Notice.objects.filter(kind="consent").count() == told.people


@pytest.mark.parametrize(("pair", "hours"), [(LOW[0], 0), (HIGH[0], 72)])
def test_text_asks_nobody_and_waits_only_where_it_is_code(settings: Any, pair: Pair, hours: int) -> None:
    settings.COOLDOWN_HOURS = 72
    asking = World(pair).asking()
    assert asking is not None
    assert (asking.audience.libraries, asking.because, asking.waits_hours) == (0, (), hours)


def test_what_becomes_nobodys_newest_asks_nobody() -> None:
    world = World()
    assert world.asking("0.9.0") is world.asking("1.1.0-beta.1") is world.asking("no number") is None


def test_no_more_than_a_bound_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audience, "COUNTED", 2)
    asking = World().asking()
    assert asking is not None
    assert (asking.audience.libraries, asking.audience.is_bounded) == (2, True)


def test_draft_page_says_it_before_anything_is_published() -> None:
    world = World()
    own = browser(world.ann)
    draft = own.post("/publish", {"files": [world.archive()], "paths": ""}).headers["Location"]
    page = text(own.get(draft))
    assert "As @acme/reviewer this release will ask 3 people" in page
    assert "because it can do what 1.0.0 cannot" in page
    preview = own.get(re.findall(rf"{draft}/preview/[0-9a-f-]+", page)[0])
    assert "As @acme/reviewer this release will ask 3 people" in text(preview)


def test_draft_page_asks_as_much_for_ten_updates_as_for_one(assert_same_queries: SameQueries) -> None:
    world = World()
    own = browser(world.ann)
    draft = own.post("/publish", {"files": [world.archive()], "paths": ""}).headers["Location"]
    found = capabilities_of(world.pair.after, **world.pair.facts_after).as_json()

    def grow(count: int) -> None:
        tenancy.bind(tenancy.SYSTEM)
        job = Import.objects.get()
        for place in range(job.entries.count(), job.entries.count() + count):
            name = f"reader-{place}"
            first = publish(world.acme, viewer(world.ann), name, "1.0.0", files=world.pair.before)
            add(viewer(world.bob), first.package)
            job.entries.create(
                position=place, name=name, kind="plugin", number="1.1.0", capabilities=found, state="found"
            )

    asked = assert_same_queries(grow, lambda: own.get(draft), most=40)
    assert text(own.get(draft)).count("this release will ask") == 11
    assert asked


def test_preflight_and_import_say_it_over_the_api() -> None:
    world = World()
    files = plugin(world.pair.after, **world.pair.facts_after)
    assert preflight(files).asks is None
    api = Api(world.ann, "publish")
    sent = {"file": world.archive(), "publisher": "acme"}
    asks = body(api.client.post("/api/v1/preflight", sent, headers=api.headers))["asks"]
    assert (asks["package"], asks["people"], asks["libraries"]) == ("@acme/reviewer", 3, 3)
    assert all(row["says"] for row in asks["because"])


def test_it_is_told_to_nobody_who_may_not_publish_there() -> None:
    world = World()
    api = Api(world.bob, "publish")
    sent = {"file": world.archive(), "publisher": "acme"}
    assert refusal(api.client.post("/api/v1/preflight", sent, headers=api.headers)) == (403, "MP3010")


@pytest.mark.parametrize(("hours", "says"), [(48, "arrives 48 hours after"), (0, "as soon as it is published")])
def test_install_box_says_what_its_address_promises(settings: Any, hours: int, says: str) -> None:
    settings.COOLDOWN_HOURS = hours
    world = World()
    stranger, own = (text(client.get("/@acme/reviewer")) for client in (browser(), browser(world.bob)))
    assert says in stranger
    assert "Your library asks first" not in stranger
    assert "With a token npm gets what your library agreed to" in own


def text(answer: HttpResponseBase) -> str:
    with tenancy.bound(tenancy.SYSTEM):
        return answer.getvalue().decode()
