from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import Invalid, MarketplaceError, NotAllowed, NotFound
from marketplace.domain.tokens import ALPHABET, digest_of, is_token, token_make
from marketplace.domain.viewer import Scope
from marketplace.models import AuditEntry, Token, User
from marketplace.services.purging import expired_purge
from marketplace.services.tokens import token_authenticate, token_create, token_revoke
from tests.marketplace.people import person, viewer

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def refused(error: type[MarketplaceError], code: str) -> pytest.RaisesExc[MarketplaceError]:
    return pytest.RaisesExc(error, check=lambda raised: raised.code == code)


def test_a_made_token_has_its_form_and_no_two_are_alike() -> None:
    made = {token_make() for _ in range(200)}
    assert len(made) == 200
    assert all(is_token(secret) and len(secret) == 46 and secret.startswith("amp_") for secret in made)


@given(st.integers(4, 45), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_seen_without_asking_the_database(place: int, other: str) -> None:
    secret = token_make()
    changed = secret[:place] + other + secret[place + 1 :]
    assert is_token(changed) == (changed == secret)


@given(st.text(max_size=60))
def test_any_other_text_is_no_token(text: str) -> None:
    assert not is_token(text)


@pytest.mark.parametrize("text", ["", "amp_", "amp_" + "0" * 42 + "\n", "AMP_" + "0" * 42, "npm_" + "a" * 42])
def test_near_forms_are_no_tokens(text: str) -> None:
    assert not is_token(text)


@pytest.mark.django_db
class TestOnTheDatabase:
    pytestmark = [pytest.mark.usefixtures("as_system")]

    def test_only_the_digest_and_the_first_characters_are_kept(self) -> None:
        ann = person("ann")
        token, secret = token_create(user=ann, name="CI", scopes=["publish"], days=7, by=viewer(ann))
        row = Token.objects.values().get(pk=token.pk)
        assert secret not in {str(value) for value in row.values()}
        assert (row["digest"], row["prefix"]) == (digest_of(secret), secret[:12])
        assert row["expires_at"] - row["created_at"] > timedelta(days=6, hours=23)
        entry = AuditEntry.objects.get(action="marketplace:token:create")
        assert entry.data == {"scopes": ["publish"], "packages": None, "days": 7}
        assert secret not in str(entry.data)

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"scopes": []}, "MP4001"),
            ({"scopes": ["read", "root"]}, "MP4001"),
            ({"days": 0}, "MP4002"),
            ({"days": 367}, "MP4002"),
            ({"packages": []}, "MP4003"),
            ({"packages": [f"@a/p{n}" for n in range(101)]}, "MP4003"),
            ({"packages": ["acme"]}, "MP1503"),
            ({"packages": ["@a/b", "@a/B"]}, "MP1503"),
        ],
    )
    def test_an_ask_that_cannot_be_met_makes_nothing(self, more: dict[str, object], code: str) -> None:
        ann = person("ann")
        facts: dict[str, object] = {"user": ann, "name": "t", "scopes": ["read"]} | more
        with refused(Invalid, code):
            token_create(**facts)  # type: ignore[arg-type]  # what is refused may have any type
        assert not Token.objects.exists()
        assert not AuditEntry.objects.exists()

    def test_neither_a_token_nor_somebody_else_makes_one(self) -> None:
        ann, bob = person("ann"), person("bob")
        _, secret = token_create(user=ann, name="t", scopes=["manage"])
        for by in (token_authenticate(secret), viewer(bob)):
            with refused(NotAllowed, "MP4004"):
                token_create(user=ann, name="u", scopes=["read"], by=by)
        assert Token.objects.count() == 1

    def test_the_viewer_of_a_token_is_narrowed_to_it(self) -> None:
        ann = person("ann", is_moderator=True)
        token, secret = token_create(user=ann, name="t", scopes=["publish"], packages=["@acme/tool"])
        found = token_authenticate(secret)
        assert (found.user_id, found.token_id, found.is_moderator) == (ann.pk, token.pk, False)
        assert [found.may_use(scope) for scope in Scope] == [True, True, False]
        assert (found.may_touch("@acme/tool"), found.may_touch("@acme/other")) == (True, False)
        assert viewer(ann).is_moderator

    @pytest.mark.parametrize("text", ["", "amp_wrong", "Bearer x"])
    def test_what_is_no_token_is_unknown(self, text: str) -> None:
        with refused(NotAllowed, "MP4010"):
            token_authenticate(text)

    def test_a_token_of_another_site_is_unknown(self) -> None:
        with refused(NotAllowed, "MP4010"):
            token_authenticate(token_make())

    def test_a_token_works_until_the_second_of_its_end(self) -> None:
        ann = person("ann")
        with time_machine.travel(NOON, tick=False):
            _, secret = token_create(user=ann, name="t", scopes=["read"], days=1)
        with time_machine.travel(NOON + timedelta(days=1, seconds=-1), tick=False):
            assert token_authenticate(secret).user_id == ann.pk
        with time_machine.travel(NOON + timedelta(days=1), tick=False), refused(NotAllowed, "MP4011"):
            token_authenticate(secret)

    def test_a_revoked_token_stops_at_once_and_stays_revoked(self) -> None:
        ann = person("ann")
        token, secret = token_create(user=ann, name="t", scopes=["read"])
        ended = token_revoke(public_id=token.public_id, by=viewer(ann)).revoked_at
        assert token_revoke(public_id=token.public_id, by=viewer(ann)).revoked_at == ended
        assert AuditEntry.objects.filter(action="marketplace:token:revoke").count() == 1
        with refused(NotAllowed, "MP4011"):
            token_authenticate(secret)

    def test_nobody_revokes_the_token_of_another(self) -> None:
        ann, bob = person("ann"), person("bob", is_moderator=True)
        token, secret = token_create(user=ann, name="t", scopes=["read"])
        with refused(NotFound, "MP9001"):
            token_revoke(public_id=token.public_id, by=viewer(bob))
        assert token_authenticate(secret).user_id == ann.pk

    def test_a_token_ends_itself_and_no_other(self) -> None:
        ann = person("ann")
        one, secret = token_create(user=ann, name="one", scopes=["read"])
        two, _ = token_create(user=ann, name="two", scopes=["read"])
        by = token_authenticate(secret)
        with refused(NotAllowed, "MP4004"):
            token_revoke(public_id=two.public_id, by=by)
        token_revoke(public_id=one.public_id, by=by)
        assert list(Token.objects.filter(revoked_at=None)) == [two]

    @pytest.mark.parametrize("state", ["suspended", "closing", "closed"])
    def test_a_token_stops_with_its_account(self, state: str) -> None:
        ann = person("ann")
        _, secret = token_create(user=ann, name="t", scopes=["read"])
        User.objects.update(state=state)
        with refused(NotAllowed, "MP4012"):
            token_authenticate(secret)

    def test_the_last_use_is_written_once_a_minute(self) -> None:
        ann = person("ann")
        with time_machine.travel(NOON, tick=False):
            token, secret = token_create(user=ann, name="t", scopes=["read"])
            token_authenticate(secret)
        for seconds, seen in ((60, 0), (61, 61), (100, 61)):
            with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
                token_authenticate(secret)
            token.refresh_from_db()
            assert token.last_used_at == NOON + timedelta(seconds=seen)

    def test_the_database_refuses_scopes_and_ends_of_no_meaning(self) -> None:
        ann = person("ann")
        token, _ = token_create(user=ann, name="t", scopes=["read"])
        changes: tuple[dict[str, object], ...] = (
            {"scopes": []},
            {"scopes": ["root"]},
            {"expires_at": token.created_at},
        )
        for change in changes:
            with pytest.raises(IntegrityError, match="marketplace_token_"), transaction.atomic():
                Token.objects.filter(pk=token.pk).update(**change)

    def test_tokens_are_forgotten_a_year_after_their_end(self) -> None:
        ann = person("ann")
        old, _ = token_create(user=ann, name="old", scopes=["read"])
        young, _ = token_create(user=ann, name="young", scopes=["read"])
        past = timezone.now() - timedelta(days=366)
        Token.objects.filter(pk=old.pk).update(created_at=past - timedelta(days=1), expires_at=past)
        assert expired_purge()["tokens"] == 1
        assert list(Token.objects.all()) == [young]
