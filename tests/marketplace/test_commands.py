from __future__ import annotations

import io
import json
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from marketplace.core import tenancy
from marketplace.core.checkup import CHECKS, Level, Line, lines
from marketplace.domain.audit import Action
from marketplace.domain.viewer import SYSTEM
from marketplace.models import AuditEntry, AuditSeal, OutboxEntry, Token, User
from marketplace.services.audit import audit
from marketplace.services.sealing import audit_seal
from marketplace.services.tokens import token_authenticate
from marketplace.tasks import outbox_deliver
from registry.services import signing
from tests.marketplace.people import person

pytestmark = pytest.mark.django_db
GOOD = "a phrase of some length"


def said(*arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


class TestTokenCreate:
    def test_it_prints_the_token_alone(self) -> None:
        ann = person("ann")
        printed = said(
            "token_create", "Ann@Example.com", "--scope", "publish", "--package", "@acme/tool", "--days", "3"
        )
        assert printed.count("\n") == 1
        found = token_authenticate(printed.strip())
        assert (found.user_id, found.packages) == (ann.pk, frozenset({"@acme/tool"}))
        token = Token.objects.get()
        assert timedelta(days=2, hours=23) < token.expires_at - timezone.now() < timedelta(days=3, seconds=1)

    @pytest.mark.parametrize(
        "arguments",
        [
            ["who@example.com", "--scope", "read"],
            ["ann@example.com", "--scope", "read", "--days", "999"],
            ["ann@example.com", "--scope", "read", "--package", "tool"],
            ["ann@example.com", "--scope", "root"],
            ["ann@example.com"],
        ],
    )
    def test_what_cannot_be_made_is_an_error_and_prints_nothing(self, arguments: list[str]) -> None:
        person("ann")
        out = io.StringIO()
        with pytest.raises(CommandError):
            call_command("token_create", *arguments, stdout=out)
        assert out.getvalue() == ""
        assert not Token.objects.exists()


class TestSetup:
    def test_it_makes_the_administrator_from_settings(self) -> None:
        with override_settings(SETUP_PASSWORD=GOOD):
            printed = said("setup", "--email", "Root@Example.com")
        user = User.objects.get()
        assert (user.email, user.is_superuser, user.is_staff, user.is_moderator) == (
            "root@example.com",
            True,
            True,
            True,
        )
        assert user.check_password(GOOD)
        assert "/accounts/2fa/" in printed
        assert GOOD not in printed

    def test_it_reads_the_password_from_standard_input(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{GOOD}\n"))
        said("setup", "--email", "root@example.com", "--password-stdin")
        assert User.objects.get().check_password(GOOD)

    def test_it_refuses_when_there_is_one(self) -> None:
        person("ann", is_superuser=True)
        with override_settings(SETUP_PASSWORD=GOOD), pytest.raises(CommandError, match="MP4304"):
            said("setup", "--email", "root@example.com")
        assert User.objects.count() == 1

    @pytest.mark.parametrize(
        ("email", "password", "code"),
        [("root", GOOD, "MP9004"), ("root@example.com", "password12", "MP9004"), ("ann@example.com", GOOD, "MP4305")],
    )
    def test_it_makes_nobody_of_bad_input(self, email: str, password: str, code: str) -> None:
        person("ann")
        with override_settings(SETUP_PASSWORD=password), pytest.raises(CommandError, match=code):
            said("setup", "--email", email)
        assert not User.objects.filter(is_superuser=True).exists()

    def test_without_a_terminal_it_says_what_to_give(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(""))
        with pytest.raises(CommandError, match="--password-stdin"):
            said("setup", "--email", "root@example.com")
        assert not User.objects.exists()


def parts() -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines():
        found.setdefault(line.part, []).append(line)
    return found


class TestDoctor:
    @pytest.fixture(autouse=True)
    def alive(self) -> None:
        outbox_deliver()

    def test_it_looks_at_every_part(self) -> None:
        assert set(CHECKS) >= {"settings", "database", "row security", "queue", "worker", "mail", "clock"}
        assert set(CHECKS) >= {"storage", "signing key", "partitions"}
        found = parts()
        for part in ("database", "roles", "row security", "queue", "worker", "clock", "storage"):
            assert {line.level for line in found[part]} == {Level.OK}, found[part]

    def test_every_line_that_is_not_ok_says_what_to_do(self) -> None:
        assert all(line.fix for line in lines() if line.level is not Level.OK)
        printed = said("doctor", no_color=True)
        assert "warning  mail         letters go to the locmem backend, not to people" in printed
        assert printed.splitlines()[-1].endswith(" 0 problems")

    def test_a_problem_is_an_exit_code(self) -> None:
        cache.delete("heartbeat")
        with pytest.raises(SystemExit, match="1"):
            said("doctor", no_color=True)
        assert parts()["worker"][0].says == "no worker has shown a sign of life"

    def test_an_old_sign_of_life_is_a_problem(self) -> None:
        with time_machine.travel(timezone.now() + timedelta(minutes=5)):
            assert parts()["worker"][0].level is Level.PROBLEM

    def test_late_and_given_up_work_is_told(self) -> None:
        past = timezone.now() - timedelta(hours=1)
        OutboxEntry.objects.create(job="marketplace.mail_send", due_at=past)
        OutboxEntry.objects.create(job="marketplace.mail_send", given_up_at=past)
        assert [line.level for line in parts()["queue"]] == [Level.OK, Level.PROBLEM, Level.WARNING]

    def test_a_store_that_cannot_be_written_is_a_problem(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Full:
            def check(self) -> None:
                raise OSError("no space left")

        monkeypatch.setattr("registry.services.checkups.artifact_store", Full)
        (line,) = parts()["storage"]
        assert (line.level, "no space left" in line.says) == (Level.PROBLEM, True)

    def test_a_missing_signing_key_is_a_problem_and_the_doctor_goes_on(self) -> None:
        signing.signing_key.cache_clear()
        with override_settings(SIGNING_KEY_FILE="/nowhere/key.pem"):
            found = parts()
        signing.signing_key.cache_clear()
        assert found["signing key"][0].level is Level.PROBLEM
        assert found["partitions"]

    def test_an_open_table_is_a_problem(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'registry_package'")
            owns = cursor.fetchone()[0]
        assert not owns, "the app role owns no table, so it cannot open one"

    @pytest.mark.parametrize("name", ["DEMO", "TEST_TENANT"])
    def test_switches_for_laptops_are_told(self, name: str) -> None:
        with override_settings(**{name: True}):
            assert f"{name} is on" in [line.says for line in parts()["settings"]]

    def test_a_mail_server_that_does_not_answer_is_a_problem(self) -> None:
        smtp = "django.core.mail.backends.smtp.EmailBackend"
        with override_settings(EMAIL_BACKEND=smtp, EMAIL_HOST="127.0.0.1", EMAIL_PORT=1, EMAIL_TIMEOUT=2):
            (line,) = parts()["mail"]
        assert (line.level, "refused" in line.says) == (Level.PROBLEM, True)


class TestAuditCommands:
    @pytest.fixture(autouse=True)
    def trail(self) -> None:
        with tenancy.bound(tenancy.SYSTEM):
            for name in ("one", "two", "three"):
                audit(Action.USER_UPDATE, by=SYSTEM, kind="user", name=name, data={"é": name})

    def test_an_export_is_one_object_a_line_with_seals(self) -> None:
        rows = [json.loads(line) for line in said("audit_export").splitlines()]
        assert [row["subject_name"] for row in rows] == ["one", "two", "three"]
        assert (rows[0]["actor_name"], rows[0]["data"], rows[0]["digest"]) == ("system", {"é": "one"}, None)

    def test_an_export_takes_a_span(self) -> None:
        future = (timezone.now() + timedelta(days=1)).isoformat()
        assert said("audit_export", "--since", future) == ""
        assert said("audit_export", "--until", future).count("\n") == 3
        assert said("audit_export", "--until", "2020-01-01") == ""
        with pytest.raises(CommandError, match="is not a time"):
            said("audit_export", "--since", "yesterday")

    def test_rows_that_wait_for_their_seal_are_counted(self) -> None:
        assert said("audit_verify") == "0 rows are as they were sealed, 3 wait for their seal.\n"


@pytest.mark.django_db(transaction=True)
def test_a_chain_is_verified_and_a_changed_row_is_named() -> None:
    with tenancy.bound(tenancy.SYSTEM):
        for name in ("one", "two", "three"):
            audit(Action.USER_UPDATE, by=SYSTEM, kind="user", name=name)
        deadline = time.monotonic() + 60
        while AuditSeal.objects.count() < 3 and time.monotonic() < deadline:
            audit_seal()
            time.sleep(0.05)
        first, second, third = AuditSeal.objects.order_by("entry_id")
    assert said("audit_verify").startswith("3 rows are as they were sealed, 0 wait")
    rows = [json.loads(line) for line in said("audit_export").splitlines()]
    assert [row["digest"] for row in rows] == [first.digest, second.digest, third.digest]
    owner = settings.DATABASE_OWNER
    import psycopg  # noqa: PLC0415  (only an owner past the trigger can do what this test does)

    address = {"host": owner["HOST"], "port": owner["PORT"], "dbname": owner["NAME"], "user": owner["USER"]}
    with psycopg.connect(**address, password=owner["PASSWORD"], autocommit=True) as raw:
        raw.execute("ALTER TABLE marketplace_auditentry DISABLE TRIGGER USER")
        raw.execute("UPDATE marketplace_auditentry SET subject_name = 'other' WHERE id = %s", [second.pk])
        raw.execute("ALTER TABLE marketplace_auditentry ENABLE TRIGGER USER")
    errors = io.StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("audit_verify", stderr=errors)
    assert f"Row {second.pk} " in errors.getvalue()
    assert AuditEntry.objects.count() == 3
