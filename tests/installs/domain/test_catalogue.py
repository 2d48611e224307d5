from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from installs.domain.catalogue import (
    ADMITTED_MOST,
    BYTES_MOST,
    HEAD_MOST,
    admitted,
    compact,
    document,
    fitted,
    size_of,
    slim,
)

SOURCE = {"source": "archive", "url": "https://market.example.com/a.zip", "sha256": "0" * 64}


def entry(number: int, text: str = "") -> str:
    return compact({"name": f"acme.p{number}", "source": SOURCE, "version": "1.0.0", "description": text})


def test_document_is_the_same_json_as_when_it_is_written_at_once() -> None:
    bodies = [entry(number, "ü") for number in range(3)]
    told = json.loads(document({"name": "all", "owner": {"name": "Lab"}}, bodies))
    assert told == {"name": "all", "owner": {"name": "Lab"}, "plugins": [json.loads(body) for body in bodies]}


def test_document_without_entries_is_json() -> None:
    assert json.loads(document({"name": "all"}, [])) == {"name": "all", "plugins": []}


def test_what_does_not_fit_waits_and_smaller_ones_pass() -> None:
    room = ADMITTED_MOST - HEAD_MOST
    assert admitted(room - 100, [(1, 90), (2, 20), (3, 10), (4, 1)]) == [1, 3]


@given(st.lists(st.integers(1, 5000), max_size=40), st.integers(0, ADMITTED_MOST))
def test_admission_never_goes_beyond_its_bound(sizes: list[int], taken: int) -> None:
    chosen = admitted(taken, enumerate(sizes))
    assert not chosen or taken + sum(sizes[key] for key in chosen) <= ADMITTED_MOST - HEAD_MOST


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), max_size=30), st.integers(0, 4000))
def test_grown_entries_become_slim_before_any_is_left_out(texts: list[str], limit: int) -> None:
    bodies = [entry(number, text) for number, text in enumerate(texts)]
    kept = fitted(bodies, limit)
    assert sum(map(size_of, kept)) <= limit
    names = [json.loads(body)["name"] for body in bodies]
    assert [json.loads(body)["name"] for body in kept] == names[: len(kept)]
    if sum(size_of(slim(body)) for body in bodies) <= limit:
        assert len(kept) == len(bodies)


def test_the_bound_leaves_room_below_what_clients_refuse() -> None:
    assert BYTES_MOST == 4 * 1024 * 1024 < 5_000_000
