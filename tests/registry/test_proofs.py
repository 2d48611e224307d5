"""Publishers show who they are: by a DNS record or a file on GitHub; marks end, are taken away and come back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.core import tenancy
from marketplace.core.errors import Invalid, NotAllowed
from marketplace.domain.viewer import SYSTEM
from marketplace.models import AuditEntry, Notice
from registry.domain.proofs import Method, subject_of
from registry.models import Proof, Publisher, SearchDocument
from registry.services.proofs import marks_end, proof_revoke, proof_start, proofs_recheck
from registry.services.proving import place_of, text_of
from tests.marketplace.people import browser
from tests.registry.name_server import elsewhere
from tests.registry.world import Api, body, house, person, publish, publisher_of, refusal, viewer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django import Settings

    from marketplace.models import User
    from tests.registry.name_server import Elsewhere

pytestmark = pytest.mark.django_db
PAGE = "/console/verification/@acme"
API = "publishers/@acme/proofs"


@pytest.fixture(scope="module")
def servers() -> Iterator[Elsewhere]:
    with elsewhere() as made:
        yield made


@pytest.fixture
def away(servers: Elsewhere, settings: Settings) -> Elsewhere:
    """Both places, empty and well."""
    servers.texts, servers.files, servers.is_broken = {}, {}, False
    settings.DNS_SERVERS = [servers.name_server]
    settings.GITHUB_FILES_URL = f"http://{servers.files_host}"
    settings.OUTBOUND_ALLOW = [servers.files_host]
    return servers


@pytest.fixture
def ann() -> User:
    ann = person("ann")
    publish(publisher_of(ann), ann)
    return ann


def acme() -> Publisher:
    return Publisher.objects.get(name="acme")


def only() -> Proof:
    with tenancy.bound(tenancy.SYSTEM):
        return Proof.objects.select_related("publisher").get()


def put(away: Elsewhere, proof: Proof) -> None:
    """Do what the page asks for."""
    if proof.method == Method.DNS:
        away.texts[place_of(proof)] = ["v=spf1 -all", text_of(proof)]
    else:
        path = "/" + place_of(proof).partition(away.files_host + "/")[2]
        away.files[path] = f"# Ours\n{text_of(proof)}\n"


def started(ann: User, method: str = "dns", subject: str = "Acme.Example.") -> Proof:
    browser(ann).post(PAGE, {"method": method, "subject": subject})
    return only()


def checked(ann: User, run_jobs: Callable[[], int]) -> Proof:
    browser(ann).post(f"{PAGE}/{only().public_id}/check")
    run_jobs()
    with tenancy.bound(tenancy.SYSTEM):
        Proof.objects.update(asked_at=None)
    return only()


def acts() -> list[str]:
    with tenancy.bound(tenancy.SYSTEM):
        rows = AuditEntry.objects.filter(subject_kind="proof").order_by("pk")
        return [row.action.rpartition(":")[2] for row in rows]


@pytest.mark.parametrize("named", [("dns", "Acme.Example.", "by DNS"), ("github", "@Acme", "on GitHub")])
def test_proven_name_stands_on_pages_in_search_and_in_the_api(
    away: Elsewhere, ann: User, run_jobs: Callable[[], int], named: tuple[str, str, str]
) -> None:
    method, subject, said = named
    proof = started(ann, method, subject)
    assert not acme().is_verified
    put(away, proof)
    assert checked(ann, run_jobs).holds()
    assert acme().is_verified
    assert acts() == ["start", "check", "hold"]
    with tenancy.bound(tenancy.SYSTEM):
        assert SearchDocument.objects.get().is_verified
    for path in ("/@acme", "/@acme/reviewer"):
        page = browser().get(path).content.decode()
        assert f"<b>{proof.subject}</b> verified {said}" in page
    assert "@acme/" in browser().get("/search?verified=true").content.decode()
    (mark,) = body(Api().ask("GET", "publishers/@acme"))["verified"]
    assert (mark["method"], mark["subject"]) == (method, proof.subject)
    assert text_of(proof) in mark["evidence"]


def test_text_of_somebody_else_proves_nothing(away: Elsewhere, ann: User, run_jobs: Callable[[], int]) -> None:
    proof = started(ann)
    bob = person("bob")
    with tenancy.bound(tenancy.SYSTEM):
        other = proof_start(publisher=house(bob), method=Method.DNS, subject="acme.example", by=viewer(bob))
        away.texts[place_of(other)] = [text_of(other)]
        other.delete()
    assert not checked(ann, run_jobs).holds()
    page = browser(ann).get(PAGE).content.decode()
    assert "MP3072" in page
    assert text_of(proof) in page
    assert "MP3072" not in browser().get("/@acme").content.decode()


def test_mark_stands_while_the_place_is_silent_and_a_week_after_the_text_is_gone(
    away: Elsewhere, ann: User, run_jobs: Callable[[], int]
) -> None:
    put(away, started(ann))
    before = checked(ann, run_jobs).expires_at
    away.is_broken = True
    silent = checked(ann, run_jobs)
    assert (silent.failure, silent.expires_at) == ("MP3073", before)
    away.is_broken, away.texts = False, {}
    gone = checked(ann, run_jobs)
    assert gone.failure == "MP3072"
    assert gone.expires_at is not None
    assert timedelta(days=6) < gone.expires_at - timezone.now() <= timedelta(days=7)
    with tenancy.bound(tenancy.SYSTEM):
        assert Notice.objects.filter(user=ann, key__startswith="proof-fail").count() == 1
        past = timezone.now() - timedelta(minutes=1)
        Proof.objects.update(expires_at=past)
        Publisher.objects.update(verified_until=past)
        assert marks_end() == 1
        assert marks_end() == 0
        assert not SearchDocument.objects.get().is_verified
        assert Notice.objects.filter(user=ann, key__startswith="proof-end").count() == 1
    assert acts()[-1] == "end"


def test_proofs_are_looked_at_again_every_day(away: Elsewhere, ann: User, run_jobs: Callable[[], int]) -> None:
    put(away, started(ann, "github", "acme"))
    checked(ann, run_jobs)
    with tenancy.bound(tenancy.SYSTEM):
        assert proofs_recheck() == 0
        yesterday = timezone.now() - timedelta(days=1, minutes=1)
        Proof.objects.update(looked_at=yesterday, checked_at=yesterday)
        assert proofs_recheck() == 1
    run_jobs()
    checked_at = only().checked_at
    assert checked_at is not None
    assert checked_at > yesterday


def test_moderator_takes_a_proof_away_and_gives_it_back(
    away: Elsewhere, ann: User, run_jobs: Callable[[], int]
) -> None:
    put(away, started(ann))
    proof = checked(ann, run_jobs)
    mona = person("mona", is_moderator=True, is_staff=True)
    with tenancy.bound(tenancy.SYSTEM):
        with pytest.raises(NotAllowed):
            proof_revoke(proof=proof, reason="Not theirs.", by=viewer(ann))
        with pytest.raises(Invalid):
            proof_revoke(proof=proof, reason=" ", by=viewer(mona))
    TOTP.activate(mona, "JBSWY3DPEHPK3PXP")
    desk, rows = browser(mona), "/admin/registry/proof/"
    form = {"action": "revoke", "_selected_action": [str(proof.pk)], "index": "0"}
    assert "a reason is needed" in desk.post(rows, form, follow=True).content.decode()
    desk.post(rows, form | {"reason": "Not theirs."})
    assert not acme().is_verified
    own = browser(ann)
    assert "Not theirs." in own.get(PAGE).content.decode()
    api = Api(ann)
    assert refusal(api.ask("POST", f"{API}/{proof.public_id}")) == (403, "MP3078")
    assert refusal(api.ask("DELETE", f"{API}/{proof.public_id}")) == (403, "MP3078")
    desk.post(rows, form | {"action": "restore"})
    run_jobs()
    assert acme().is_verified
    assert acts()[-2:] == ["revoke", "restore"]


def test_programs_start_check_and_remove_with_the_scope_that_manages(
    away: Elsewhere, ann: User, run_jobs: Callable[[], int]
) -> None:
    wanted = {"method": "dns", "subject": "acme.example"}
    assert refusal(Api(ann, scope="publish").ask("POST", API, wanted)) == (403, "MP3028")
    assert refusal(Api(person("bob")).ask("POST", API, wanted)) == (403, "MP3070")
    api = Api(ann)
    assert refusal(api.ask("POST", API, {"method": "dns", "subject": "127.0.0.1"})) == (422, "MP3071")
    assert refusal(api.ask("POST", API, {"method": "demo", "subject": "acme.example"})) == (403, "MP3079")
    first = body(api.ask("POST", API, wanted))
    assert first["place"] == "_agent-marketplace.acme.example"
    assert body(api.ask("POST", API, wanted))["id"] == first["id"]
    put(away, only())
    path = f"{API}/{first['id']}"
    assert api.ask("POST", path).status_code == 202
    assert refusal(api.ask("POST", path)) == (429, "MP3076")
    run_jobs()
    assert body(api.ask("GET", path))["holds"]
    assert api.ask("DELETE", path).status_code == 204
    assert not acme().is_verified
    assert body(api.ask("GET", API)) == {"results": []}


@pytest.mark.parametrize(
    ("method", "text", "subject"),
    [
        (Method.DNS, "https://Acme.Example/", "acme.example"),
        (Method.DNS, "bücher.example", "xn--bcher-kva.example"),
        (Method.DNS, "acme", ""),
        (Method.DNS, "10.0.0.1", ""),
        (Method.DNS, f"{'a' * 64}.example", ""),
        (Method.DNS, "a b.example", ""),
        (Method.DNS, "acme.example\0", ""),
        (Method.GITHUB, "github.com/Acme", "acme"),
        (Method.GITHUB, "../etc", ""),
        (Method.GITHUB, "a/b", ""),
    ],
)
def test_names_have_one_spelling_or_none(method: Method, text: str, subject: str) -> None:
    assert subject_of(method, text) == subject


def test_the_database_keeps_proofs_apart_and_whole(ann: User) -> None:
    started(ann)
    with tenancy.bound(tenancy.PUBLIC):
        assert not Proof.objects.exists()
    with tenancy.bound(tenancy.SYSTEM):
        assert proof_start(publisher=acme(), method=Method.DEMO, subject="acme.example", by=SYSTEM).pk
        for wrong in ({"method": "none"}, {"checked_at": timezone.now()}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Proof.objects.update(**wrong)
