"""The registry API of microsoft/apm, as its client asks it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from installs.models import Download
from marketplace.core import tenancy
from registry.models import Version
from registry.services.scanning import version_scan
from tests.installs.mcp_world import Acme
from tests.installs.npm_registry import secret_of
from tests.marketplace.people import person
from tests.registry import world

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from marketplace.models import User

pytestmark = pytest.mark.django_db
BASE = "/apm/v1/packages/acme/reviewer/versions"
APM = "name: kit\nversion: 1.2.0\ndescription: Writes tests\nauthor: Ann\nlicense: MIT\n"
AGENT = "---\nname: tester\ndescription: Writes tests.\n---\n\nYou write tests.\n"
SKILL = "---\nname: testing\ndescription: Writes tests. Use it before a merge.\n---\n\nWrite the tests first.\n"


@pytest.fixture
def acme() -> Acme:
    return Acme()


def ask(path: str, method: str = "GET", body: bytes = b"", by: User | None = None) -> HttpResponseBase:
    headers = {"Authorization": f"Bearer {secret_of(by, 'publish', None)}"} if by else {}
    return Client().generic(method, path, body, content_type="application/zip", headers=headers)


def told(response: HttpResponseBase) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(response.getvalue())
    return found


def refused(response: HttpResponseBase) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, told(response)["code"]


def zipped(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return packed.getvalue()


def test_versions_name_the_digest_of_the_bytes_behind_them(acme: Acme) -> None:
    acme.skill()
    response = ask(BASE)
    (version,) = told(response)["versions"]
    assert (version["version"], response["Cache-Control"]) == ("1.0.0", "public, max-age=60")
    sent = ask(f"{BASE}/1.0.0/download")
    packed = b"".join(sent)
    assert sent["Content-Type"] == "application/zip"
    assert version["digest"] == f"sha256:{hashlib.sha256(packed).hexdigest()}"
    assert "skills/reviewer/SKILL.md" in zipfile.ZipFile(io.BytesIO(packed)).namelist()
    with tenancy.bound(tenancy.SYSTEM):
        assert list(Download.objects.values_list("channel", flat=True)) == ["apm"]


def test_private_versions_are_for_the_entitled(acme: Acme) -> None:
    acme.hide(acme.skill())
    for path in (BASE, f"{BASE}/1.0.0/download"):
        assert refused(ask(path))[0] == 404
        assert refused(ask(path, by=person("otto")) if path == BASE else ask(path))[0] == 404
        assert ask(path, by=acme.ann).status_code == 200


def test_publishing_lays_an_apm_package_out_as_a_plugin(acme: Acme) -> None:
    files = {"apm.yml": APM, ".apm/agents/tester.agent.md": AGENT, ".apm/skills/testing/SKILL.md": SKILL}
    response = ask("/apm/v1/packages/acme/kit/versions/1.2.0", "PUT", zipped(files), acme.ann)
    assert response.status_code == 201, response.getvalue()
    assert (told(response)["package"], told(response)["version"]) == ("acme/kit", "1.2.0")
    with tenancy.bound(tenancy.SYSTEM):
        version = Version.objects.get(package__full_name="@acme/kit")
        version_scan(version.pk)
    packed = b"".join(ask("/apm/v1/packages/acme/kit/versions/1.2.0/download"))
    names = set(zipfile.ZipFile(io.BytesIO(packed)).namelist())
    assert {"agents/tester.md", "skills/testing/SKILL.md", "apm.yml", ".claude-plugin/plugin.json"} <= names
    again = ask("/apm/v1/packages/acme/kit/versions/1.2.0", "PUT", zipped(files), acme.ann)
    assert refused(again) == (409, "MP3012")


def test_nobody_and_strangers_publish_nothing(acme: Acme) -> None:
    acme.skill()
    address, body = f"{BASE}/2.0.0", zipped({"SKILL.md": SKILL})
    assert refused(ask(address, "PUT", body)) == (401, "MP4010")
    assert refused(ask(address, "PUT", body, person("otto")))[0] == 403
    assert refused(ask(address, "PUT", b"no archive", acme.ann))[0] == 422
    with tenancy.bound(tenancy.SYSTEM):
        assert Version.objects.count() == 1
    assert world.listing("@acme/reviewer").latest is not None


@pytest.mark.parametrize(
    ("path", "method", "expected"),
    [
        ("/apm/v1/packages/acme/none/versions", "GET", (404, "MP3002")),
        ("/apm/v1/packages/acme/none/versions/1.0.0/download", "GET", (404, "MP3003")),
        (BASE, "POST", (405, "MP9007")),
        (f"{BASE}/1.0.0", "GET", (405, "MP9007")),
    ],
)
def test_unknown_names_and_methods_get_a_problem(path: str, method: str, expected: tuple[int, str]) -> None:
    assert refused(ask(path, method)) == expected
