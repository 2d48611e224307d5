from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from registry.models import Package, Version
from reviews.domain.reasons import Effect
from reviews.models import Appeal, Case, Comment, HelpfulVote, Report, Review, ReviewReply
from reviews.services.cases import case_open
from reviews.services.comments import comment_write
from reviews.services.decisions import Ruling, decision_take
from tests.reviews import world

if TYPE_CHECKING:
    from marketplace.models import User
    from tests.query_counts import SameQueries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]

PAGE = "/@acme/sql/reviews"
TALK = "/@acme/sql/discussion"
SAID = {"stars": "4", "title": "Finds slow joins", "text": "It <b>saved</b> a migration.", "works": "5"}


@pytest.fixture
def version() -> Version:
    ann = world.person("ann")
    return world.release(world.publisher(ann), ann)


@pytest.fixture
def package(version: Version) -> Package:
    return world.package_of(version)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_review_is_written_read_and_changed(package: Package) -> None:
    bob = world.person("bob")
    world.install(bob, package)
    client = signed_in(bob)
    assert client.post(PAGE, SAID).status_code == 302
    page = Client().get(PAGE).content.decode()
    assert "Finds slow joins" in page
    assert "It &lt;b&gt;saved&lt;/b&gt; a migration." in page
    assert "Works as described 5/5" in page
    assert 'value="Finds slow joins"' in client.get(PAGE).content.decode()
    client.post(PAGE, SAID | {"stars": "2"})
    assert Review.objects.get().stars == 2


def test_refusal_stands_beside_what_was_typed_and_writes_nothing(package: Package) -> None:
    response = signed_in(world.person("eve")).post(PAGE, SAID)
    assert response.status_code == 422
    assert "have installed @acme/sql" in response.content.decode()
    assert not Review.objects.exists()
    bob = world.person("bob")
    world.install(bob, package)
    response = signed_in(bob).post(PAGE, SAID | {"stars": "9"})
    assert response.status_code == 422
    assert "Finds slow joins" in response.content.decode()


def test_nobody_is_sent_to_sign_in(package: Package) -> None:
    for path in (PAGE, TALK):
        response = Client().post(path, SAID)
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")
    assert not Review.objects.exists()
    assert not Comment.objects.exists()
    assert package.pk


def test_filters_sorts_and_nonsense(package: Package) -> None:
    world.reviewed(package, "bob", 5, "Loved it much")
    world.reviewed(package, "eve", 1, "Hated it much")
    assert "Hated it" not in Client().get(f"{PAGE}?stars=5").content.decode()
    newest = Client().get(f"{PAGE}?sort=newest").content.decode()
    assert newest.index("Hated it") < newest.index("Loved it")
    for query in ("stars=x", "sort=%00", "verified=maybe", "version=" + "9" * 500):
        assert Client().get(f"{PAGE}?{query}").status_code == 200
    assert Client().get(f"{PAGE}?cursor=made-up").status_code == 422


def test_vote_reply_and_delete_are_for_those_who_may(package: Package) -> None:
    owner = package.publisher.user
    assert owner is not None
    review = world.reviewed(package, "bob", 3)
    eve = signed_in(world.person("eve"))
    address = f"/reviews/{review.public_id}"
    assert eve.post(f"{address}/vote", {"helpful": "yes"}).status_code == 302
    assert HelpfulVote.objects.get().is_helpful
    eve.post(f"{address}/reply", {"text": "I am not the publisher"})
    assert not ReviewReply.objects.exists()
    assert eve.post(f"{address}/delete").status_code == 404
    signed_in(owner).post(f"{address}/reply", {"text": "Thank you for it"})
    assert ReviewReply.objects.get().text == "Thank you for it"
    assert "Thank you for it" in Client().get(PAGE).content.decode()
    assert review.author is not None
    signed_in(review.author).post(f"{address}/delete")
    assert "No review yet" in Client().get(PAGE).content.decode()


def test_question_is_answered_by_the_publisher(package: Package) -> None:
    owner = package.publisher.user
    assert owner is not None
    bob = signed_in(world.person("bob"))
    bob.post(TALK, {"text": "Does it know window functions?", "is_question": "on"})
    question = Comment.objects.get()
    signed_in(owner).post(TALK, {"text": "It does since 1.0", "parent": str(question.public_id)})
    page = Client().get(TALK).content.decode()
    assert page.index("window functions") < page.index("It does since 1.0")
    answer = Comment.objects.get(parent=question)
    assert answer.by_publisher
    refused = bob.post(TALK, {"text": "Thank you", "parent": str(answer.public_id)})
    assert refused.status_code == 422
    assert bob.post(TALK, {"text": "Thank you", "parent": "nonsense"}).status_code == 422
    assert Comment.objects.count() == 2
    assert bob.post(f"/comments/{answer.public_id}/delete").status_code == 404
    bob.post(f"/comments/{question.public_id}/delete")
    assert "no longer here" in Client().get(TALK).content.decode()


def test_report_decision_statement_and_appeal_have_pages(package: Package) -> None:
    owner = package.publisher.user
    assert owner is not None
    bob, eve = signed_in(world.person("bob")), signed_in(world.person("eve"))
    form = {"reason": "secrets", "text": "A key in SKILL.md"}
    assert bob.get("/@acme/sql/report").status_code == 200
    response = bob.post("/@acme/sql/versions/1.0.0/report", form)
    case = Case.objects.get()
    assert response["Location"] == f"/moderation/cases/{case.public_id}"
    assert "1 of 1 in the queue" in bob.get(response["Location"]).content.decode()
    assert eve.get(response["Location"]).status_code == 404
    assert bob.post("/@acme/sql/versions/1.0.0/report", form).status_code == 422
    assert "@acme/sql@1.0.0" in bob.get("/reports").content.decode()
    mod = world.person("mod", is_moderator=True)
    ruling = Ruling(Effect.QUARANTINE, "secrets", "A private key in SKILL.md, line 7.")
    decision = decision_take(case=case, ruling=ruling, by=world.seen(mod))
    client = signed_in(owner)
    page = client.get(response["Location"]).content.decode()
    assert "A private key in SKILL.md" in page
    appeal = f"{response['Location']}/appeal/{decision.public_id}"
    assert client.post(appeal, {"text": "no"}).status_code == 422
    assert eve.post(appeal, {"text": "I am not concerned at all"}).status_code == 404
    assert not Appeal.objects.exists()
    assert client.post(appeal, {"text": "It is a test key, nothing more"}).status_code == 302
    assert Appeal.objects.get().appellant == owner


def test_what_is_reported_must_exist_for_the_viewer(package: Package) -> None:
    bob = signed_in(world.person("bob"))
    owner = package.publisher.user
    assert owner is not None
    Package.objects.filter(pk=package.pk).update(is_private=True, owner=owner)
    review = Review.objects.create(
        package=package, author_name="x", version_number="1.0.0", stars=3, title="Fine so far"
    )
    for path in (
        "/@acme/sql/report",
        f"/report/review/{review.public_id}",
        "/@acme/nothing/report",
        "/@nobody/report",
        "/report/pull/00000000-0000-0000-0000-000000000000",
    ):
        assert bob.post(path, {"reason": "spam"}).status_code == 404
    assert bob.get(PAGE).status_code == 404
    assert not Report.objects.exists()


def test_api_lists_writes_votes_replies_and_deletes(package: Package) -> None:
    bob = world.person("bob")
    world.install(bob, package)
    client, api = signed_in(bob), "/api/v1/packages/@acme/sql/reviews"
    send: dict[str, Any] = {"content_type": "application/json"}
    assert Client().post(api, {"stars": 5, "title": "Nice one"}, **send).status_code == 401
    bad = client.post(api, {"stars": 7, "title": "Nice one"}, **send)
    assert (bad.status_code, bad.json()["code"]) == (400, "MP9004")
    made = client.post(api, {"stars": 5, "title": "Nice one", "worth": 4}, **send)
    assert (made.status_code, made.json()["worth"]) == (201, 4)
    assert client.post(api, {"stars": 4, "title": "Nice one"}, **send).status_code == 200
    page = Client().get(api).json()
    assert page["rating"] == {"count": 1, "mean": 4.0, "histogram": {"5": 0, "4": 1, "3": 0, "2": 0, "1": 0}}
    assert [row["title"] for row in page["results"]] == ["Nice one"]
    address = made["Location"]
    eve = signed_in(world.person("eve"))
    assert eve.post(f"{address}/vote", {"helpful": True}, **send).json()["helpful"] == 1
    assert eve.put(f"{address}/reply", {"text": "Not mine to say"}, **send).status_code == 403
    assert eve.delete(address).status_code == 404
    assert client.delete(address).status_code == 204
    assert Client().get(address).status_code == 404
    assert Client().get(f"{api}?stars=9").status_code == 400


def test_pages_ask_as_often_for_ten_as_for_one(package: Package, assert_same_queries: SameQueries) -> None:
    made = iter(range(1000))

    def grow(count: int) -> None:
        for _ in range(count):
            number = next(made)
            world.reviewed(package, f"person{number}", 4)
            Review.objects.update(state="shown", created_at="2026-01-01T00:00:00Z")

    assert_same_queries(grow, lambda: Client().get(PAGE), most=14)


def test_discussion_asks_as_often_for_ten_as_for_one(package: Package, assert_same_queries: SameQueries) -> None:
    bob = world.seen(world.person("bob"))

    def grow(count: int) -> None:
        for number in range(count):
            thread = comment_write(package=package, text=f"Question {number}", by=bob)
            comment_write(package=package, text=f"Answer {number}", by=bob, parent=thread)

    assert_same_queries(grow, lambda: Client().get(TALK), most=10)


def test_case_page_of_a_moderator_leads_to_the_workplace(version: Version) -> None:
    case = case_open(subject=version, source="staff", risk=1)
    page = signed_in(world.person("mod", is_moderator=True)).get(f"/moderation/cases/{case.public_id}")
    assert f"reviews/case/{case.pk}/change/" in page.content.decode()
