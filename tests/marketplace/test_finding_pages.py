from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from marketplace.core import tenancy
from marketplace.models import User
from registry.models import Package, Publisher, SearchDocument, Version
from registry.selectors.overview import overview
from registry.services.search import document_write, popularity_push
from tests.registry.listed import publish

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

    from tests.query_counts import SameQueries


@pytest.fixture
def publisher() -> Publisher:
    with tenancy.bound(tenancy.SYSTEM):
        return Publisher.objects.create(name="kestrel", user=User.objects.create_user("wren@example.com"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search",
        "/search?q=about&sort=updated",
        "/search?kind=nonsense&without=everything&updated=never&tokens=-1",
        "/search?q=%00%27%22%3B--&category=zzz",
        "/search/facets?q=about",
        "/search/suggest?q=fi",
        "/categories",
        "/categories/testing",
        "/tags/anything",
        "/compare",
        "/compare?p=@kestrel/first&p=@kestrel/second&p=@no/such",
        "/feeds/new.rss",
        "/feeds/updated.atom",
        "/feeds/testing.atom",
        "/@kestrel/feed.atom",
        "/@kestrel/first/feed.rss",
    ],
)
def test_every_finding_page_answers_with_many_and_with_no_packages(path: str, publisher: Publisher) -> None:
    if "first" not in path:
        assert Client().get(path).status_code == 200
    with tenancy.bound(tenancy.SYSTEM):
        publish(publisher, "first", category="testing", tags=["anything"])
        publish(publisher, "second")
    assert Client().get(path).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/search?cursor=forged", "/categories/nothing", "/feeds/nothing.atom", "/feeds/new.pdf"]
)
def test_what_is_not_ours_is_refused_with_a_page(path: str) -> None:
    assert Client().get(path).status_code in {404, 422}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/search", "/search?q=about", "/feeds/new.atom", "/@kestrel"])
def test_pages_of_lists_ask_as_often_for_many_packages_as_for_few(
    path: str, publisher: Publisher, assert_same_queries: SameQueries
) -> None:
    made = 0

    def grow(count: int) -> None:
        nonlocal made
        with tenancy.bound(tenancy.SYSTEM):
            for _ in range(count):
                publish(publisher, f"package-{made}", category="testing")
                made += 1

    assert_same_queries(grow, lambda: Client().get(path), most=12)


@pytest.mark.django_db
def test_first_page_with_everything_on_it_asks_twelve_times(
    publisher: Publisher, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        package = publish(publisher, "flake-hunter", category="testing")
        popularity_push({package.pk: 9}, {package.pk: 4})
    Client().get("/")
    with django_assert_max_num_queries(12):
        assert "+4" in Client().get("/").content.decode()


@pytest.mark.django_db
def test_a_misspelt_query_says_what_it_took_it_for(publisher: Publisher) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        publish(publisher, "flake-hunter")
    page = Client().get("/search?q=falke-hunter").content.decode()
    assert "Did you mean" in page
    assert "@kestrel/" in page


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "bound"), [("/search", "LISTED"), ("/search?q=tidy&sort=name", "COUNTED")])
def test_what_is_not_counted_to_its_end_is_said_to_be_more(
    path: str, bound: str, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        for name in ("tidy-first", "tidy-second", "tidy-third"):
            publish(publisher, name)
    assert "3 packages" in Client().get(path).content.decode()
    monkeypatch.setattr(f"registry.selectors.search.{bound}", 2)
    assert "2 packages and more" in Client().get(path).content.decode()


@pytest.mark.django_db
def test_remembered_counts_end_with_a_publication(
    publisher: Publisher, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    for count, name in enumerate(("tidy-first", "tidy-second"), start=1):
        with tenancy.bound(tenancy.SYSTEM), django_capture_on_commit_callbacks(execute=True):
            document_write(publish(publisher, name))
        assert overview().total == count
        answer = Client().get("/search/facets?q=tidy").content.decode()
        assert re.search(rf"Skills?\b.*?\b{count}\b", answer, re.DOTALL)


@pytest.mark.django_db
def test_more_than_four_packages_are_cut_and_the_page_says_so(publisher: Publisher) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        names = [publish(publisher, f"package-{at}").full_name for at in range(6)]
    answer = Client().get("/compare", {"p": names}, follow=True)
    page = answer.content.decode()
    assert [name in page for name in names] == [True] * 4 + [False] * 2
    assert "Four packages fit" in page


@pytest.mark.django_db
def test_a_private_package_is_on_no_list_feed_or_comparison(publisher: Publisher) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        package = publish(publisher, "secret-plan")
        SearchDocument.objects.all().delete()
        Version.objects.update(is_private=True, owner=publisher.user)
        Package.objects.update(is_private=True, owner=publisher.user)
    for path in ("/", "/search?q=secret", "/feeds/new.atom", "/@kestrel/feed.atom", "/search/suggest?q=secret"):
        assert package.name not in Client().get(path).content.decode().replace("q=secret", "")
    assert Client().get("/@kestrel/secret-plan/feed.atom").status_code == 404
    assert "There is no package" in Client().get("/compare?p=@kestrel/secret-plan").content.decode()
