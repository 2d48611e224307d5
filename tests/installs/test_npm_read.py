from __future__ import annotations

import base64
import gzip
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.test import override_settings

from installs.models import Document, Download
from installs.services.documents import documents_rebuild
from marketplace.core import tenancy
from marketplace.domain.viewer import SYSTEM
from registry.domain.capabilities import levels_of
from registry.domain.states import State
from registry.services.lifecycle import version_move
from tests.installs import npm_bodies
from tests.installs.npm_registry import NAME, SHORT, URL, Npm, error, package, person, version

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase

    from tests.query_counts import SameQueries

pytestmark = pytest.mark.django_db
TARBALL = f"{URL}/-/reviewer-1.0.0.tgz"


@pytest.fixture
def ann(run_jobs: Callable[[], int]) -> Npm:
    npm = Npm(run_jobs, person())
    npm.publish("1.0.0", dependencies={"left": "^1.0.0"})
    return npm


@pytest.fixture
def anyone(run_jobs: Callable[[], int]) -> Npm:
    return Npm(run_jobs)


def move(number: str, after: State) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        version_move(version=version(number), after=after, by=SYSTEM)


def downloads() -> int:
    with tenancy.bound(tenancy.SYSTEM):
        return Download.objects.count()


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response)


def test_both_forms_by_accept(ann: Npm, anyone: Npm) -> None:
    for npm in (ann, anyone):
        full, short = npm.get(URL), npm.get(URL, accept=SHORT)
        assert full["Content-Type"] == "application/json"
        assert short["Content-Type"] == "application/vnd.npm.install-v1+json"
        assert full["ETag"] != short["ETag"]
        assert full["Vary"] == short["Vary"] == "Accept, Accept-Encoding, Authorization"
        document = npm.read()
        assert document["readme"] == "# Reviewer\n"
        assert document["_rev"] == str(package().revision)
        assert document["versions"]["1.0.0"]["dist"]["tarball"] == f"http://localhost:8000{TARBALL}"
        abbreviated = npm.read(accept=SHORT)
        assert not {"_id", "_rev", "readme", "readmeFilename"} & set(abbreviated)
        assert set(abbreviated["time"]) == {"created", "modified", "1.0.0"}
        assert abbreviated["versions"]["1.0.0"]["dependencies"] == {"left": "^1.0.0"}


def test_full_form_says_what_was_found_that_the_package_can_do(ann: Npm) -> None:
    ann.publish("1.1.0", capabilities="none at all", scripts={"postinstall": "node setup.js"})
    told = ann.read()["versions"]
    row = version("1.1.0")
    assert told["1.0.0"]["capabilities"] == {"fetch": "limited"}
    levels = {family: level for family, level in levels_of(row.strip).items() if level != "none"}
    assert told["1.1.0"]["capabilities"] == levels != {}
    assert told["1.1.0"]["autonomy"] == row.autonomy == "unasked"
    assert told["1.1.0"]["contextTokens"] == {"always": row.tokens_always, "onDemand": row.tokens_on_demand}


@pytest.mark.usefixtures("ann")
def test_no_address_of_a_person_is_told(anyone: Npm) -> None:
    assert b"ann@" not in body(anyone.get(URL))
    assert anyone.read()["maintainers"] == [{"name": "acme", "email": "acme@users.noreply.localhost"}]


@pytest.mark.usefixtures("ann")
def test_digests_and_signature_are_those_of_the_bytes(anyone: Npm) -> None:
    dist = anyone.read()["versions"]["1.0.0"]["dist"]
    data = body(anyone.get(TARBALL))
    assert dist["integrity"] == npm_bodies.integrity(data)
    assert dist["shasum"] == hashlib.sha1(data).hexdigest()  # noqa: S324  (npm's field)
    (key,) = anyone.read("/npm/-/npm/v1/keys")["keys"]
    (signature,) = dist["signatures"]
    assert (key["keyid"], key["expires"]) == (signature["keyid"], None)
    public = serialization.load_der_public_key(base64.b64decode(key["key"]))
    assert isinstance(public, ec.EllipticCurvePublicKey)
    signed = f"{NAME}@1.0.0:{dist['integrity']}".encode()
    public.verify(base64.b64decode(signature["sig"]), signed, ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize("path", ["/npm/@acme%2freviewer", "/npm/@acme%2Freviewer", URL])
def test_slash_in_a_name_may_be_written_in_three_ways(ann: Npm, anyone: Npm, path: str) -> None:
    assert anyone.read(path)["name"] == NAME
    assert ann.read(path)["name"] == NAME
    assert anyone.get(f"{path}/-/reviewer-1.0.0.tgz").status_code == 200


@pytest.mark.usefixtures("ann")
def test_registry_answers_at_both_roots(anyone: Npm) -> None:
    for root in ("/npm/-/", "/-/"):
        assert anyone.read(f"{root}ping") == {}
        assert anyone.get(f"{root}npm/v1/keys").status_code == 200


@override_settings(NPM_BASES=["http://localhost:8000/npm", "http://testserver"])
def test_host_of_its_own_serves_the_registry_at_its_root(ann: Npm, anyone: Npm) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        assert documents_rebuild() == 1
    for npm in (ann, anyone):
        tarball = npm.read("/@acme/reviewer")["versions"]["1.0.0"]["dist"]["tarball"]
        assert tarball == "http://testserver/@acme/reviewer/-/reviewer-1.0.0.tgz"
        assert npm.get("/@acme/reviewer/-/reviewer-1.0.0.tgz").status_code == 200
    assert anyone.read("/-/ping") == {}


def test_unknown_is_404_in_npms_form(ann: Npm, anyone: Npm) -> None:
    for path in ("/npm/@acme/other", "/npm/react", "/npm/@acme/reviewer/9.9.9", f"{URL}/-/reviewer-9.9.9.tgz"):
        for npm in (ann, anyone):
            assert error(npm.get(path))[0] == 404
    for path in ("/npm/-/nothing", "/npm/@acme/reviewer/a/b/c"):
        assert error(anyone.get(path)) == (404, "MP9001")


@pytest.mark.parametrize("name", ["@acme", "_hidden", ".dot", "one@two"])
def test_what_cannot_be_a_name_is_400(anyone: Npm, name: str) -> None:
    assert error(anyone.get(f"/npm/{name}")) == (400, "MP5024")


def test_wrong_method_is_405(anyone: Npm) -> None:
    response = anyone.ask("PATCH", URL)
    assert error(response) == (405, "MP9007")
    assert response["Allow"] == "GET, PUT"
    assert error(anyone.ask("POST", "/npm/-/ping")) == (405, "MP9007")


def test_anonymous_documents_are_shared_and_personal_ones_are_not(ann: Npm, anyone: Npm) -> None:
    assert anyone.get(URL)["Cache-Control"] == "public, max-age=30"
    assert ann.get(URL)["Cache-Control"] == "private, no-cache"


def test_known_document_is_304(ann: Npm, anyone: Npm) -> None:
    for npm in (ann, anyone, anyone):
        first = npm.get(URL)
        since = {"if_modified_since": first["Last-Modified"]} if npm is anyone else {}
        for condition in filter(None, ({"if_none_match": first["ETag"]}, since)):
            again = npm.get(URL, **condition)
            assert (again.status_code, body(again), again["ETag"]) == (304, b"", first["ETag"])
        assert npm.get(URL, if_none_match='"other"').status_code == 200


@pytest.mark.usefixtures("ann")
def test_gzip_has_an_etag_of_its_own_and_the_same_content(anyone: Npm) -> None:
    plain, packed = anyone.get(URL), anyone.get(URL, accept_encoding="gzip, br")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(body(packed)) == body(plain)
    assert packed["ETag"] != plain["ETag"]
    assert anyone.get(URL, accept_encoding="gzip", if_none_match=packed["ETag"]).status_code == 304
    assert "Content-Encoding" not in anyone.get(URL, accept_encoding="gzip;q=0")


@pytest.mark.usefixtures("ann")
def test_head_has_the_length_and_no_body(anyone: Npm) -> None:
    response = anyone.ask("HEAD", URL)
    assert (body(response), response["Content-Length"]) == (b"", str(len(body(anyone.get(URL)))))


@pytest.mark.django_db(transaction=True)
def test_publication_shows_at_once_to_everybody(ann: Npm, anyone: Npm) -> None:
    before = anyone.get(URL, accept=SHORT)
    ann.publish("1.1.0")
    after = anyone.get(URL, accept=SHORT, if_none_match=before["ETag"])
    assert after.status_code == 200
    assert json.loads(body(after))["dist-tags"] == {"latest": "1.1.0"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ann")
def test_known_public_document_asks_no_database(anyone: Npm, django_assert_num_queries: Callable[[int], Any]) -> None:
    etag = anyone.get(URL)["ETag"]
    with django_assert_num_queries(0):
        assert anyone.get(URL, if_none_match=etag).status_code == 304
        assert anyone.get(URL).status_code == 200


def test_yanked_version_is_not_offered_and_stays_downloadable(ann: Npm, anyone: Npm) -> None:
    ann.publish("1.1.0")
    move("1.1.0", State.YANKED)
    document = ann.read()
    assert set(document["versions"]) == {"1.0.0"}
    assert document["dist-tags"] == {"latest": "1.0.0"}
    assert anyone.get(f"{URL}/-/reviewer-1.1.0.tgz").status_code == 200


def test_version_in_quarantine_is_explained_and_refused(ann: Npm, anyone: Npm) -> None:
    ann.publish("1.1.0")
    move("1.1.0", State.QUARANTINED)
    document = ann.read(accept=SHORT)
    assert set(document["versions"]) == {"1.0.0"}
    assert set(document["policyRestrictions"]["versions"]) == {"1.1.0"}
    response = anyone.get(f"{URL}/-/reviewer-1.1.0.tgz")
    assert error(response) == (403, "MP5001")
    assert response["npm-notice"] == f"See http://localhost:8000/{NAME}"
    assert downloads() == 0


def test_package_without_a_version_to_give_has_no_documents(ann: Npm, anyone: Npm) -> None:
    move("1.0.0", State.REMOVED)
    with tenancy.bound(tenancy.SYSTEM):
        assert not Document.objects.exists()
    assert error(anyone.get(URL)) == (404, "MP3002")
    assert error(ann.get(URL)) == (404, "MP3002")
    assert error(anyone.get(TARBALL)) == (404, "MP3003")


@pytest.mark.usefixtures("ann")
def test_tarball_is_kept_for_good_and_never_packed_again(anyone: Npm) -> None:
    response = anyone.get(TARBALL, accept_encoding="gzip")
    data = body(response)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Length"] == str(len(data))
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Content-Encoding" not in response
    assert anyone.get(TARBALL, if_none_match=response["ETag"]).status_code == 304


@pytest.mark.usefixtures("ann")
def test_download_is_written_down_once_for_each_delivery(anyone: Npm) -> None:
    etag = anyone.get(TARBALL, user_agent="npm/10.9.9 node/v22")["ETag"]
    assert downloads() == 1
    anyone.ask("HEAD", TARBALL)
    anyone.get(TARBALL, if_none_match=etag)
    rest = anyone.get(TARBALL, range="bytes=10-")
    assert downloads() == 1
    whole = body(anyone.get(TARBALL))
    assert (rest.status_code, body(rest)) == (206, whole[10:])
    assert rest["Content-Range"] == f"bytes 10-{len(whole) - 1}/{len(whole)}"
    with tenancy.bound(tenancy.SYSTEM):
        row = Download.objects.earliest("at")
    assert (row.channel, row.client, row.is_bot) == ("npm", "npm/10.9.9 node/v22", False)
    assert "127.0.0.1" not in row.who


@pytest.mark.usefixtures("ann")
def test_build_servers_and_robots_are_written_down_apart(anyone: Npm) -> None:
    for client in ("npm/12.2.0 node/v22 workspaces/false ci/github-actions", "curl/8.5", "npm/12.2.0 node/v22"):
        anyone.get(TARBALL, user_agent=client)
    with tenancy.bound(tenancy.SYSTEM):
        assert list(Download.objects.order_by("at").values_list("is_bot", flat=True)) == [True, True, False]


def test_private_bytes_are_for_who_may_have_them(ann: Npm, anyone: Npm, run_jobs: Callable[[], int]) -> None:
    ann.publish("1.0.0", name="@acme/secret", access="restricted")
    path = "/npm/@acme/secret/-/secret-1.0.0.tgz"
    assert ann.get(path)["Cache-Control"] == "private, no-store"
    assert error(anyone.get(path)) == (404, "MP3003")
    assert error(Npm(run_jobs, person("bob@example.com")).get(path)) == (404, "MP3003")


@pytest.mark.usefixtures("ann")
def test_token_with_a_package_list_reads_what_it_names(run_jobs: Callable[[], int]) -> None:
    narrow = Npm(run_jobs, person("bob@example.com"), scope="read", packages=["@acme/other"])
    assert error(narrow.get(URL)) == (403, "MP5002")
    assert error(narrow.get(TARBALL)) == (403, "MP5002")


@pytest.mark.usefixtures("ann")
def test_store_with_addresses_of_its_own_is_where_clients_are_sent(
    anyone: Npm, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = "https://store.example/bytes?signature=x"
    monkeypatch.setattr("installs.channels.parcels.artifact_address", lambda *_args, **_options: signed)
    response = anyone.get(TARBALL)
    assert (response.status_code, response["Location"], response["Cache-Control"]) == (302, signed, "private, no-store")
    assert downloads() == 1


@pytest.mark.usefixtures("ann")
def test_manifest_of_one_version_by_number_or_tag(anyone: Npm) -> None:
    for spec in ("1.0.0", "latest"):
        assert anyone.read(f"{URL}/{spec}")["version"] == "1.0.0"


def test_whoami_needs_a_token(ann: Npm, anyone: Npm) -> None:
    assert ann.read("/npm/-/whoami") == {"username": "acme"}
    assert error(anyone.get("/npm/-/whoami")) == (401, "MP9002")


def test_token_as_the_password_of_basic(ann: Npm) -> None:
    secret = ann.headers["Authorization"].removeprefix("Bearer ")
    ann.headers = {"Authorization": "Basic " + base64.b64encode(f"ann:{secret}".encode()).decode()}
    assert ann.read("/npm/-/whoami") == {"username": "acme"}


def test_nothing_is_known_against_packages_and_bodies_may_be_packed(anyone: Npm) -> None:
    sent = gzip.compress(json.dumps({NAME: ["1.0.0"]}).encode())
    url = "/npm/-/npm/v1/security/advisories/bulk"
    packed = anyone.client.post(url, sent, "application/json", headers={"Content-Encoding": "gzip"})
    assert (packed.status_code, packed.json()) == (200, {})
    assert json.loads(body(anyone.ask("POST", url, {}))) == {}


def test_packed_body_may_not_unpack_without_end(anyone: Npm) -> None:
    url, headers = "/npm/-/npm/v1/security/advisories/bulk", {"Content-Encoding": "gzip"}
    bomb = gzip.compress(b" " * 5_000_000)
    assert error(anyone.client.post(url, bomb, "application/json", headers=headers)) == (413, "MP9005")
    assert error(anyone.client.post(url, b"no gzip", "application/json", headers=headers)) == (400, "MP9010")


def test_search_finds_by_every_word(ann: Npm, anyone: Npm) -> None:
    ann.publish("1.0.0", name="@acme/planner")
    ann.publish("1.0.0", name="@acme/secret", access="restricted")

    def names(npm: Npm, text: str, **more: str) -> list[str]:
        query = "&".join(f"{key}={value}" for key, value in {"text": text, **more}.items())
        return [hit["package"]["name"] for hit in npm.read(f"/npm/-/v1/search?{query}")["objects"]]

    assert names(anyone, "reviewer") == [NAME, "@acme/planner"]
    assert names(anyone, "plan") == ["@acme/planner"]
    assert names(anyone, "plan%20keywords:none") == []
    assert names(anyone, "plan%20is:unstable") == []
    assert set(names(anyone, "scope:acme")) == {NAME, "@acme/planner"}
    assert names(anyone, "acme%20planner") == ["@acme/planner"]
    assert names(ann, "secret") == ["@acme/secret"]
    assert names(anyone, "secret") == []
    assert names(anyone, "", size="1") != names(anyone, "", size="1", **{"from": "1"})
    found = anyone.read("/npm/-/v1/search?text=@acme/reviewer%20not:unstable")
    assert found["total"] == 2
    hit = found["objects"][0]
    assert hit["package"]["version"] == "1.0.0"
    assert hit["package"]["maintainers"] == [{"username": "acme", "email": "acme@users.noreply.localhost"}]
    assert error(anyone.get("/npm/-/v1/search")) == (400, "MP5023")


@pytest.mark.usefixtures("ann")
def test_rebuild_follows_a_change_of_address() -> None:
    with override_settings(NPM_BASES=["https://npm.example.com"]), tenancy.bound(tenancy.SYSTEM):
        documents_rebuild()
        assert set(Document.objects.values_list("base", flat=True)) == {"https://npm.example.com"}
    with tenancy.bound(tenancy.SYSTEM):
        documents_rebuild()
        assert list(Document.objects.values_list("base", flat=True)) == [settings.NPM_BASES[0]] * 2


def test_reading_asks_as_often_for_ten_versions_as_for_one(ann: Npm, assert_same_queries: SameQueries) -> None:
    def grow(count: int) -> None:
        before = len(ann.read(f"{URL}?write=true")["versions"])
        for patch in range(before, before + count):
            ann.publish(f"1.0.{patch + 1}")

    assert_same_queries(grow, ann.read, most=9)
    assert_same_queries(lambda _count: None, lambda: ann.read(f"{URL}?write=true"), most=11)
    assert_same_queries(lambda _count: None, lambda: body(ann.get(TARBALL)), most=9)
