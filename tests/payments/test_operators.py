"""What whoever runs the site relies on: refused settings, the administration, and nothing of payments when off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client, override_settings
from django.urls import Resolver404, resolve

from marketplace.core import tenancy
from marketplace.models import AuditEntry, User
from payments.core.checks import keys_check
from payments.models import WebhookEvent
from payments.sandbox.__main__ import main
from registry.models import SearchDocument
from registry.services.search import search_rebuild

if TYPE_CHECKING:
    from pathlib import Path

    from tests.payments.shop import Shop

pytestmark = pytest.mark.usefixtures("as_system")
LIVE, TEST = f"sk_live_{'1' * 32}", f"sk_test_{'1' * 32}"


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"STRIPE_SECRET_KEY": LIVE, "DEBUG": True}, ["payments.E001"]),
        ({"STRIPE_SECRET_KEY": LIVE, "DEBUG": False, "PAYMENTS_SANDBOX": True}, ["payments.E002"]),
        ({"STRIPE_SECRET_KEY": "", "PAYMENTS": "direct"}, ["payments.E003"]),
        ({"STRIPE_SECRET_KEY": TEST, "STRIPE_WEBHOOK_SECRET": "", "PAYMENTS": "direct"}, ["payments.E003"]),
        ({"STRIPE_SECRET_KEY": TEST, "PAYMENTS": "direct", "DEBUG": True}, []),
        ({"STRIPE_SECRET_KEY": "", "PAYMENTS": "off"}, []),
    ],
)
def test_keys_that_do_not_fit_are_refused_by_the_checks(changes: dict[str, object], codes: list[str]) -> None:
    with override_settings(**changes):
        assert [found.id for found in keys_check()] == codes


def test_the_sandbox_refuses_to_run_beside_a_live_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", LIVE)

    with pytest.raises(SystemExit):
        main([f"--data={tmp_path / 'state.sqlite'}"])

    assert "does not run beside one" in capsys.readouterr().err
    assert not (tmp_path / "state.sqlite").exists()


@pytest.mark.parametrize("path", ["/stripe/webhook/", "/stripe/webhook/0198a1b2-0000-7000-8000-000000000000/"])
def test_addresses_of_the_mirror_are_not_mounted(path: str) -> None:
    with pytest.raises(Resolver404):
        resolve(path)


@pytest.fixture
def staff(shop: Shop) -> Client:
    """Somebody of the administration, signed in with a second factor."""
    shop.bought(shop.price("month", 500))
    user = User.objects.create_superuser("root@example.com", "password-1")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client = Client()
    client.force_login(user)
    return client


MODELS = "billingaccount price promotion order payment dispute licence seat webhookevent merchant".split()


@pytest.mark.parametrize("model", MODELS)
def test_the_administration_shows_every_model(staff: Client, model: str) -> None:
    with tenancy.bound(tenancy.current.get()):
        assert staff.get(f"/admin/payments/{model}/").status_code == 200
        assert staff.get(f"/admin/payments/{model}/add/").status_code == 403


def test_given_up_events_are_replayed_in_the_administration(staff: Client, shop: Shop) -> None:
    event = WebhookEvent.objects.order_by("-pk")[0]
    WebhookEvent.objects.filter(pk=event.pk).update(given_up_at=event.received_at, processed_at=None, attempts=8)

    with tenancy.bound(tenancy.current.get()):
        assert event.stripe_event in staff.get("/admin/payments/webhookevent/?state=dead").content.decode()
        chosen = {"action": "replay", "_selected_action": [event.pk]}
        assert staff.post("/admin/payments/webhookevent/", chosen).status_code == 302
    shop.work()

    event.refresh_from_db()
    assert (event.given_up_at, event.processed_at is not None) == (None, True)
    assert AuditEntry.objects.filter(action="payments:event:replay").count() == 1


def test_a_site_that_sells_nothing_shows_no_price_anywhere(shop: Shop) -> None:
    shop.bought(shop.price("month", 900, trial_days=14))
    search_rebuild()
    assert SearchDocument.objects.get().price_from == 900
    client = Client()
    client.force_login(User.objects.get(pk=shop.buyer.pk))
    pages = ("/", "/search", "/@tess/seed-data", "/@tess", "/library")

    def shown() -> dict[str, list[str]]:
        found = {}
        for path in pages:
            with tenancy.bound(tenancy.current.get()):
                text = client.get(path).content.decode()
            found[path] = [word for word in ("€", "/licences", "/sales", "/buy", 'name="price"') if word in text]
        return found

    assert "€" in shown()["/@tess/seed-data"]
    with override_settings(PAYMENTS="off"):
        assert shown() == {path: [] for path in pages}
