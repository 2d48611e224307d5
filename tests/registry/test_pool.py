"""A scope never outlives the request or task that bound it, also when connections come from a pool."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import pytest
from django.db import close_old_connections, connection, connections

from marketplace.core import tenancy
from marketplace.core.errors import Conflict
from marketplace.models import NameClaim
from registry.models import Publisher
from registry.services.publishers import publisher_create
from tests.registry.world import person, publish, publisher_of, skill, viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS = "SELECT current_setting('market.user', true), current_setting('market.system', true), pg_backend_pid()"


@pytest.fixture
def pooled(transactional_db: None) -> Iterator[None]:  # noqa: ARG001  (threads commit)
    """One pooled connection for everybody, as in production but smaller."""
    options = connections.settings["default"]["OPTIONS"]
    own = connection.settings_dict["OPTIONS"]
    connection.close()
    pool = {"min_size": 1, "max_size": 1, "timeout": 10}
    for place in (options, own):
        place["pool"] = dict(pool)
    try:
        yield
    finally:
        connection.close()
        cast("Any", connection).close_pool()
        for place in (options, own):
            place.pop("pool", None)


def asked(scope: tenancy.Scope | None) -> tuple[str, str, int, int]:
    """In a thread of its own: bind (or not), ask, give the connection back."""
    tenancy.current.set(tenancy.PUBLIC)
    try:
        if scope is not None:
            tenancy.bind(scope)
        with connection.cursor() as cursor:
            cursor.execute(SETTINGS)
            user, system, process = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM registry_package")
            return user, system, process, cursor.fetchone()[0]
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_next_holder_of_a_pooled_connection_begins_with_public_rows(pooled: None) -> None:  # noqa: ARG001
    ann = person("ann")
    publish(publisher_of(ann), ann, skill(), is_private=True)
    connection.close()
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
        system = one.submit(asked, tenancy.SYSTEM).result()
        nobody = other.submit(asked, None).result()
        owner = one.submit(asked, tenancy.Scope(ann.pk)).result()
        again = other.submit(asked, None).result()
    assert len({system[2], nobody[2], owner[2], again[2]}) == 1
    assert [system[3], nobody[3], owner[3], again[3]] == [1, 0, 1, 0]
    assert nobody[:2] == again[:2] == ("", "")


@pytest.mark.django_db(transaction=True)
def test_scope_is_forgotten_after_an_error_in_the_middle(pooled: None) -> None:  # noqa: ARG001
    def broken() -> None:
        tenancy.bind(tenancy.SYSTEM)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as one:
        assert one.submit(broken).exception() is not None
        assert one.submit(asked, None).result()[:2] == ("", "")


@pytest.mark.django_db(transaction=True)
def test_name_is_claimed_once_by_fifty_at_the_same_time() -> None:
    people = [person(f"p{n}") for n in range(10)]

    def claim(at: int) -> str:
        tenancy.current.set(tenancy.SYSTEM)
        spelling = ("ac-me", "acme")[at % 2]
        try:
            publisher_create(name=spelling, by=viewer(people[at % 10]))
        except Conflict as error:
            return error.code
        finally:
            close_old_connections()
            connection.close()
        return "claimed"

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(claim, range(50)))
    assert sorted(answers) == ["MP4101"] * 49 + ["claimed"]
    with tenancy.bound(tenancy.SYSTEM):
        assert (Publisher.objects.count(), NameClaim.objects.filter(normalised="acme").count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_first_publications_at_the_same_time_make_one_package() -> None:
    ann = person("ann")
    acme = publisher_of(ann)

    def send(at: int) -> str:
        tenancy.current.set(tenancy.SYSTEM)
        try:
            return publish(acme, ann, skill(body=str(at % 3))).number
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        numbers = set(threads.map(send, range(6)))
    with tenancy.bound(tenancy.SYSTEM):
        rows = list(acme.packages.get().versions.order_by("number").values_list("number", flat=True))
    assert set(rows) >= numbers
    assert len(rows) == len(set(rows)) >= 3
