from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.test import Client

from marketplace.core.errors import NotAllowed
from marketplace.domain.viewer import ANONYMOUS
from marketplace.models import Notice, User
from marketplace.selectors.notices import notices_of, unread_count
from marketplace.services.notices import notice_choose, notice_mail, notice_send, notices_read
from marketplace.services.viewers import viewer_of_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.query_counts import SameQueries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]


def person(name: str) -> User:
    return User.objects.create_user(f"{name}@example.com", display_name=name.title())


def tell(*users: User, key: str = "a", kind: Notice.Kind = Notice.Kind.FOLLOW) -> int:
    return notice_send(
        to=[user.pk for user in users], kind=kind, key=key, title="1.1.0 is out", path="/@acme/x", text="New."
    )


def test_everybody_is_told_once_on_the_site_and_by_mail(run_jobs: Callable[[], int]) -> None:
    ann, bob = person("ann"), person("bob")
    assert tell(ann, bob) == 2
    assert tell(ann, bob) == 0
    run_jobs()
    assert sorted(message.to for message in mail.outbox) == [["ann@example.com"], ["bob@example.com"]]
    assert mail.outbox[0].subject == "1.1.0 is out"
    assert mail.outbox[0].body.startswith("New.\n\nhttp://localhost:8000/@acme/x\n\n-- \n")
    assert unread_count(viewer_of_user(ann)) == 1


def test_mail_of_a_notice_is_sent_once_however_often_the_job_runs() -> None:
    tell(person("ann"))
    public_id = str(Notice.objects.get().public_id)
    notice_mail(public_id)
    notice_mail(public_id)
    assert len(mail.outbox) == 1


def test_unwanted_kinds_stand_on_the_site_only_but_for_what_is_always_mailed(run_jobs: Callable[[], int]) -> None:
    ann = person("ann")
    notice_choose(by=viewer_of_user(ann), mailed=["review"])
    tell(ann, key="follow")
    tell(ann, key="moderation", kind=Notice.Kind.MODERATION)
    tell(ann, key="review", kind=Notice.Kind.REVIEW)
    run_jobs()
    assert len(mail.outbox) == 2
    assert notices_of(viewer_of_user(ann)).count() == 3


def test_suspended_people_are_not_told() -> None:
    ann = person("ann")
    User.objects.filter(pk=ann.pk).update(state=User.State.SUSPENDED)
    assert tell(ann) == 0


def test_page_shows_ones_own_notices_and_marks_them_read() -> None:
    ann, bob = person("ann"), person("bob")
    tell(ann, key="mine")
    notice_send(to=[bob.pk], kind=Notice.Kind.REVIEW, key="his", title="For Bob only", path="/@acme/y")
    client = Client()
    assert client.get("/notices").status_code == 302
    client.force_login(ann)
    page = client.get("/notices").content.decode()
    assert "1.1.0 is out" in page
    assert "For Bob only" not in page
    assert client.post("/notices/read").status_code == 302
    assert unread_count(viewer_of_user(ann)) == 0
    assert unread_count(viewer_of_user(bob)) == 1


def test_choice_is_kept() -> None:
    client = Client()
    client.force_login(person("ann"))
    client.post("/notices/choose", {"kind": ["follow"]})
    page = client.get("/notices").content.decode()
    assert 'value="follow" checked' in page
    assert 'value="review" checked' not in page
    assert 'value="moderation" checked disabled' in page


def test_nobody_has_no_notices() -> None:
    with pytest.raises(NotAllowed):
        notices_read(by=ANONYMOUS)
    assert unread_count(ANONYMOUS) == 0


def test_page_asks_as_often_for_ten_as_for_one(assert_same_queries: SameQueries) -> None:
    ann, client = person("ann"), Client()
    client.force_login(ann)

    def grow(count: int) -> None:
        for number in range(count):
            tell(ann, key=f"{count}-{number}")

    assert_same_queries(grow, lambda: client.get("/notices"), most=10)
