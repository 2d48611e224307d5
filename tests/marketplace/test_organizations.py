from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.core.errors import Conflict, Invalid, LimitReached, MarketplaceError, NotAllowed, NotFound
from marketplace.domain.roles import Role
from marketplace.domain.viewer import ANONYMOUS, Scope
from marketplace.models import AuditEntry, Membership, NameClaim, Notice, Organization
from marketplace.selectors.organizations import membership_get, name_now
from marketplace.services import organizations as services
from marketplace.services.erasing import graces_end
from marketplace.services.members import member_add, member_remove, member_set_role
from marketplace.services.organizations import (
    organization_close,
    organization_create,
    organization_rename,
    organization_reopen,
)
from marketplace.services.tokens import token_authenticate, token_create
from registry.services.publishers import publisher_create
from tests.marketplace.people import organization, person, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]


def refused(error: type[MarketplaceError], code: str) -> pytest.RaisesExc[MarketplaceError]:
    return pytest.RaisesExc(error, check=lambda raised: raised.code == code)


def roles(made: Organization) -> dict[str, str]:
    return {member.user.display_name: member.role for member in made.memberships.select_related("user")}


def test_whoever_makes_an_organization_owns_it() -> None:
    ann = person("ann")
    made = organization_create(name="acme", display_name="  Acme   Works ", by=viewer(ann))
    assert (made.slug, made.display_name, made.state) == ("acme", "Acme Works", "active")
    assert roles(made) == {"Ann": "owner"}
    claim = NameClaim.objects.get(name="acme")
    assert (claim.holder, claim.kind, claim.scope) == (made.public_id, "publisher", "")
    entry = AuditEntry.objects.get(action="marketplace:organization:create")
    assert (entry.actor_id, entry.subject_id, entry.organization_id) == (ann.pk, made.public_id, made.pk)


@pytest.mark.parametrize(
    ("name", "code"), [("Acme", "MP1501"), ("a--b", "MP1501"), ("", "MP1501"), ("claude", "MP1502"), ("api", "MP1502")]
)
def test_a_name_that_nobody_may_have_makes_nothing(name: str, code: str) -> None:
    ann = person("ann")
    with refused(Invalid, code):
        organization_create(name=name, display_name="x", by=viewer(ann))
    assert not Organization.objects.exists()
    assert not NameClaim.objects.exists()


def test_users_and_organizations_share_one_space_of_names() -> None:
    ann, bob = person("ann"), person("bob")
    publisher_create(name="ac-me", by=viewer(bob))
    with refused(Conflict, "MP4101"):
        organization_create(name="acme", by=viewer(ann))
    organization_create(name="tidewater", by=viewer(ann))
    with refused(Conflict, "MP4101"):
        publisher_create(name="tide-water", by=viewer(bob))
    assert Organization.objects.count() == 1


def test_an_organization_publishes_under_its_own_name_and_nobody_else_does() -> None:
    ann, bob = person("ann"), person("bob")
    made = organization(ann, "acme")
    with refused(Conflict, "MP4101"):
        publisher_create(name="acme", by=viewer(bob))
    with refused(Conflict, "MP4101"):
        publisher_create(name="acme", by=viewer(ann))
    publisher = publisher_create(name="acme", organization=made, by=viewer(ann))
    assert publisher.organization_id == made.pk
    with refused(Conflict, "MP4101"):
        publisher_create(name="acme", organization=made, by=viewer(ann))


def test_one_person_makes_a_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MADE_MOST", 1)
    ann = person("ann")
    organization(ann, "one")
    with refused(LimitReached, "MP4210"):
        organization(ann, "two")


def test_a_rename_leads_from_the_old_name_to_the_new_one_for_good() -> None:
    ann, bob = person("ann"), person("bob")
    made = organization(ann, "acme")
    organization_rename(organization=made, name="tidewater", by=viewer(ann))
    organization_rename(organization=made, name="ebb", display_name="Ebb", by=viewer(ann))
    assert (name_now("acme"), name_now("tidewater"), name_now("ebb")) == ("ebb", "ebb", None)
    assert membership_get(viewer(ann), "ebb").organization.display_name == "Ebb"
    with refused(Conflict, "MP4101"):
        organization_create(name="acme", by=viewer(bob))
    organization_rename(organization=made, name="acme", by=viewer(ann))
    assert (name_now("acme"), name_now("ebb")) == (None, "acme")


def test_a_rename_to_another_spelling_keeps_the_claim() -> None:
    ann = person("ann")
    made = organization(ann, "acme-works")
    organization_rename(organization=made, name="acmeworks", by=viewer(ann))
    assert [claim.name for claim in NameClaim.objects.all()] == ["acmeworks"]


def test_admins_change_the_shown_name_and_only_owners_the_name() -> None:
    ann, ada, mel = person("ann"), person("ada"), person("mel")
    made = organization(ann, "acme", admin=ada, member=mel)
    organization_rename(organization=made, display_name="Acme & Co", by=viewer(ada))
    for user in (ada, mel):
        with refused(NotAllowed, "MP4201"):
            organization_rename(organization=made, name="other", by=viewer(user))
    with refused(NotAllowed, "MP4201"):
        organization_rename(organization=made, display_name="Mine", by=viewer(mel))
    made.refresh_from_db()
    assert (made.slug, made.display_name) == ("acme", "Acme & Co")


def test_a_person_with_a_confirmed_address_is_added_and_told() -> None:
    ann, bob = person("ann"), person("bob")
    made = organization(ann)
    member_add(organization=made, email=" BOB@example.com ", role="member", by=viewer(ann))
    assert roles(made) == {"Ann": "owner", "Bob": "member"}
    notice = Notice.objects.get(user=bob)
    assert (notice.title, notice.path) == ("You are a member of Acme now", "/account/organizations/acme")
    with refused(Conflict, "MP4204"):
        member_add(organization=made, email="bob@example.com", role="admin", by=viewer(ann))
    assert roles(made)["Bob"] == "member"


def test_an_unconfirmed_suspended_or_unknown_address_is_nobody() -> None:
    ann = person("ann")
    person("new", verified=False)
    person("off", state="suspended")
    made = organization(ann)
    for name in ("new", "off", "who"):
        with refused(Invalid, "MP4203"):
            member_add(organization=made, email=f"{name}@example.com", role="member", by=viewer(ann))
    assert roles(made) == {"Ann": "owner"}


@pytest.mark.parametrize("role", ["admin", "billing", "member"])
def test_only_owners_make_owners(role: str) -> None:
    ann, other, bob = person("ann"), person("other"), person("bob")
    made = organization(ann, "acme", **{role: other})
    with refused(NotAllowed, "MP4201"):
        member_add(organization=made, email=bob.email, role="owner", by=viewer(other))
    with refused(NotAllowed, "MP4201"):
        member_set_role(organization=made, member=other.public_id, role="owner", by=viewer(other))
    with refused(NotAllowed, "MP4201"):
        member_set_role(organization=made, member=ann.public_id, role="member", by=viewer(other))
    with refused(NotAllowed, "MP4201"):
        member_remove(organization=made, member=ann.public_id, by=viewer(other))
    assert roles(made) == {"Ann": "owner", "Other": role}


def test_members_and_outsiders_manage_nobody() -> None:
    ann, mel, out = person("ann"), person("mel"), person("out")
    made = organization(ann, "acme", member=mel)
    for user in (mel, out):
        with refused(NotAllowed, "MP4201"):
            member_add(organization=made, email=out.email, role="member", by=viewer(user))
    with refused(NotAllowed, "MP4201"):
        member_remove(organization=made, member=mel.public_id, by=viewer(out))
    with refused(NotAllowed, "MP9002"):
        member_remove(organization=made, member=mel.public_id, by=ANONYMOUS)
    assert roles(made) == {"Ann": "owner", "Mel": "member"}


def test_the_last_owner_stays() -> None:
    ann, bob = person("ann"), person("bob")
    made = organization(ann, "acme", member=bob)
    with refused(Conflict, "MP4202"):
        member_remove(organization=made, member=ann.public_id, by=viewer(ann))
    with refused(Conflict, "MP4202"):
        member_set_role(organization=made, member=ann.public_id, role="admin", by=viewer(ann))
    assert roles(made) == {"Ann": "owner", "Bob": "member"}
    member_set_role(organization=made, member=bob.public_id, role="owner", by=viewer(ann))
    member_remove(organization=made, member=ann.public_id, by=viewer(ann))
    assert roles(made) == {"Bob": "owner"}
    acts = AuditEntry.objects.filter(action__startswith="marketplace:member:").order_by("pk")
    assert [entry.action.rsplit(":", 1)[1] for entry in acts] == ["role", "remove"]


def test_everybody_may_leave() -> None:
    ann, mel = person("ann"), person("mel")
    made = organization(ann, "acme", member=mel)
    member_remove(organization=made, member=mel.public_id, by=viewer(mel))
    assert roles(made) == {"Ann": "owner"}
    with refused(NotFound, "MP4207"):
        member_remove(organization=made, member=mel.public_id, by=viewer(ann))


def test_a_role_that_does_not_exist_is_refused() -> None:
    ann = person("ann")
    made = organization(ann)
    with refused(Invalid, "MP4205"):
        member_set_role(organization=made, member=ann.public_id, role="king", by=viewer(ann))
    assert roles(made) == {"Ann": "owner"}


@pytest.mark.parametrize(("scope", "packages"), [("read", None), ("publish", None), ("manage", ["@acme/tool"])])
def test_a_token_manages_only_with_its_scope_and_without_a_package_list(scope: str, packages: list[str] | None) -> None:
    ann = person("ann")
    made = organization(ann)
    _, secret = token_create(user=ann, name="t", scopes=[scope], packages=packages)
    with refused(NotAllowed, "MP4005"):
        organization_rename(organization=made, display_name="Other", by=token_authenticate(secret))
    made.refresh_from_db()
    assert made.display_name == "Acme"


def test_a_token_with_the_scope_manages() -> None:
    ann = person("ann")
    made = organization(ann)
    _, secret = token_create(user=ann, name="t", scopes=[Scope.MANAGE])
    assert organization_rename(organization=made, display_name="Other", by=token_authenticate(secret)).display_name == (
        "Other"
    )


def test_a_closed_organization_gives_no_role_and_opens_again_within_the_grace() -> None:
    ann, ada = person("ann"), person("ada")
    made = organization(ann, "acme", admin=ada)
    with refused(NotAllowed, "MP4201"):
        organization_close(organization=made, by=viewer(ada))
    closed = organization_close(organization=made, by=viewer(ann))
    assert closed.closes_at is not None
    assert closed.closes_at - timezone.now() > timedelta(days=13)
    assert viewer(ada).roles == {}
    organization_reopen(organization=made, by=viewer(ann))
    assert viewer(ada).roles == {made.pk: Role.ADMIN}
    with refused(Conflict, "MP4211"):
        organization_reopen(organization=made, by=viewer(ann))


def test_an_organization_ends_after_the_grace_and_keeps_its_name() -> None:
    ann = person("ann")
    made = organization(ann)
    organization_close(organization=made, by=viewer(ann))
    assert graces_end() == (0, 0)
    Organization.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    assert graces_end() == (0, 1)
    made.refresh_from_db()
    assert (made.state, made.closes_at, Membership.objects.count()) == ("closed", None, 0)
    with refused(Conflict, "MP4101"):
        organization_create(name="acme", by=viewer(ann))
