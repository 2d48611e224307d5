from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction

from marketplace.core import tenancy
from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.domain.viewer import ANONYMOUS, SYSTEM, Scope, Viewer
from marketplace.models import Notice
from registry.models import Import, Package, Version
from registry.selectors.packages import package_get, packages_visible_to, version_get, versions_of
from registry.selectors.search import counts_by_kind, search
from registry.services.lifecycle import dependents, version_yank
from registry.services.maintainers import maintainer_add, maintainer_remove
from registry.services.visibility import visibility_set
from tests.registry.packages import COMMAND, MANIFEST, PLUGIN, entry
from tests.registry.world import acts, house, listing, person, publish, publisher_of, receive, skill, viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.models import User

pytestmark = pytest.mark.django_db
PRIVATE = "@house/secret"
TABLES = (
    "registry_package",
    "registry_version",
    "registry_versionfile",
    "registry_versionartifact",
    "registry_versionfinding",
    "registry_scan",
    "registry_disttag",
    "registry_privatesearchdocument",
)


class Street:
    """A public package, a private one of a person, one of an organization, and one that waits."""

    def __init__(self) -> None:
        self.ann, self.olga, self.mia, self.bob, self.rex = map(person, ("ann", "olga", "mia", "bob", "rex"))
        with tenancy.bound(tenancy.SYSTEM):
            self.rex.is_moderator = True
            self.rex.save()
        acme, tenant = publisher_of(self.ann), house(self.olga, member=self.mia)
        publish(acme, self.ann, skill("open"))
        publish(acme, self.ann, skill("mine"), is_private=True)
        publish(tenant, self.olga, skill("secret"), is_private=True)
        receive(acme, self.ann, skill("waiting"))


@pytest.fixture
def street() -> Street:
    return Street()


def names(user: User | None) -> set[str]:
    """What both the selector and, beneath it, the database show."""
    who = ANONYMOUS if user is None else viewer(user)
    scope = tenancy.Scope(who.user_id, who.organization_ids, system=who.is_moderator)
    with tenancy.bound(scope):
        return {package.full_name for package in packages_visible_to(who)}


def test_each_role_sees_its_own(street: Street) -> None:
    everyone = {"@acme/open"}
    assert names(None) == everyone
    assert names(street.bob) == everyone
    assert names(street.ann) == everyone | {"@acme/mine", "@acme/waiting"}
    assert names(street.mia) == names(street.olga) == everyone | {PRIVATE}
    assert names(street.rex) == everyone | {"@acme/mine", "@acme/waiting", PRIVATE}


def test_maintainer_sees_a_private_package_and_its_versions(street: Street) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        listing("@acme/mine").maintainers.create(user=street.bob)
    assert "@acme/mine" in names(street.bob)
    who = viewer(street.bob)
    with tenancy.bound(tenancy.Scope(who.user_id)):
        assert version_get(who, package_get(who, "acme", "mine"), "latest").number == "1.0.0"


def test_token_with_a_list_sees_no_other_private_package(street: Street) -> None:
    limited = Viewer(user_id=street.ann.pk, scopes=frozenset({Scope.READ}), packages=frozenset({"@acme/waiting"}))
    with tenancy.bound(tenancy.Scope(street.ann.pk)):
        assert {p.full_name for p in packages_visible_to(limited)} == {"@acme/open", "@acme/waiting"}


def test_hidden_and_missing_packages_are_refused_alike(street: Street) -> None:
    who = viewer(street.bob)
    said = []
    for publisher, name in (("house", "secret"), ("house", "nothing"), ("nobody", "secret")):
        with tenancy.bound(tenancy.Scope(who.user_id)), pytest.raises(NotFound) as error:
            package_get(who, publisher, name)
        said.append((error.value.code, error.value.status))
    assert said == [("MP3002", 404)] * 3


def test_strangers_see_published_and_yanked_versions_only(street: Street) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        acme = listing("@acme/open").publisher
        version_yank(version=publish(acme, street.ann, skill("open", "b")), by=SYSTEM)
        receive(acme, street.ann, skill("open", "c"))
        package = listing("@acme/open")
        seen = [(version.number, version.state) for version in versions_of(ANONYMOUS, package)]
        assert seen == [("1.0.1", "yanked"), ("1.0.0", "published")]
        assert [v.number for v in versions_of(viewer(street.ann), package)] == ["1.0.2", "1.0.1", "1.0.0"]


def counted(scope: tenancy.Scope) -> dict[str, int]:
    """What the app's role gets from every table by plain SQL."""
    with tenancy.bound(scope), connection.cursor() as cursor:
        counts = {}
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  (names written above)
            counts[table] = cursor.fetchone()[0]
        return counts


def test_database_hides_private_rows_whatever_is_asked(street: Street) -> None:
    public, system = counted(tenancy.PUBLIC), counted(tenancy.SYSTEM)
    assert public["registry_package"] == 2
    assert public["registry_privatesearchdocument"] == 0
    assert system["registry_package"] == 4
    assert all(public[table] < system[table] for table in TABLES)
    mia, ann = viewer(street.mia), viewer(street.ann)
    assert counted(tenancy.Scope(street.bob.pk)) == public
    assert counted(tenancy.Scope(street.mia.pk)) == public
    assert counted(tenancy.Scope(street.mia.pk, mia.organization_ids))["registry_package"] == 3
    assert counted(tenancy.Scope(street.ann.pk, ann.organization_ids))["registry_package"] == 3


def test_database_refuses_writes_to_private_rows(street: Street) -> None:
    with tenancy.bound(tenancy.Scope(street.bob.pk)):
        assert Package.objects.filter(full_name=PRIVATE).update(title="x") == 0
        assert Version.objects.filter(package__full_name=PRIVATE).delete()[0] == 0
    assert listing(PRIVATE).title != "x"


def test_imports_show_to_whoever_made_them_even_to_plain_sql(street: Street) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        job = Import.objects.create(user=street.ann, url="https://a.example/secret.git")
        job.entries.create(position=0, name="secret-plan")

    def seen(scope: tenancy.Scope) -> list[int]:
        with tenancy.bound(scope), connection.cursor() as cursor:
            cursor.execute("SELECT (SELECT count(*) FROM registry_import), (SELECT count(*) FROM registry_importentry)")
            return list(cursor.fetchone())

    assert seen(tenancy.Scope(street.ann.pk)) == [1, 1]
    assert seen(tenancy.Scope(street.bob.pk)) == seen(tenancy.PUBLIC) == [0, 0]


def test_private_packages_are_in_no_search_and_no_count(street: Street) -> None:
    for scope in (tenancy.PUBLIC, tenancy.Scope(street.bob.pk), tenancy.SYSTEM):
        with tenancy.bound(scope):
            assert counts_by_kind() == {"skill": 1}
            for query in ("", "secret", "mine", "@house/secret", "reviews"):
                found = search(query=query)
                assert found.total <= 1
                assert found.meant in {"", "open"}


def test_private_dependents_of_others_do_not_tell_of_themselves(street: Street) -> None:
    facts = {MANIFEST: {**PLUGIN, "dependencies": ["@acme/open"]}, "commands/x.md": COMMAND}
    publish(listing(PRIVATE).publisher, street.olga, entry(facts), is_private=True)
    package = listing("@acme/open")
    with tenancy.bound(tenancy.Scope(street.ann.pk)):
        assert dependents(package).count() == 0
    olga = viewer(street.olga)
    with tenancy.bound(tenancy.Scope(street.olga.pk, olga.organization_ids)):
        assert dependents(package).count() == 1


@pytest.fixture
def scoped(street: Street) -> Iterator[None]:
    """The owner's own scope: what her requests run under."""
    with tenancy.bound(tenancy.Scope(street.ann.pk)):
        yield


@pytest.mark.usefixtures("scoped")
def test_public_package_goes_private_with_all_its_versions_and_back(street: Street) -> None:
    package, ann = listing("@acme/open"), viewer(street.ann)
    changed = visibility_set(package=package, is_private=True, by=ann, revision=package.revision)
    assert (changed.is_private, changed.owner_id, changed.revision) == (True, street.ann.pk, package.revision + 1)
    assert names(None) == names(street.bob) == set()
    assert counted(tenancy.PUBLIC)["registry_version"] == 1
    with tenancy.bound(tenancy.PUBLIC):
        assert search(query="open").total == 0
    visibility_set(package=changed, is_private=False, by=ann)
    assert names(None) == {"@acme/open"}
    assert counted(tenancy.PUBLIC)["registry_version"] == 2
    assert acts("@acme/open")[-2:] == ["package:visibility", "package:visibility"]


@pytest.mark.usefixtures("scoped")
def test_visibility_that_is_there_already_changes_nothing(street: Street) -> None:
    before = listing("@acme/open")
    assert visibility_set(package=before, is_private=False, by=viewer(street.ann)).revision == before.revision
    assert "package:visibility" not in acts("@acme/open")


def test_package_of_an_organization_goes_private_to_the_organization() -> None:
    olga, mia = person("olga"), person("mia")
    tenant = house(olga, member=mia)
    publish(tenant, olga, skill("tool"))
    who = viewer(olga)
    with tenancy.bound(tenancy.Scope(olga.pk, who.organization_ids)):
        changed = visibility_set(package=listing("@house/tool"), is_private=True, by=who)
    assert (changed.organization_id, changed.owner_id) == (tenant.organization_id, None)
    assert (names(None), names(mia)) == (set(), {"@house/tool"})


def test_only_who_manages_the_namespace_changes_visibility_and_maintainers(street: Street) -> None:
    package = listing("@acme/open")
    with tenancy.bound(tenancy.SYSTEM):
        package.maintainers.create(user=street.bob)
    reader = Viewer(user_id=street.ann.pk, scopes=frozenset({Scope.PUBLISH}))
    other = Viewer(user_id=street.ann.pk, scopes=frozenset({Scope.MANAGE}), packages=frozenset({"@acme/mine"}))
    for by, code in (
        (viewer(street.bob), "MP3011"),
        (viewer(street.mia), "MP3011"),
        (ANONYMOUS, "MP3011"),
        (reader, "MP3028"),
        (other, "MP3014"),
    ):
        with pytest.raises(NotAllowed) as error:
            visibility_set(package=package, is_private=True, by=by)
        assert error.value.code == code
        with pytest.raises(NotAllowed):
            maintainer_add(package=package, email="mia@example.com", by=by)
    assert not listing("@acme/open").is_private
    assert package.maintainers.count() == 2


def test_maintainer_is_added_once_told_and_removed(street: Street) -> None:
    package, ann = listing("@acme/open"), viewer(street.ann)
    with tenancy.bound(tenancy.SYSTEM):
        first = maintainer_add(package=package, email=" BOB@example.com ", by=ann, revision=package.revision)
        assert maintainer_add(package=package, email="bob@example.com", by=ann).pk == first.pk
        assert [notice.path for notice in Notice.objects.filter(user=street.bob)] == ["/@acme/open"]
        assert listing("@acme/open").revision == package.revision + 1
        assert receive(package.publisher, street.bob, skill("open", "by bob")).created
        maintainer_remove(package=package, user=street.bob, by=ann)
        assert [row.user_id for row in package.maintainers.all()] == [street.ann.pk]
    assert acts("@acme/open")[-3:] == ["maintainer:add", "version:receive", "maintainer:remove"]


def test_unknown_person_cannot_be_added_nor_the_last_one_removed(street: Street) -> None:
    package, ann = listing("@acme/open"), viewer(street.ann)
    with tenancy.bound(tenancy.SYSTEM):
        with pytest.raises(Invalid) as unknown:
            maintainer_add(package=package, email="who@example.com", by=ann)
        with pytest.raises(Conflict) as last:
            maintainer_remove(package=package, user=street.ann, by=ann)
        with pytest.raises(NotFound) as absent:
            maintainer_remove(package=package, user=street.bob, by=ann)
    assert [unknown.value.code, last.value.code, absent.value.code] == ["MP3025", "MP3024", "MP3029"]


def test_maintainer_may_give_up_their_own_right(street: Street) -> None:
    package = listing("@acme/open")
    with tenancy.bound(tenancy.SYSTEM):
        package.maintainers.create(user=street.bob)
        maintainer_remove(package=package, user=street.bob, by=viewer(street.bob))
        assert package.maintainers.count() == 1


@pytest.mark.usefixtures("street")
def test_constraint_forbids_a_private_package_without_a_tenant() -> None:
    with tenancy.bound(tenancy.SYSTEM):
        for values in ({"is_private": True}, {"owner_id": listing("@acme/open").publisher.user_id}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Package.objects.filter(full_name="@acme/open").update(**values)
