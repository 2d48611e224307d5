"""A flood, a full disk, a scanner that dies: whatever happens, no door gives a version that no scan has passed."""

from __future__ import annotations

import errno
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from marketplace.core import tenancy
from registry.clients.artifacts import local
from registry.clients.artifacts.local import LocalStore
from registry.clients.artifacts.store import key_of
from registry.clients.scanner import process
from registry.domain.packing import pack_zip
from registry.models import Artifact, Scan, Version
from registry.services.scanning import version_scan, versions_sweep
from tests.registry.packages import SKILL, made
from tests.registry.world import Api, body, fresh, person, publisher_of, receive, skill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]
FLOOD = 10
DIES = [sys.executable, "-c", "import sys; sys.stdin.buffer.read(4)"]


def flood(count: int = FLOOD) -> list[Version]:
    """So many packages of one publisher, all waiting for their checks."""
    ann = person("ann")
    acme = publisher_of(ann)
    return [receive(acme, ann, skill(f"reader-{at}", f"Read plan {at} first.")).version for at in range(count)]


def served(versions: Iterable[Version]) -> set[int]:
    """The keys of those of which anybody's door gives anything."""
    anyone = Client()
    with tenancy.bound(tenancy.SYSTEM):
        found = {version.pk: doors(version) for version in versions}
    told = {pk: {anyone.get(path).status_code for path in paths} for pk, paths in found.items()}
    tenancy.bind(tenancy.SYSTEM)
    assert set().union(*told.values()) <= {200, 404}
    return {pk for pk, statuses in told.items() if 200 in statuses}


def doors(version: Version) -> list[str]:
    name, number = version.package.full_name, version.number
    artifacts = {(row.artifact.sha256, row.name) for row in version.artifacts.select_related("artifact")}
    artifacts |= {(version.source.sha256, f"{version.package.name}-{number}.zip")}
    return [
        f"/{name}/versions/{number}",
        f"/npm/{name}",
        f"/npm/{name}/-/{version.package.name}-{number}.tgz",
        f"/{name}/.well-known/agent-skills/index.json",
        *(f"/artifacts/{name}/{number}/{sha256}/{file}" for sha256, file in sorted(artifacts)),
    ]


def passed() -> set[int]:
    """The keys of those that a scan has passed."""
    return set(Scan.objects.filter(verdict="pass").values_list("version_id", flat=True))


def test_flood_is_served_as_far_as_it_was_scanned(run_jobs: Callable[[], int]) -> None:
    versions = flood()
    assert served(versions[::5]) == set()
    for version in versions[:3]:
        version_scan(version.pk)
    assert served(versions[:6]) == passed() == {version.pk for version in versions[:3]}
    Version.objects.update(received_at="2026-01-01T00:00Z")
    assert versions_sweep() == FLOOD - 3
    run_jobs()
    assert {fresh(version).state for version in versions} == {"published"}
    assert Scan.objects.filter(verdict="pass").count() == FLOOD
    assert served(versions[::5]) == {version.pk for version in versions[::5]}


def test_scanner_that_dies_each_time_holds_all_and_serves_none(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = flood(4)
    process._scanner.stop()
    monkeypatch.setattr(process, "COMMAND", DIES)
    try:
        for version in versions * 3:
            version_scan(version.pk)
    finally:
        process._scanner.stop()
    assert {(fresh(version).state, fresh(version).state_reason) for version in versions} == {("held", "MP3031")}
    assert served(versions) == passed() == set()


class Disk:
    """The disk below the store of artifacts."""

    is_full = False


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """A disk that can be filled, and emptied again."""
    found, put = Disk(), LocalStore.put

    def refuse_when_full(*arguments: Any) -> None:
        if found.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        put(*arguments)

    monkeypatch.setattr(LocalStore, "put", refuse_when_full)
    return found


def test_full_disk_refuses_uploads_and_keeps_nothing(disk: Disk) -> None:
    ann = person("ann")
    publisher_of(ann)
    api = Api(ann, "publish")
    api.client.raise_request_exception = False
    disk.is_full = True

    def send() -> Any:
        upload = SimpleUploadedFile("reader.zip", pack_zip(made({"SKILL.md": SKILL})))
        answer = api.upload({"publisher": "acme", "file": upload})
        tenancy.bind(tenancy.SYSTEM)
        return answer

    refused = send()
    assert (refused.status_code, body(refused)["code"], refused.headers["Retry-After"]) == (503, "MP9015", "10")
    assert not Version.objects.exists()
    assert not Artifact.objects.filter(state="ready").exists()
    disk.is_full = False
    assert send().status_code == 202


def test_disk_that_is_full_while_a_version_is_scanned_publishes_nothing(disk: Disk) -> None:
    (version,) = flood(1)
    disk.is_full = True
    version_scan(version.pk)
    assert (fresh(version).state, Scan.objects.get().verdict) == ("received", "error")
    assert served([version]) == set()
    disk.is_full = False
    version_scan(version.pk)
    assert served([version]) == {version.pk}


def test_device_that_is_full_leaves_no_half_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, digest = LocalStore(tmp_path / "store"), "ab" * 32
    place = (store.root / key_of(digest)).parent
    place.mkdir(parents=True)
    (place / ".0").symlink_to("/dev/full")
    monkeypatch.setattr(local, "uuid4", lambda: SimpleNamespace(hex="0"))
    (tmp_path / "bytes").write_bytes(b"a package")
    with pytest.raises(OSError, match="No space left") as refused:
        store.put(digest, tmp_path / "bytes", "application/zip")
    assert refused.value.errno == errno.ENOSPC
    assert (store.exists(digest), list(place.iterdir())) == (False, [])
