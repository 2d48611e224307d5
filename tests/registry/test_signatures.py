"""Signatures are checked offline with what the page says; retired keys stay known, with their end."""

from __future__ import annotations

import base64
import html
import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import ImproperlyConfigured

from registry.models import Version
from registry.services.artifacts import artifact_open
from registry.services.signing import keyid_of, public_keys, retired_keys, signing_key
from tests.registry.world import Api, body, person, publish, publisher_of, receive

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]
PAGE = "/@acme/reviewer/versions/1.0.0/signature"
ENDPOINT = "packages/@acme/reviewer/versions/1.0.0/signature"


@pytest.fixture
def version() -> Version:
    ann = person("ann")
    return publish(publisher_of(ann), ann)


def fresh_key() -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    private = ec.generate_private_key(ec.SECP256R1())
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private, private.public_key().public_bytes(serialization.Encoding.DER, form)


def run_offline(page: str, folder: Path) -> list[str]:
    found = re.search(r'id="offline"[^>]*>(.+?)</pre>', page, re.DOTALL)
    assert found is not None
    done = subprocess.run(
        ["sh", "-c", html.unescape(found[1])], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout.split("\n")[:2]


def test_commands_of_the_page_check_the_file_without_the_site(version: Version, client: Client, tmp_path: Path) -> None:
    tarball = version.artifacts.select_related("artifact").get(role="npm")
    with artifact_open(tarball.artifact) as stream:
        (tmp_path / tarball.name).write_bytes(stream.read())
    page = client.get(PAGE).content.decode()
    assert "The signature is valid." in page
    assert run_offline(page, tmp_path) == ["same file", "Verified OK"]
    (tmp_path / tarball.name).write_bytes(b"other bytes")
    assert "same file" not in run_offline(page, tmp_path)


def test_endpoint_says_message_key_and_digests(version: Version) -> None:
    said = body(Api().ask("GET", ENDPOINT))
    assert (said["name"], said["version"], said["is_valid"], said["expires"]) == ("@acme/reviewer", "1.0.0", True, None)
    assert said["message"] == f"@acme/reviewer@1.0.0:{said['integrity']}"
    assert (said["keyid"], said["key"]) == (signing_key().keyid, signing_key().public)
    assert said["signature"] == version.signature


def test_version_that_is_not_published_has_no_signature_to_show(client: Client) -> None:
    ann = person("ann")
    receive(publisher_of(ann), ann)
    assert (client.get(PAGE).status_code, Api().ask("GET", ENDPOINT).status_code) == (404, 404)


def test_signature_that_does_not_fit_is_said_to_be_wrong(version: Version, client: Client) -> None:
    Version.objects.filter(pk=version.pk).update(signature="bm9uZQ==")
    assert "The signature is not valid." in client.get(PAGE).content.decode()


def test_retired_key_stays_known_with_its_end(version: Version, client: Client, settings: Any, tmp_path: Path) -> None:
    _, spki = fresh_key()
    file = tmp_path / "retired.json"
    file.write_text(json.dumps([{"key": base64.b64encode(spki).decode(), "expires": "2026-01-31T12:00:00+01:00"}]))
    settings.SIGNING_KEYS_RETIRED = str(file)
    assert [(key.keyid, key.expires) for key in public_keys()] == [
        (signing_key().keyid, None),
        (keyid_of(spki), "2026-01-31T11:00:00.000Z"),
    ]
    keys = json.loads(client.get("/npm/-/npm/v1/keys").content)["keys"]
    assert [key["expires"] for key in keys] == [None, "2026-01-31T11:00:00.000Z"]
    Version.objects.filter(pk=version.pk).update(signature_key=keyid_of(spki))
    assert "The signature is not valid." in client.get(PAGE).content.decode()


@pytest.mark.parametrize("text", ["", "[1]", '[{"key": "AAAA", "expires": "2026-01-31"}]', '[{"key": "AAAA"}]'])
def test_file_of_retired_keys_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "retired.json"
    file.write_text(text)
    with pytest.raises(ImproperlyConfigured):
        retired_keys(str(file))
