"""The ground under the suite itself: the app role, row-level security, a fresh database after a commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.db import connection

from marketplace.core import tenancy
from marketplace.models import Organization, User
from tests.databases import APP

if TYPE_CHECKING:
    from tests.databases import Server


def _ask(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_queries_run_as_the_app_role_which_row_level_security_binds() -> None:
    assert _ask("SELECT current_user") == APP
    assert _ask("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") is False


@pytest.mark.django_db
def test_a_test_begins_as_nobody() -> None:
    assert tenancy.current.get() == tenancy.PUBLIC
    assert _ask("SELECT current_setting('market.system')") == ""


@pytest.mark.django_db
@pytest.mark.usefixtures("as_system")
def test_a_test_may_ask_to_be_the_system() -> None:
    assert _ask("SELECT current_setting('market.system')") == "on"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_turn", [1, 2])
def test_what_a_test_commits_is_gone_for_the_next(_turn: int) -> None:
    assert not User.objects.exists()
    User.objects.create(email="left@example.com")
    cache.set("left", 1)
    assert not Organization.objects.exists()


@pytest.mark.django_db
def test_the_cache_is_empty_and_real() -> None:
    assert cache.get("left") is None
    cache.set("kept", 1)
    assert cache.get("kept") == 1


def test_a_template_is_made_once(postgres_server: Server) -> None:
    assert postgres_server.template() == postgres_server.template()
