from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from urllib.parse import urlencode

import pytest
from django.contrib.postgres.search import SearchVector
from django.db.models import Value
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core import tenancy
from marketplace.domain.viewer import SYSTEM
from marketplace.models import User
from registry.domain.categories import Category, category_of
from registry.domain.ranking import Evidence, why
from registry.domain.search_words import distance, name_key, words_of
from registry.models import Package, Publisher, SearchDocument
from registry.selectors.facets import facets
from registry.selectors.filters import filtered
from registry.selectors.search import SORTS, packages_in_order, search, suggestions
from registry.services.search import popularity_push, words_learn

ROWS = {
    "flake-hunter": ("plugin", "Reruns failing tests until it can say why they only fail sometimes.", "testing", 50),
    "sql-reviewer": ("agent", "Reviews SQL migrations for locks and lost data.", "databases", 20),
    "postgres-explain": ("skill", "Reads plans of PostgreSQL and says what to change.", "databases", 5),
    "a11y-pass": ("plugin", "Walks a page as a keyboard user would. Accessibility for tests.", "frontend", 2),
    "test-gap": ("skill", "Finds behaviour that changed but is not tested.", "testing", 0),
}


@pytest.fixture
def corpus() -> None:
    now = timezone.now()
    with tenancy.bound(tenancy.SYSTEM):
        user = User.objects.create_user("wren@example.com")
        publisher = Publisher.objects.create(name="kestrel", user=user)
        for at, (name, (kind, summary, category, installs)) in enumerate(ROWS.items()):
            package = Package.objects.create(
                publisher=publisher, name=name, full_name=f"@kestrel/{name}", kind=kind, summary=summary
            )
            SearchDocument.objects.create(
                package=package,
                name_key=name,
                kind=kind,
                category=category,
                tags=["git"] if at % 2 else ["ci"],
                licence="MIT",
                clients=["claude-code"],
                uses=["shell"] if kind == "plugin" else [],
                autonomy="unasked" if name == "flake-hunter" else "asks-first",
                popularity=installs,
                vector=SearchVector(Value(name.replace("-", " ")), weight="A", config="english")
                + SearchVector(Value(summary), weight="B", config="english"),
                updated_at=now - timedelta(days=10 * at),
                created_at=now - timedelta(days=at),
            )
            words_learn(f"{name} {summary}")


def names(ids: list[int]) -> list[str]:
    with tenancy.bound(tenancy.SYSTEM):
        return [package.name for package in packages_in_order(SYSTEM, ids)]


@pytest.mark.usefixtures("corpus")
@pytest.mark.django_db
class TestSearch:
    @pytest.mark.parametrize(
        ("query", "first"),
        [
            ("test-gap", "test-gap"),
            ("@kestrel/test-gap", "test-gap"),
            ("SQL Reviewer", "sql-reviewer"),
            ("flaky tests", "flake-hunter"),
            ("postgresql", "postgres-explain"),
            ("accessibility", "a11y-pass"),
            ("lost data", "sql-reviewer"),
        ],
    )
    def test_words_names_and_synonyms_find_the_package(self, query: str, first: str) -> None:
        assert names(search(query=query).ids)[0] == first

    @pytest.mark.parametrize(
        ("query", "first", "meant"),
        [
            ("falke-hunter", "flake-hunter", "flake-hunter"),
            ("acessibility", "a11y-pass", "accessibility"),
            ("migratoins", "sql-reviewer", "migrations"),
        ],
    )
    def test_a_slip_of_the_finger_is_searched_for_as_it_was_meant(self, query: str, first: str, meant: str) -> None:
        found = search(query=query)
        assert names(found.ids)[0] == first
        assert meant in {found.meant, found.meant.replace(" ", "-")}

    def test_words_that_are_nowhere_together_are_looked_for_apart(self) -> None:
        found = search(query="locks keyboard")
        assert found.is_loose
        assert set(names(found.ids)) == {"sql-reviewer", "a11y-pass"}

    def test_nothing_is_invented_for_a_word_that_nobody_uses(self) -> None:
        assert search(query="zzqqxx").ids == []

    @pytest.mark.parametrize("sort", sorted(SORTS))
    @pytest.mark.parametrize("query", ["", "tests"])
    def test_pages_neither_repeat_nor_leave_out(self, sort: str, query: str) -> None:
        SearchDocument.objects.update(rating=4.0)
        whole = search(query=query, sort=sort, size=100).ids
        seen: list[int] = []
        page = search(query=query, sort=sort, size=2)
        seen += page.ids
        while page.following:
            page = search(query=query, sort=sort, size=2, after=page.following)
            seen += page.ids
        assert seen == whole
        assert len(set(seen)) == len(seen)

    def test_a_cursor_of_another_query_begins_again(self) -> None:
        first = search(query="tests", size=1)
        assert search(query="data", size=1, after=first.following).ids == search(query="data", size=1).ids

    def test_filters_narrow_and_facets_count_what_each_would_leave(self) -> None:
        documents, chosen, wrong = filtered(QueryDict("kind=skill"))
        assert not wrong
        assert set(names(search(query="", documents=documents).ids)) == {"postgres-explain", "test-gap"}
        counted = facets(query="", chosen=chosen)
        assert counted.total == 2
        assert counted.counts["kind"] == {"plugin": 2, "skill": 2, "agent": 1}
        assert counted.counts["category"] == {"databases": 1, "testing": 1}

    @pytest.mark.parametrize(
        ("asked", "left"),
        [
            ({"category": "testing"}, {"flake-hunter", "test-gap"}),
            ({"quiet": "true"}, {"sql-reviewer", "postgres-explain", "a11y-pass", "test-gap"}),
            ({"without": "shell"}, {"sql-reviewer", "postgres-explain", "test-gap"}),
            ({"tag": "GIT"}, {"sql-reviewer", "a11y-pass"}),
            ({"updated": "7"}, {"flake-hunter"}),
            ({"client": "codex"}, set()),
            ({"licence": "MIT", "category": "frontend"}, {"a11y-pass"}),
        ],
    )
    def test_each_filter_keeps_what_it_says(self, asked: dict[str, str], left: set[str]) -> None:
        documents, _chosen, wrong = filtered(QueryDict(urlencode(asked)))
        assert not wrong
        assert set(names(search(query="", documents=documents).ids)) == left

    @pytest.mark.parametrize("name", ["autonomy", "reach", "tokens", "quiet", "without"])
    def test_what_a_facet_counts_is_what_its_filter_leaves(self, name: str) -> None:
        SearchDocument.objects.filter(name_key="test-gap").update(strip="nlnnnnnn", autonomy="pre-approved")
        SearchDocument.objects.filter(name_key="sql-reviewer").update(strip="nnnnnnnn", autonomy="", tokens_always=501)
        SearchDocument.objects.filter(name_key="a11y-pass").update(strip="lbnnnnnn", autonomy="asks-first")
        counted = facets(query="", chosen={}).counts[name]
        assert counted
        for value, number in counted.items():
            documents, _chosen, wrong = filtered(QueryDict(urlencode({name: value})))
            assert (documents.count(), wrong) == (number, {}), value

    @pytest.mark.parametrize("asked", ["", "quiet=true", "without=shell&without=network", "tag=git", "kind=skill"])
    def test_tags_are_counted_among_what_the_other_filters_leave(self, asked: str) -> None:
        documents, chosen, _wrong = filtered(QueryDict(asked))
        if "tag" in chosen:
            documents = SearchDocument.objects.all()
        tags = Counter(tag for document in documents for tag in document.tags)
        assert facets(query="", chosen=chosen).counts["tag"] == dict(tags)
        assert tags

    def test_a_filter_with_a_wrong_value_is_named_and_left_out(self) -> None:
        documents, chosen, wrong = filtered(QueryDict("kind=nonsense&updated=DROP+TABLE&category=testing"))
        assert set(wrong) == {"kind", "updated"}
        assert chosen == {"category": "testing"}
        assert documents.count() == 2

    @pytest.mark.parametrize("query", ["review", "test", "postgres explain", "flake-hunter"])
    def test_the_database_orders_by_the_score_that_is_explained(self, query: str) -> None:
        for at, document in enumerate(SearchDocument.objects.order_by("pk")):
            facts = {"popularity": at * 37 % 11, "rating": 1 + at % 5, "rating_count": at % 7}
            SearchDocument.objects.filter(pk=document.pk).update(**facts)
        found = search(query=query)
        assert found.ids
        assert found.ids == sorted(found.ids, key=lambda pk: (-round(found.reasons[pk].score, 9), pk))

    def test_a_beginning_is_completed(self) -> None:
        assert suggestions("fla") == ["@kestrel/flake-hunter"]
        assert suggestions("migra") == ["@kestrel/sql-reviewer"]
        assert suggestions("") == []

    def test_pushed_numbers_replace_all_former_ones(self) -> None:
        pk = SearchDocument.objects.get(name_key="test-gap").pk
        popularity_push({pk: 7}, {pk: 3})
        rows = dict(SearchDocument.objects.exclude(popularity=0).values_list("name_key", "popularity"))
        assert rows == {"test-gap": 7}
        assert SearchDocument.objects.get(pk=pk).growth == 3

    @pytest.mark.parametrize(
        "query",
        ["'; DROP TABLE x; --", "a" * 5000, "\0\0", "((((", "& | !", '"', "-", "<->", "🦀 crab", "or or or", "%"],
    )
    def test_any_text_is_only_a_text(self, query: str) -> None:
        search(query=query)
        suggestions(query)
        facets(query=query, chosen={})


@given(st.text(max_size=60))
def test_every_query_becomes_a_tsquery_of_words_only(text: str) -> None:
    words = words_of(text)
    if words.is_raw:
        assert not set(words.tsquery) & set("'\\!")


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_the_distance_is_the_same_both_ways_and_zero_only_for_equals(one: str, other: str) -> None:
    assert distance(one, other, 9) == distance(other, one, 9)
    assert (distance(one, other, 9) == 0) == (one == other)


def test_two_swapped_letters_are_one_slip() -> None:
    assert distance("flake", "falke") == 1
    assert distance("flake", "flak") == 1
    assert distance("flake", "entirely") == 4


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=5).map(sorted))
def test_more_installs_never_rank_lower_all_else_equal(installs: list[int]) -> None:
    scores = [why(Evidence(1, name=0.5, about=0.2, installs=count)).score for count in installs]
    assert all(before <= after for before, after in pairwise(scores))


@given(st.floats(0, 1), st.integers(0, 1000))
def test_the_exact_name_beats_words_in_a_summary(rank: float, installs: int) -> None:
    exact = why(Evidence(1, is_exact=True, name=0.6)).score
    assert exact > why(Evidence(2, about=min(rank, 0.1), installs=installs)).score


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 10**6), st.floats(1, 5))
def test_the_parts_that_are_shown_are_the_score(name: float, about: float, installs: int, rating: float) -> None:
    reason = why(Evidence(1, is_exact=True, name=name, about=about, installs=installs, rating=rating, rating_count=5))
    assert sum(getattr(reason, part) for part in reason._fields) == pytest.approx(reason.score)


def test_a_category_is_chosen_said_or_read_from_the_words() -> None:
    assert category_of(chosen="git", said="testing", keywords=[], text="") == "git"
    assert category_of(chosen="", said="Code Review", keywords=[], text="") == "review"
    assert category_of(chosen="", said="", keywords=["kubernetes"], text="tests") == "infrastructure"
    assert category_of(chosen="", said="nonsense", keywords=[], text="Nothing that tells") == ""
    assert {category.value for category in Category} == set(Package.Category.values)


def test_a_name_is_read_out_of_any_spelling() -> None:
    assert name_key("@acme/SQL Reviewer") == "sql-reviewer"
