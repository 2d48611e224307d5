from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from marketplace import tasks
from marketplace.core import jobs, tenancy
from marketplace.domain.audit import Action
from marketplace.domain.viewer import SYSTEM
from marketplace.models import AuditEntry, AuditSeal, OutboxEntry
from marketplace.services import outbox
from marketplace.services.audit import audit
from marketplace.services.heartbeat import seconds_since_heartbeat
from marketplace.services.sealing import audit_seal, audit_verify
from tests.marketplace.people import browser, person


def write(name: str) -> AuditEntry:
    return audit(Action.USER_UPDATE, by=SYSTEM, kind="user", name=name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", ["UPDATE marketplace_auditentry SET action = 'x'", "DELETE FROM marketplace_auditentry"]
)
def test_the_trail_is_written_once(change: str) -> None:
    write("one")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert AuditEntry.objects.get().action == "marketplace:user:update"


def sealed(count: int, *, seconds: float = 60.0) -> bool:
    """Seal until `count` rows are sealed: what another test has open in the same cluster holds rows back."""
    deadline = time.monotonic() + seconds
    while AuditSeal.objects.count() < count and time.monotonic() < deadline:
        tasks.audit_seal()
        time.sleep(0.05)
    return AuditSeal.objects.count() == count


@pytest.mark.django_db(transaction=True)
class TestSealing:
    def test_each_seal_is_chained_to_the_one_before_and_made_once(self) -> None:
        for name in ("one", "two"):
            write(name)
        assert sealed(2)
        before = list(AuditSeal.objects.order_by("pk").values_list("pk", "digest"))
        write("three")
        assert sealed(3)
        after = list(AuditSeal.objects.order_by("pk").values_list("pk", "digest"))
        assert (len(before), len(after), after[:2]) == (2, 3, before)
        assert len({digest for _, digest in after}) == 3
        assert audit_verify() is None
        assert audit_seal() == 0

    def test_a_row_of_an_open_transaction_is_never_passed_over(self) -> None:
        written, go_on = threading.Event(), threading.Event()

        def slow() -> None:
            with transaction.atomic():
                write("slow")
                written.set()
                go_on.wait(30)
            connection.close()

        writer = threading.Thread(target=slow)
        writer.start()
        written.wait(30)
        late = write("quick")
        assert audit_seal() == 0
        assert not AuditSeal.objects.exists()
        go_on.set()
        writer.join(30)
        assert sealed(2)
        names = AuditSeal.objects.order_by("pk").values_list("entry__subject_name", flat=True)
        assert list(names) == ["slow", "quick"]
        assert AuditSeal.objects.order_by("-pk")[0].pk == late.pk
        assert audit_verify() is None

    def test_many_writers_and_sealers_make_one_whole_chain(self) -> None:
        failed: list[Exception] = []

        def work(at: int) -> None:
            try:
                for turn in range(5):
                    with transaction.atomic():
                        write(f"{at}-{turn}")
                    audit_seal()
            except Exception as error:  # noqa: BLE001  (shown by the test)
                failed.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=(at,)) for at in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert failed == []
        assert sealed(20)
        assert AuditEntry.objects.count() == 20
        assert audit_verify() is None


@pytest.mark.django_db
class TestOutbox:
    @pytest.fixture(autouse=True)
    def failing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def run(**_arguments: object) -> None:
            raise ValueError("boom")

        monkeypatch.setitem(jobs.JOBS, "test.fails", jobs.Job("test.fails", run, "default", 2, 60))
        monkeypatch.setitem(jobs.JOBS, "test.works", jobs.Job("test.works", lambda: None, "default", 2, 60))

    def test_a_kept_promise_is_gone(self) -> None:
        outbox.enqueue("test.works")
        tasks.outbox_run(str(OutboxEntry.objects.get().public_id))
        assert not OutboxEntry.objects.exists()

    def test_a_job_that_fails_is_tried_again_later_and_given_up_at_last(self) -> None:
        outbox.enqueue("test.fails")
        row = OutboxEntry.objects.get()
        tasks.outbox_run(str(row.public_id))
        row.refresh_from_db()
        assert (row.attempts, row.error, row.given_up_at) == (1, "ValueError: boom", None)
        assert row.due_at > timezone.now()
        tasks.outbox_run(str(row.public_id))
        row.refresh_from_db()
        assert row.given_up_at is not None
        tasks.outbox_run(str(row.public_id))
        row.refresh_from_db()
        assert row.attempts == 2

    def test_one_waiting_promise_a_key(self) -> None:
        for _ in range(3):
            outbox.enqueue("test.works", key="k", delay_seconds=60)
        assert OutboxEntry.objects.count() == 1

    def test_what_is_due_is_handed_out_once(self) -> None:
        outbox.enqueue("test.works")
        outbox.enqueue("test.works", delay_seconds=60)
        assert len(outbox.due()) == 1
        assert outbox.due() == []

    def test_the_sweep_leaves_a_sign_of_life(self) -> None:
        assert seconds_since_heartbeat() is None
        tasks.outbox_deliver()
        found = seconds_since_heartbeat()
        assert found is not None
        assert found < 60


@pytest.mark.django_db
def test_expired_sessions_are_forgotten() -> None:
    client = browser(person("ann"))
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    tasks.expired_purge()
    assert not Session.objects.exists()
    assert client.get("/account/profile").status_code == 302


@pytest.mark.django_db
def test_tasks_leave_no_scope_behind() -> None:
    for task in (tasks.audit_seal, tasks.expired_purge, tasks.graces_end, tasks.outbox_deliver):
        task()
        assert tenancy.current.get() == tenancy.PUBLIC
