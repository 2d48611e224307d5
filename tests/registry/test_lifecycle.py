from __future__ import annotations

import itertools
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.core.errors import Conflict, Invalid, MarketplaceError, NotAllowed, NotFound, Stale
from marketplace.domain.viewer import SYSTEM
from registry.domain.states import State, may_move
from registry.models import Package, Version
from registry.services import lifecycle
from registry.services.lifecycle import (
    version_deprecate,
    version_move,
    version_restore,
    version_unpublish,
    version_yank,
)
from registry.services.tags import tag_remove, tag_set
from tests.registry.packages import COMMAND, MANIFEST, PLUGIN, entry
from tests.registry.world import acts, fresh, listing, person, publish, publisher_of, receive, skill, tags, viewer

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.domain.viewer import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]
NAME = "@acme/reviewer"


def test_every_move_of_the_table_is_made_and_no_other() -> None:
    ann = person("ann")
    version = publish(publisher_of(ann), ann)
    for before, after in itertools.product(State, State):
        Version.objects.filter(pk=version.pk).update(state=before)
        if may_move(before, after):
            assert version_move(version=version, after=after, by=SYSTEM).state == after
            continue
        with pytest.raises(Conflict) as error:
            version_move(version=version, after=after, by=SYSTEM)
        assert (error.value.code, fresh(version).state) == ("MP3020", before)


def test_unknown_state_and_unsigned_publication_are_refused_by_the_database() -> None:
    ann = person("ann")
    version = receive(publisher_of(ann), ann).version
    for values in ({"state": "lost"}, {"state": "published"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Version.objects.filter(pk=version.pk).update(**values)


def two() -> tuple[Version, Version]:
    ann = person("ann")
    acme = publisher_of(ann)
    return publish(acme, ann, skill(body="a"), number="1.0.0"), publish(acme, ann, skill(body="b"), number="2.0.0")


def owner(version: Version) -> Viewer:
    user = version.package.publisher.user
    assert user is not None
    return viewer(user)


def test_yank_takes_latest_back_and_restoring_gives_it_again() -> None:
    _, newest = two()
    ann = owner(newest)
    version_yank(version=newest, by=ann, reason="Broken")
    assert (fresh(newest).state, fresh(newest).state_reason, tags(NAME)) == ("yanked", "Broken", {"latest": "1.0.0"})
    version_restore(version=newest, by=ann)
    assert (fresh(newest).state, tags(NAME)) == ("published", {"latest": "2.0.0"})
    assert acts(NAME)[-2:] == ["version:yank", "version:restore"]


def test_package_whose_versions_are_all_yanked_is_no_longer_listed() -> None:
    ann = person("ann")
    version = publish(publisher_of(ann), ann)
    version_yank(version=version, by=viewer(ann))
    assert listing(NAME).latest is None


def test_restoring_what_is_not_yanked_is_a_conflict() -> None:
    _, newest = two()
    ann = owner(newest)
    with pytest.raises(Conflict, match="published"):
        version_restore(version=newest, by=ann)


def test_deprecation_is_a_warning_that_can_be_taken_back() -> None:
    _, newest = two()
    ann = owner(newest)
    version_deprecate(version=newest, message="Use 3.", by=ann)
    assert (fresh(newest).deprecated, fresh(newest).state) == ("Use 3.", "published")
    version_deprecate(version=newest, message="", by=ann)
    assert fresh(newest).deprecated == ""


def test_unpublished_number_is_never_given_again() -> None:
    ann = person("ann")
    acme = publisher_of(ann)
    version = publish(acme, ann, number="1.0.0")
    version_unpublish(version=version, by=viewer(ann))
    assert (fresh(version).state, tags(NAME), listing(NAME).latest) == ("unpublished", {}, None)
    with pytest.raises(Conflict) as error:
        receive(acme, ann, number="1.0.0")
    assert error.value.code == "MP3026"
    assert publish(acme, ann).number == "1.0.1"


def test_unpublishing_ends_after_72_hours() -> None:
    ann = person("ann")
    version = publish(publisher_of(ann), ann)
    Version.objects.filter(pk=version.pk).update(published_at=timezone.now() - timedelta(hours=73))
    with pytest.raises(Conflict) as error:
        version_unpublish(version=fresh(version), by=viewer(ann))
    assert (error.value.code, fresh(version).state) == ("MP3021", "published")
    Version.objects.filter(pk=version.pk).update(published_at=timezone.now() - timedelta(hours=71))
    version_unpublish(version=fresh(version), by=viewer(ann))
    assert fresh(version).state == "unpublished"


@pytest.mark.parametrize("needed", ["@acme/reviewer", "reviewer"])
def test_version_that_others_need_is_not_unpublished(needed: str) -> None:
    ann = person("ann")
    acme = publisher_of(ann)
    version = publish(acme, ann)
    publish(acme, ann, entry({MANIFEST: {**PLUGIN, "dependencies": [needed]}, "commands/x.md": COMMAND}))
    with pytest.raises(Conflict) as error:
        version_unpublish(version=version, by=viewer(ann))
    assert (error.value.code, error.value.params["count"], fresh(version).state) == ("MP3022", 1, "published")


def test_dependency_of_another_publisher_of_the_same_bare_name_does_not_count() -> None:
    ann, bob = person("ann"), person("bob")
    version = publish(publisher_of(ann), ann)
    files = {MANIFEST: {**PLUGIN, "dependencies": ["reviewer", "gone-for-good"]}, "commands/x.md": COMMAND}
    publish(publisher_of(bob, "other"), bob, entry(files))
    version_unpublish(version=version, by=viewer(ann))
    assert fresh(version).state == "unpublished"


class Act(Protocol):
    def __call__(self, version: Version, by: Viewer, revision: int | None) -> object: ...


ACTS: dict[str, Act] = {
    "yank": lambda version, by, revision: version_yank(version=version, by=by, revision=revision),
    "restore": lambda version, by, revision: version_restore(version=version, by=by, revision=revision),
    "deprecate": lambda version, by, revision: version_deprecate(
        version=version, message="x", by=by, revision=revision
    ),
    "unpublish": lambda version, by, revision: version_unpublish(version=version, by=by, revision=revision),
    "tag": lambda version, by, revision: tag_set(
        package=version.package, tag="beta", version=version, by=by, revision=revision
    ),
    "untag": lambda version, by, revision: tag_remove(package=version.package, tag="next", by=by, revision=revision),
}


@pytest.mark.parametrize("act", ACTS)
def test_nobody_else_and_nobody_with_an_old_revision_changes_anything(act: str) -> None:
    _, newest = two()
    before = listing(NAME).revision, fresh(newest).state, tags(NAME)
    with pytest.raises(NotAllowed, match=NAME):
        ACTS[act](version=newest, by=viewer(person("bob")), revision=None)
    with pytest.raises(Stale) as error:
        ACTS[act](version=newest, by=owner(newest), revision=before[0] - 1)
    assert (error.value.code, error.value.status) == ("MP3023", 412)
    assert (listing(NAME).revision, fresh(newest).state, tags(NAME)) == before


def test_every_write_raises_the_revision() -> None:
    _, newest = two()
    ann = owner(newest)
    seen = [listing(NAME).revision]
    tag_set(package=listing(NAME), tag="beta", version=newest, by=ann, revision=seen[-1])
    seen.append(listing(NAME).revision)
    version_yank(version=newest, by=ann, revision=seen[-1])
    seen.append(listing(NAME).revision)
    assert seen == sorted(set(seen))


def refused(kind: type[MarketplaceError], act: Callable[[], object]) -> str:
    with pytest.raises(kind) as error:
        act()
    return error.value.code


def test_tags_point_to_published_versions_and_are_no_versions_themselves() -> None:
    first, newest = two()
    ann = owner(newest)
    package = listing(NAME)
    tag_set(package=package, tag="stable", version=first, by=ann)
    assert tags(NAME) == {"latest": "2.0.0", "stable": "1.0.0"}
    tag_set(package=package, tag="latest", version=first, by=ann)
    assert listing(NAME).latest_id == first.pk
    for tag in ("1.0.0", "v2", "x", "*", "1.x", "a b", "", "é", "t" * 65):
        setting = partial(tag_set, package=package, tag=tag, version=first, by=ann)
        assert refused(Invalid, setting) == "MP3016"
    version_yank(version=newest, by=ann)
    assert refused(Conflict, lambda: tag_set(package=package, tag="beta", version=newest, by=ann)) == "MP3020"
    assert refused(Invalid, lambda: tag_remove(package=package, tag="latest", by=ann)) == "MP3017"
    assert refused(NotFound, lambda: tag_remove(package=package, tag="nothing", by=ann)) == "MP3018"
    tag_remove(package=package, tag="stable", by=ann)
    assert tags(NAME) == {"latest": "1.0.0"}


def test_version_of_another_package_cannot_be_tagged() -> None:
    first, _ = two()
    ann = first.package.publisher.user
    assert ann is not None
    other = publish(first.package.publisher, ann, skill("other"))
    with pytest.raises(Version.DoesNotExist):
        tag_set(package=listing(NAME), tag="beta", version=other, by=viewer(ann))
    assert "beta" not in tags(NAME)


def test_move_that_fails_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    ann = person("ann")
    version = publish(publisher_of(ann), ann)
    before = acts(NAME), listing(NAME).revision

    def broken(_event: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(lifecycle, "emit", broken)
    with pytest.raises(RuntimeError):
        version_yank(version=version, by=viewer(ann))
    assert (acts(NAME), listing(NAME).revision, fresh(version).state) == (*before, "published")
    assert Package.objects.count() == 1
