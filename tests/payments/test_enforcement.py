"""Who gets the bytes of a paid package, and what the others are told, through the channels' own answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client, override_settings

from installs.services.git_publishers import publisher_state
from installs.services.git_states import package_state, personal_state
from installs.services.libraries import address_of, library_add, library_of
from marketplace.core import tenancy
from payments.models import Licence, Seat
from payments.services import refunds, seats, subscriptions
from payments.services.entitlements import SignInNeeded
from registry.models import Package
from tests.installs import npm_bodies
from tests.installs.npm_registry import Npm

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.models import User
    from registry.models import Version
    from tests.payments.shop import Shop

NAME = "@tess/paid-skill"
TARBALL = "/npm/@tess/paid-skill/-/paid-skill-1.0.0.tgz"
PAGE = "http://localhost:8000/@tess/paid-skill"


@pytest.fixture
def paid(shop: Shop, run_jobs: Callable[[], int]) -> Shop:
    """The shop with a published package that costs 5 euros a month."""
    npm = Npm(run_jobs, shop.seller)
    assert npm.ask("PUT", "/npm/@tess/paid-skill", npm_bodies.publication(NAME, "1.0.0")).status_code == 201
    run_jobs()
    tenancy.bind(tenancy.SYSTEM)
    shop.package = Package.objects.select_related("publisher").get(full_name=NAME)
    return shop


def fetch(shop: Shop, user: User | None = None) -> tuple[int, str]:
    npm = Npm(shop.run_jobs, user, scope="read")
    with tenancy.bound(tenancy.current.get()):
        answer = npm.get(TARBALL)
        body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]  # either kind
    return answer.status_code, body.decode(errors="replace") if answer.status_code != 200 else ""


def test_a_free_package_goes_to_everybody(paid: Shop) -> None:
    assert fetch(paid)[0] == 200


def test_a_paid_tarball_asks_nobody_to_sign_in_with_the_page_first(paid: Shop) -> None:
    paid.price("month", 500)

    status, text = fetch(paid)

    assert status == 401
    assert text.startswith(f'{{"error": "{PAGE} {NAME} is paid.')
    answer = Npm(paid.run_jobs).get(TARBALL)
    assert answer.headers["npm-notice"] == f"See {PAGE}"
    assert "WWW-Authenticate" not in answer.headers


def test_the_packument_of_a_paid_package_stays_public(paid: Shop) -> None:
    paid.price("month", 500)

    assert Npm(paid.run_jobs).get("/npm/@tess/paid-skill").status_code == 200


def test_only_the_licence_holder_gets_the_bytes_and_no_cache_keeps_them(paid: Shop) -> None:
    price = paid.price("month", 500)
    stranger = paid.person("zoe")
    paid.bought(price)

    status, text = fetch(paid, stranger)
    assert (status, "this account has no licence" in text) == (403, True)
    assert fetch(paid, paid.buyer)[0] == 200
    assert fetch(paid, paid.seller)[0] == 200
    kept = Npm(paid.run_jobs, paid.buyer, scope="read").get(TARBALL).headers
    assert (kept["Cache-Control"], kept["Vary"]) == ("private, no-store", "Authorization")


def test_a_refund_stops_the_next_fetch(paid: Shop) -> None:
    licence = paid.bought(paid.price("month", 500))
    assert fetch(paid, paid.buyer)[0] == 200

    refunds.refund_take(licence=licence, reason="no", by=paid.viewer(paid.buyer))

    status, text = fetch(paid, paid.buyer)
    assert (status, "was revoked" in text) == (403, True)


def test_grace_goes_on_and_suspension_stops(paid: Shop) -> None:
    licence = paid.bought(paid.price("month", 500), card="4000000000000341")
    paid.clock(32)
    assert paid.fresh(licence).state == "grace"
    assert fetch(paid, paid.buyer)[0] == 200

    paid.clock(8)

    status, text = fetch(paid, paid.buyer)
    assert (status, "because a payment failed" in text) == (403, True)


def test_members_take_free_seats_at_first_use_until_none_is_left(paid: Shop) -> None:
    first, second, outsider = paid.person("mia"), paid.person("noah"), paid.person("olga")
    organization = paid.organization(paid.buyer, first, second)
    licence = paid.bought(paid.price("month", 300, is_per_seat=True), 1, organization)

    assert fetch(paid, first)[0] == 200
    status, text = fetch(paid, second)
    assert (status, "Every seat" in text) == (403, True)
    assert fetch(paid, outsider)[0] == 403
    assert [seat.user_id for seat in Seat.objects.filter(released_at=None)] == [first.pk]

    seat = Seat.objects.get(released_at=None)
    seats.seat_transfer(licence=paid.fresh(licence), seat_id=seat.public_id, user=second, by=paid.viewer(paid.buyer))
    assert (fetch(paid, second)[0], fetch(paid, first)[0]) == (200, 403)


def test_seats_are_only_given_by_hand_where_that_was_chosen(paid: Shop) -> None:
    member = paid.person("mia")
    organization = paid.organization(paid.buyer, member)
    licence = paid.bought(paid.price("month", 300, is_per_seat=True), 2, organization)
    seats.first_use_set(licence=licence, gives=False, by=paid.viewer(paid.buyer))

    assert fetch(paid, member)[0] == 403
    seats.seat_give(licence=paid.fresh(licence), user=member, by=paid.viewer(paid.buyer))
    assert fetch(paid, member)[0] == 200


def test_a_flat_price_serves_the_whole_organization(paid: Shop) -> None:
    member = paid.person("mia")
    paid.bought(paid.price("month", 9900), 1, paid.organization(paid.buyer, member))

    assert fetch(paid, member)[0] == 200
    assert not Seat.objects.exists()


def numbers(versions: tuple[Version, ...]) -> list[str]:
    return [version.package.full_name for version in versions]


def test_shared_addresses_never_carry_a_paid_package(paid: Shop) -> None:
    assert [offered.full_name for offered in publisher_state("tess").versions] == [NAME]
    paid.price("month", 500)

    assert [offered.full_name for offered in publisher_state("tess").versions] == []
    with pytest.raises(SignInNeeded) as refused:
        package_state("tess", "paid-skill")
    assert refused.value.code == "MP6001"


def test_a_personal_address_carries_it_for_the_entitled_only(paid: Shop) -> None:
    price, viewer = paid.price("month", 500), paid.viewer(paid.buyer)
    library_add(library=library_of(by=viewer), package=paid.package, by=viewer)
    key = address_of(by=viewer)

    def offered() -> list[str]:
        with tenancy.bound(tenancy.current.get()):
            return numbers(personal_state(key).versions)

    assert offered() == []
    licence = paid.bought(price)
    assert offered() == [NAME]
    subscriptions.licence_end(licence=licence, by=viewer)
    assert offered() == [NAME]
    paid.clock(32)
    assert paid.fresh(licence).state == "ended"
    assert offered() == []


def test_skills_of_a_personal_address_are_those_that_were_bought(paid: Shop) -> None:
    price, viewer = paid.price("month", 500), paid.viewer(paid.buyer)
    library_add(library=library_of(by=viewer), package=paid.package, by=viewer)
    address, client = f"/s/{address_of(by=viewer)}/.well-known/agent-skills/index.json", Client()

    def offered() -> list[str]:
        with tenancy.bound(tenancy.current.get()):
            return [row["name"] for row in client.get(address).json().get("skills", [])]

    assert offered() == []
    licence = paid.bought(price)
    held = offered()
    refunds.refund_take(licence=licence, reason="no", by=viewer)

    assert len(held) == 1
    assert offered() == []


def test_where_nothing_is_sold_everything_is_free(paid: Shop) -> None:
    paid.price("month", 500)

    with override_settings(PAYMENTS="off"):
        assert fetch(paid)[0] == 200


def test_source_files_of_a_paid_package_are_not_shown_to_others(paid: Shop) -> None:
    paid.price("month", 500)
    client = Client()

    with tenancy.bound(tenancy.current.get()):
        answer = client.get("/@tess/paid-skill/files/1.0.0/package.json")

    assert answer.status_code in {401, 403}


def test_a_licence_is_read_only_by_whom_it_belongs_to(paid: Shop) -> None:
    paid.bought(paid.price("month", 500))
    stranger = paid.viewer(paid.person("zoe"))

    with tenancy.bound(tenancy.Scope(stranger.user_id)):
        assert Licence.objects.count() == 0
    with tenancy.bound(tenancy.Scope(paid.buyer.pk)):
        assert Licence.objects.count() == 1


def test_a_token_for_other_packages_does_not_reach_it(paid: Shop) -> None:
    paid.bought(paid.price("month", 500))
    npm = Npm(paid.run_jobs, paid.buyer, scope="read", packages=["@tess/other"])

    with tenancy.bound(tenancy.current.get()):
        assert npm.get(TARBALL).status_code == 403
