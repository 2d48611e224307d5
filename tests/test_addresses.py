"""Whatever an address is made of, the site answers it as one it knows or does not know; it never fails."""

from __future__ import annotations

from urllib.parse import quote_from_bytes

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.registry.world import person, publish, publisher_of, skill

pytestmark = pytest.mark.django_db
ROOTS = (
    "/", "/@", "/@acme/", "/@acme/reviewer/files/1.0.0/", "/@acme/reviewer/versions/", "/@acme/reviewer/compare/",
    "/npm/", "/npm/@acme%2f", "/npm/@acme/reviewer/", "/npm/-/package/", "/git/", "/git/i/", "/claude/", "/artifacts/",
    "/api/v1/packages/", "/api/v1/publishers/", "/v0.1/servers/", "/skills/", "/tags/", "/categories/", "/feeds/",
    "/help/", "/search?q=", "/search?kind=", "/api/v1/packages?cursor=", "/search?page=", "/compare?p=",
)  # fmt: skip
KNOWN = {200, 301, 302, 304, 400, 401, 403, 404, 405, 406, 409, 410, 414, 422}
NASTY = st.sampled_from(
    [b"\x00", b"..", b"//", b"%", b"%2f", b"%252f", b"\xff\xfe", b"\xe2\x80\xae", b"'", b"@", b"~", b"\n"]
)
PIECES = st.lists(
    NASTY | st.binary(max_size=6) | st.text(max_size=6).map(lambda text: text.encode("utf-8", "replace")), max_size=5
)
NAME = "@acme/reviewer"
LOOSE = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def client_of_site() -> Client:
    """Somebody whose every request is answered, also by an error page."""
    ann = person("ann")
    publish(publisher_of(ann), ann, skill(), number="1.0.0")
    return Client(raise_request_exception=False)


@LOOSE
@example(root="/@acme/reviewer/files/1.0.0/", pieces=[b"\x00"], is_raw=False)
@example(root="/compare?p=", pieces=[b"\x00"], is_raw=False)
@given(root=st.sampled_from(ROOTS), pieces=PIECES, is_raw=st.booleans())
def test_no_address_makes_the_site_fail(
    client_of_site: Client, *, root: str, pieces: list[bytes], is_raw: bool
) -> None:
    tail = quote_from_bytes(b"".join(pieces), safe="/@%." if is_raw else "")
    answer = client_of_site.get(root + tail)
    assert answer.status_code in KNOWN, (root + tail, answer.status_code)


@settings(LOOSE, max_examples=12)
@given(encoded=st.lists(st.booleans(), min_size=len(NAME), max_size=len(NAME)), upper=st.booleans())
def test_every_spelling_of_a_name_is_the_same_package(
    client_of_site: Client, *, encoded: list[bool], upper: bool
) -> None:
    form = "%{:02X}" if upper else "%{:02x}"
    spelt = "".join(form.format(ord(char)) if hide else char for char, hide in zip(NAME, encoded, strict=True))
    for path in (f"/npm/{spelt}", f"/{spelt}"):
        assert client_of_site.get(path).status_code == 200, path
    assert client_of_site.get(f"/npm/{spelt}").json()["name"] == NAME
