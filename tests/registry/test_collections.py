from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from installs.models import Install
from marketplace.core import tenancy
from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from marketplace.domain.events import OrganizationEnded, UserErased
from marketplace.domain.viewer import ANONYMOUS
from marketplace.models import AuditEntry, Notice, User
from registry.domain import collections as domain
from registry.domain.collections import Step, moved, slug_plain, slug_unguessable, strip_together
from registry.models import Collection, CollectionEntry, Package
from registry.selectors.collections import collection_get, collections_listed, collections_near, entries_of, shelves
from registry.services.collections import (
    Facts,
    collection_change,
    collection_create,
    collection_delete,
    entries_order,
    entry_move,
    entry_put,
    entry_remove,
)
from registry.services.erasing import organization_forget, person_forget
from registry.services.following import follow_set
from reviews.domain.reasons import Effect
from reviews.models import Case
from reviews.services.decisions import Ruling, decision_take, decision_undo
from reviews.services.reports import report_make
from tests.marketplace.people import browser, organization, person, viewer
from tests.registry.world import publish, publisher_of, skill

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.query_counts import SameQueries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]
NAMES = ("@acme/one", "@acme/two", "@acme/three")


@pytest.fixture
def ann() -> User:
    user = person("ann")
    publisher = publisher_of(user)
    for name in NAMES:
        publish(publisher, user, skill(name.rpartition("/")[2]), number="1.0.0")
    publish(publisher, user, skill("hidden"), number="1.0.0", is_private=True)
    return user


@pytest.fixture
def made(ann: User) -> Collection:
    """Ann's public collection of three packages and a private one of hers."""
    collection = collection_create(facts=Facts("Good tools", "For a start."), by=viewer(ann))
    for name in (*NAMES, "@acme/hidden"):
        entry_put(collection=collection, package=package(name), note=f"Why {name}", by=viewer(ann))
    return Collection.objects.get(pk=collection.pk)


@pytest.fixture
def moderator() -> User:
    return person("mod", is_moderator=True, is_staff=True)


def package(name: str) -> Package:
    return Package.objects.select_related("publisher", "latest").get(full_name=name)


def names(collection: Collection, by: Any = ANONYMOUS) -> list[str]:
    with tenancy.bound(tenancy.SYSTEM):
        return [entry.package.full_name for entry in entries_of(by, collection)]


def test_addresses_of_ones_own_cannot_be_guessed_and_editors_are_the_words_of_the_title() -> None:
    assert slug_unguessable("Größe: zählt!").rsplit("-", 1)[0] == "groe-zahlt"
    assert len({slug_unguessable("x" * 200) for _ in range(50)}) == 50
    assert all(len(slug_unguessable("x" * 200)) <= domain.SLUG_MOST for _ in range(5))
    assert slug_plain("Before you merge", ["before-you-merge"]) == "before-you-merge-2"
    assert (slug_plain("New", []), slug_plain("!!!", [])) == ("new-2", "collection")


def test_a_set_can_do_what_its_packages_can_do_together() -> None:
    assert strip_together(["nlbunnnn", "", "bnnnlnnn"]) == "blbulnnn"
    assert strip_together([]) == ""


@pytest.mark.parametrize(
    ("key", "step", "expected"),
    [(3, Step.TOP, [3, 1, 2]), (1, Step.UP, [1, 2, 3]), (1, Step.DOWN, [2, 1, 3]), (3, Step.DOWN, [1, 2, 3])],
)
def test_a_move_keeps_everything_else_in_order(key: int, step: Step, expected: list[int]) -> None:
    assert moved([1, 2, 3], key, step) == expected


def test_order_notes_and_removal(made: Collection, ann: User) -> None:
    by = viewer(ann)
    assert names(made) == list(NAMES)
    assert names(made, by) == [*NAMES, "@acme/hidden"]
    entry_move(collection=made, full_name="@acme/three", step=Step.TOP, by=by)
    entries_order(collection=made, full_names=["@acme/two"], by=by)
    assert names(made) == ["@acme/two", "@acme/three", "@acme/one"]
    entry_put(collection=made, package=package("@acme/one"), note="  Now \n better ", by=by)
    entry_remove(collection=made, full_name="@acme/two", by=by)
    assert [entry.note for entry in entries_of(ANONYMOUS, made)] == ["Why @acme/three", "Now better"]
    entry_put(collection=made, package=package("@acme/two"), by=by)
    assert names(made)[-1] == "@acme/two"
    acts = AuditEntry.objects.filter(action="registry:collection:entry").count()
    assert acts == 9


def test_refusals(made: Collection, ann: User, moderator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    by, other = viewer(ann), viewer(person("otto"))
    with pytest.raises(NotAllowed, match="need to sign in"):
        collection_create(facts=Facts("Mine"), by=ANONYMOUS)
    with pytest.raises(NotAllowed, match="may not do this"):
        collection_create(facts=Facts("Mine"), by=other, is_editorial=True)
    for somebody in (other, viewer(moderator)):
        with pytest.raises(NotAllowed, match="may not change the collection"):
            entry_put(collection=made, package=package("@acme/one"), by=somebody)
    for facts in (Facts(" "), Facts("x" * 81), Facts("x", "y" * 1001), Facts("x", "", "secret")):
        with pytest.raises(Invalid):
            collection_change(collection=made, facts=facts, by=by)
    with pytest.raises(Stale):
        collection_change(collection=made, facts=Facts("Mine"), by=by, revision=made.revision - 1)
    with pytest.raises(NotFound, match="is not in this collection"):
        entry_move(collection=made, full_name="@acme/none", step=Step.UP, by=by)
    monkeypatch.setattr("registry.services.collections.ENTRIES_MOST", 4)
    publish(package("@acme/one").publisher, ann, skill("four"), number="1.0.0")
    with pytest.raises(Conflict, match="4 packages at most"):
        entry_put(collection=made, package=package("@acme/four"), by=by)
    monkeypatch.setattr("registry.services.collections.OWN_MOST", 1)
    with pytest.raises(Conflict, match="You have 1 collections"):
        collection_create(facts=Facts("Another"), by=by)


def test_who_finds_it(made: Collection, ann: User, moderator: User) -> None:
    otto = viewer(person("otto"))
    assert [row.slug for row in collections_listed()] == [made.slug]
    collection_change(collection=made, facts=Facts("Good tools", visibility="unlisted"), by=viewer(ann))
    assert not collections_listed()
    assert collection_get(ANONYMOUS, made.slug) == made
    collection_change(collection=made, facts=Facts("Good tools", visibility="private"), by=viewer(ann))
    for somebody in (ANONYMOUS, otto):
        with pytest.raises(NotFound):
            collection_get(somebody, made.slug)
    for somebody in (viewer(ann), viewer(moderator)):
        assert collection_get(somebody, made.slug) == made
    with tenancy.bound(tenancy.PUBLIC):
        assert not Collection.objects.exists()
        assert not made.entries.exists()
    with tenancy.bound(tenancy.Scope(user_id=ann.pk)):
        assert made.entries.count() == 4


def test_a_deleted_one_is_gone_and_an_erased_owner_takes_theirs_along(made: Collection, ann: User) -> None:
    other = collection_create(facts=Facts("Second"), by=viewer(ann))
    collection_delete(collection=made, by=viewer(ann))
    with pytest.raises(NotFound):
        collection_get(viewer(ann), made.slug)
    with pytest.raises(NotFound):
        entry_put(collection=made, package=package("@acme/one"), by=viewer(ann))
    person_forget(UserErased(user_id=ann.pk))
    other.refresh_from_db()
    assert (other.state, other.owner, other.title) == ("deleted", None, "")


def test_a_report_becomes_a_case_that_hides_and_shows_it_again(made: Collection, ann: User, moderator: User) -> None:
    report_make(subject=made, reason="spam", text="Links to nothing.", by=viewer(person("rita")))
    ruling = Ruling(Effect.HIDE, "spam", "It only lists one publisher's packages.", "")
    decision = decision_take(case=Case.objects.get(), ruling=ruling, by=viewer(moderator))
    with pytest.raises(NotFound):
        collection_get(ANONYMOUS, made.slug)
    assert collection_get(viewer(ann), made.slug).state == "hidden"
    assert browser().get(f"/claude/collections/{made.slug}/marketplace.json").status_code == 404
    page = browser(ann).get(f"/collections/{made.slug}").content.decode()
    assert "A moderator has hidden this collection" in page
    with tenancy.bound(tenancy.SYSTEM):
        decision_undo(decision=decision, by=viewer(moderator))
        assert collection_get(ANONYMOUS, made.slug) == made


def test_it_is_one_marketplace_in_its_order_of_what_everybody_may_have(made: Collection) -> None:
    told = json.loads(browser().get(f"/claude/collections/{made.slug}/marketplace.json").content)
    assert told["name"] == f"collections_{made.slug}"
    assert [entry["name"] for entry in told["plugins"]] == ["acme.one", "acme.two", "acme.three"]
    page = browser().get(f"/collections/{made.slug}").content.decode()
    for name in ("one", "two", "three"):
        assert f"claude plugin install {name}@collections_" in page.replace("<wbr>", "")
    assert "@acme/hidden" not in page
    answer = browser().get(f"/collections/{made.slug}/feed.atom")
    again = browser().get(f"/collections/{made.slug}/feed.atom", headers={"If-None-Match": answer["ETag"]})
    assert (answer["Cache-Control"], again.status_code) == ("public, no-cache", 304)
    feed = answer.content.decode()
    assert "Why @acme/three" in feed
    assert "@acme/hidden" not in feed


def test_a_visitor_takes_the_whole_set_into_a_library(made: Collection) -> None:
    client = browser()
    assert client.post(f"/library/collections/{made.slug}/add").status_code == 302
    with tenancy.bound(tenancy.SYSTEM):
        chosen = Install.objects.order_by("pk").values_list("package__full_name", flat=True)
        assert list(chosen) == list(NAMES)
    assert "@acme/" in client.get("/library").content.decode()


def test_made_and_ordered_on_the_site_without_a_script(ann: User) -> None:
    client = browser(ann)
    facts = {"title": "Tools", "visibility": "public", "package": "@acme/two"}
    edit = client.post("/collections/new", facts)["Location"]
    slug = edit.split("/")[2]
    client.post(f"/collections/{slug}/entries", {"package": "@acme/one", "note": "First."})
    wrong = client.post(f"/collections/{slug}/entries", {"package": "@acme/none"})
    assert wrong.status_code == 422
    assert "MP3002" in wrong.content.decode()
    client.post(f"/collections/{slug}/entries/@acme/one", {"do": "up"})
    client.post(f"/collections/{slug}/entries/@acme/two", {"do": "note", "note": "x" * 301})
    page = client.get(edit).content.decode()
    assert "at most 300 characters" in page
    assert client.post(f"/collections/{slug}/entries/@acme/two", {"do": "dance"}).status_code == 404
    assert page.index("note-") < page.index("@acme/two")
    made = Collection.objects.get(slug=slug)
    assert names(made) == ["@acme/one", "@acme/two"]
    client.post("/@acme/three/collect", {"collection": slug})
    assert "is in it" in client.get("/@acme/three/collect").content.decode()
    assert "Tools" in browser().get("/collections").content.decode()
    client.post(f"/collections/{slug}/delete")
    assert browser().get(f"/collections/{slug}").status_code == 404


def test_over_the_api(ann: User) -> None:
    client = browser(ann)

    def send(method: str, path: str, body: Any = None, **headers: str) -> Any:
        address = f"/api/v1/collections{path}"
        return client.generic(method, address, json.dumps(body or {}), "application/json", headers=headers)

    made = send("POST", "", {"title": "Tools"})
    assert made.status_code == 201
    slug = made.json()["slug"]
    assert made["Location"] == f"/api/v1/collections/{slug}"
    assert send("PUT", f"/{slug}/entries/@acme/one", {"note": "First."}).json()["entries"][0]["note"] == "First."
    send("PUT", f"/{slug}/entries/@acme/two")
    ordered = send("PUT", f"/{slug}/order", {"packages": ["@acme/two"]})
    assert [entry["package"] for entry in ordered.json()["entries"]] == ["@acme/two", "@acme/one"]
    stale = send("PATCH", f"/{slug}", {"title": "More"}, **{"If-Match": made["ETag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "MP3023")
    assert send("PATCH", f"/{slug}", {"visibility": "private"}).json()["marketplaces"] == {}
    assert browser().get(f"/api/v1/collections/{slug}").json()["code"] == "MP3080"
    assert [row["slug"] for row in client.get("/api/v1/collections?mine=true").json()["results"]] == [slug]
    assert browser().get("/api/v1/collections").json()["results"] == []
    assert send("DELETE", f"/{slug}/entries/@acme/one").status_code == 204
    assert send("DELETE", f"/{slug}").status_code == 204


@pytest.fixture
def team(ann: User) -> tuple[Collection, User]:
    """A private collection of an organization that Ann owns, and a plain member of it."""
    member = person("mia")
    acme = organization(ann, "acme-team", member=member)
    made = collection_create(
        facts=Facts("Team", visibility="private"), by=viewer(User.objects.get(pk=ann.pk)), organization=acme
    )
    return made, member


def test_an_organization_holds_one_its_members_see_it_and_its_administrators_change_it(
    team: tuple[Collection, User], ann: User, moderator: User
) -> None:
    (made, member), otto = team, person("otto")
    by = viewer(ann)
    entry_put(collection=made, package=package("@acme/one"), by=by)
    assert collection_get(viewer(member), made.slug).holder == "Acme-Team"
    assert made in collections_near(viewer(member))
    for somebody in (viewer(member), viewer(moderator)):
        with pytest.raises(NotAllowed, match="may not change the collection"):
            entry_put(collection=made, package=package("@acme/two"), by=somebody)
    for somebody in (viewer(otto), ANONYMOUS):
        with pytest.raises(NotFound):
            collection_get(somebody, made.slug)
    with pytest.raises(NotAllowed):
        collection_create(facts=Facts("Mine"), by=viewer(member), organization=made.organization)
    for scope, seen in (
        (tenancy.Scope(user_id=member.pk, organization_ids=(made.organization_id or 0,)), 1),
        (tenancy.Scope(user_id=ann.pk), 0),
        (tenancy.PUBLIC, 0),
    ):
        with tenancy.bound(scope):
            assert (Collection.objects.count(), CollectionEntry.objects.count()) == (seen, seen)
    assert AuditEntry.objects.filter(action="registry:collection:entry", organization_id=made.organization_id).exists()
    with pytest.raises(IntegrityError, match="registry_collection_one_owner"), transaction.atomic():
        Collection.objects.filter(pk=made.pk).update(owner=ann)
    organization_forget(OrganizationEnded(organization_id=made.organization_id or 0))
    made.refresh_from_db()
    assert (made.state, made.organization) == ("deleted", None)


def test_started_for_an_organization_on_the_site_and_over_the_api(team: tuple[Collection, User], ann: User) -> None:
    client = browser(ann)
    facts = {"title": "Ours", "visibility": "private", "organization": "acme-team"}
    page = client.get(client.post("/collections/new", facts)["Location"])
    assert page.status_code == 200
    told = client.post("/api/v1/collections", json.dumps(facts), "application/json").json()
    assert (told["organization"], told["owner"]) == ("acme-team", "Acme-Team")
    other = browser(team[1]).post("/api/v1/collections", json.dumps(facts), "application/json")
    assert (other.status_code, other.json()["code"]) == (403, "MP9003")
    with tenancy.bound(tenancy.SYSTEM):
        assert Collection.objects.filter(organization__slug="acme-team").count() == 3


def test_followers_hear_once_of_what_it_gained_and_only_of_what_they_may_see(
    made: Collection, team: tuple[Collection, User], ann: User, run_jobs: Callable[[], int]
) -> None:
    member, rita = team[1], person("rita")
    run_jobs()
    for follower in (rita, member):
        assert browser(follower).post(f"/collections/{made.slug}/follow").status_code == 302
    with tenancy.bound(tenancy.SYSTEM):
        follow_set(by=viewer(member), wanted=True, collection=team[0])
        follow_set(by=viewer(ann), wanted=True, collection=team[0])
        entry_remove(collection=made, full_name="@acme/one", by=viewer(ann))
        entry_put(collection=made, package=package("@acme/one"), note="Back.", by=viewer(ann))
        entry_remove(collection=made, full_name="@acme/one", by=viewer(ann))
        entry_put(collection=made, package=package("@acme/one"), note="Back.", by=viewer(ann))
        entry_put(collection=team[0], package=package("@acme/two"), by=viewer(ann))
        run_jobs()
        told = Notice.objects.filter(kind="follow").order_by("user__email", "pk").values_list("user__email", "title")
        assert list(told) == [
            ("mia@example.com", "“Good tools” has @acme/one now"),
            ("mia@example.com", "“Team” has @acme/two now"),
            ("rita@example.com", "“Good tools” has @acme/one now"),
        ]
    assert "Good tools" in browser(rita).get("/following").content.decode()
    listed = browser(rita).get("/api/v1/following").json()
    assert listed == {"packages": [], "publishers": [], "collections": [made.slug]}
    assert browser(rita).delete(f"/api/v1/collections/{made.slug}/follow").status_code == 204
    assert "Good tools" not in browser(rita).get("/following").content.decode()


def test_a_package_tells_the_public_collections_that_it_stands_in(
    made: Collection, ann: User, assert_same_queries: SameQueries
) -> None:
    def grow(count: int) -> None:
        with tenancy.bound(tenancy.SYSTEM):
            for visibility in ["public", "unlisted", "private"] * count:
                collection = collection_create(facts=Facts(f"{visibility} set", "", visibility), by=viewer(ann))
                entry_put(collection=collection, package=package("@acme/one"), by=viewer(ann))

    client = browser()
    assert_same_queries(grow, lambda: client.get("/@acme/one"), most=16)
    page = client.get("/@acme/one").content.decode()
    assert ("public set" in page, "unlisted set" in page, "private set" in page) == (True, False, False)
    assert "/@acme/one/collections" in page
    listed = client.get("/@acme/one/collections").content.decode()
    assert ("Good tools" in listed, listed.count("public set"), "private set" in listed) == (True, 10, False)
    told = client.get("/api/v1/packages/@acme/one/collections").json()["results"]
    assert {row["visibility"] for row in told} == {"public"}
    assert len(told) == 11
    assert made.slug in {row["slug"] for row in told}


def test_the_database_refuses_what_no_service_writes(made: Collection) -> None:
    for wrong in ({"visibility": "secret"}, {"state": "lost"}, {"is_editorial": True}):
        with pytest.raises(IntegrityError, match="registry_collection_"), transaction.atomic():
            Collection.objects.filter(pk=made.pk).update(**wrong)


def test_lists_ask_as_much_for_many_as_for_one(ann: User, assert_same_queries: SameQueries) -> None:
    def grow(count: int) -> None:
        with tenancy.bound(tenancy.SYSTEM):
            for _ in range(count):
                collection = collection_create(facts=Facts("Tools"), by=viewer(ann))
                entry_put(collection=collection, package=package("@acme/one"), by=viewer(ann))

    client = browser()
    assert_same_queries(grow, lambda: client.get("/collections"), most=8)
    with tenancy.bound(tenancy.SYSTEM):
        assert {shelf.count for shelf in shelves(ANONYMOUS, collections_listed())} == {1}


def test_a_collection_asks_as_much_for_many_packages_as_for_one(ann: User, assert_same_queries: SameQueries) -> None:
    collection = collection_create(facts=Facts("Tools"), by=viewer(ann))
    publisher, numbers = package("@acme/one").publisher, iter(range(20))

    def grow(count: int) -> None:
        with tenancy.bound(tenancy.SYSTEM):
            for number in (next(numbers) for _ in range(count)):
                publish(publisher, ann, skill(f"tool-{number}"), number="1.0.0")
                entry_put(collection=collection, package=package(f"@acme/tool-{number}"), by=viewer(ann))

    client = browser()
    assert_same_queries(grow, lambda: client.get(f"/collections/{collection.slug}"), most=16)
