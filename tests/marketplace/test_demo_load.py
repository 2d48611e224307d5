from __future__ import annotations

import json
import stat
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from marketplace.core import demo, tenancy
from marketplace.models import Membership, User
from marketplace.services.demo import people_load

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings


@pytest.mark.django_db
def test_demo_data_is_refused_unless_the_demo_is_on(settings: Settings, tmp_path: Path) -> None:
    settings.DEMO, settings.DATA_DIR = False, tmp_path
    with pytest.raises(CommandError, match="set DEMO=1"):
        call_command("demo_load")
    assert not list(tmp_path.iterdir())
    with tenancy.bound(tenancy.SYSTEM):
        assert not User.objects.exists()


@pytest.mark.django_db
def test_the_sign_ins_are_written_where_only_the_owner_reads_them(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    monkeypatch.setattr(demo, "PARTS", [demo.Part("people", people_load)])
    call_command("demo_load", stdout=StringIO())
    target = tmp_path / "demo.json"
    people = json.loads(target.read_text())
    assert [person["role"] for person in people] == ["publisher", "buyer", "team administrator", "moderator"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with tenancy.bound(tenancy.SYSTEM):
        for person in people:
            user = User.objects.get(email=person["email"])
            assert user.check_password(person["password"])
            assert EmailAddress.objects.get(user=user).verified
        assert User.objects.get(email="moderator@demo.example").is_moderator
        assert not User.objects.get(email="bram@demo.example").has_usable_password()
        roles = Membership.objects.filter(organization__slug="halyard-freight").values_list("user__email", "role")
        assert dict(roles)["team@demo.example"] == "owner"
        assert len(roles) == 5
