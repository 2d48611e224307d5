from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from marketplace.core.errors import TooLarge
from registry.clients.artifacts import artifact_store
from registry.models import Artifact, Import, Scan, Version
from registry.services import scanning
from registry.services.artifact_sweep import artifacts_sweep, imports_sweep
from registry.services.artifacts import artifact_store_bytes, artifact_store_stream
from registry.services.scanning import version_scan, versions_sweep
from registry.services.signing import signing_key, verify
from tests.registry.world import fresh, person, publish, publisher_of, receive, skill

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]
KEY = "-----BEGIN RSA PRIVATE KEY-----\n" + "A" * 80 + "\n-----END RSA PRIVATE KEY-----\n"


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_version: Version) -> None:
        raise RuntimeError("the checks\0 fell over")

    monkeypatch.setattr(scanning, "examine", fail)


def test_received_version_is_checked_by_the_worker(run_jobs: Callable[[], int]) -> None:
    ann = person("ann")
    version = receive(publisher_of(ann), ann).version
    run_jobs()
    assert fresh(version).state == "published"
    assert [scan.verdict for scan in version.scans.all()] == ["pass"]


def test_published_version_has_its_files_artifacts_and_signature() -> None:
    ann = person("ann")
    version = publish(publisher_of(ann), ann, skill(**{"scripts/run.sh": "echo"}))
    assert [(f.path, f.is_text) for f in version.files.all()] == [("SKILL.md", True), ("scripts/run.sh", True)]
    made = {row.name: row for row in version.artifacts.select_related("artifact")}
    assert {name: row.role for name, row in made.items()} == {
        "reviewer-1.0.0.zip": "plugin" if made["reviewer-1.0.0.zip"].role == "plugin" else "skill",
        "reviewer-1.0.0.tgz": "npm",
    }
    tarball = made["reviewer-1.0.0.tgz"].artifact
    assert version.signature_key == signing_key().keyid
    assert verify(version.signature, "@acme/reviewer", "1.0.0", tarball.sha512)
    assert not verify(version.signature, "@acme/reviewer", "1.0.1", tarball.sha512)
    assert not verify("bm9uZQ==", "@acme/reviewer", "1.0.0", tarball.sha512)
    assert "Read the plan first." in version.readme_html


@pytest.mark.usefixtures("broken")
def test_error_never_publishes_and_the_third_holds() -> None:
    ann = person("ann")
    version = receive(publisher_of(ann), ann).version
    seen = []
    for _ in range(4):
        version_scan(version.pk)
        now = fresh(version)
        seen.append((now.state, now.scan_attempts, now.state_reason))
    assert seen == [
        ("received", 1, "MP3030"),
        ("received", 2, "MP3030"),
        ("held", 3, "MP3031"),
        ("held", 3, "MP3031"),
    ]
    assert list(version.scans.values_list("verdict", flat=True)) == ["error"] * 3
    assert version.artifacts.count() == 0


def test_bytes_that_are_not_those_received_are_an_error() -> None:
    ann = person("ann")
    version = receive(publisher_of(ann), ann).version
    Version.objects.filter(pk=version.pk).update(digest="0" * 64)
    version_scan(version.pk)
    assert (fresh(version).state, Scan.objects.get().verdict) == ("received", "error")


def test_failure_while_writing_the_outcome_writes_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError

    ann = person("ann")
    version = receive(publisher_of(ann), ann).version
    monkeypatch.setattr(scanning, "version_release", fail)
    version_scan(version.pk)
    now = fresh(version)
    assert (now.state, now.files.count(), now.artifacts.count(), now.readme_html) == ("received", 0, 0, "")


def test_hit_that_a_person_must_see_holds_the_version() -> None:
    ann = person("ann")
    version = publish(publisher_of(ann), ann, skill(**{"key.pem": KEY}))
    assert (version.state, version.package.latest) == ("held", None)


def test_sweeper_brings_back_what_a_dead_worker_left(run_jobs: Callable[[], int]) -> None:
    ann = person("ann")
    version = receive(publisher_of(ann), ann).version
    assert scanning.scan_begin(version.pk) is not None
    long_ago = timezone.now() - timedelta(hours=1)
    Version.objects.filter(pk=version.pk).update(scan_started_at=long_ago, received_at=long_ago)
    assert versions_sweep() >= 1
    assert fresh(version).state == "received"
    versions_sweep()
    run_jobs()
    assert fresh(version).state == "published"


def test_late_end_of_a_lost_scan_changes_nothing() -> None:
    ann = person("ann")
    version = receive(publisher_of(ann), ann).version
    lost = scanning.scan_begin(version.pk)
    assert lost is not None
    outcome = scanning.examine(lost)
    scanning.scan_fail(lost, "lost")
    version_scan(version.pk)
    assert fresh(version).state == "published"
    scanning.scan_fail(lost, "late")
    assert list(version.scans.order_by("pk").values_list("verdict", flat=True)) == ["error", "pass"]
    assert outcome.verdict == "pass"


def test_same_bytes_are_one_artifact() -> None:
    first = artifact_store_bytes(b"bytes", media_type="text/plain")
    assert artifact_store_bytes(b"bytes", media_type="text/plain").pk == first.pk
    assert (first.state, first.size, len(first.sha512), len(first.sha1)) == ("ready", 5, 128, 40)


def test_stream_over_the_limit_leaves_nothing() -> None:
    with pytest.raises(TooLarge):
        artifact_store_stream(io.BytesIO(b"x" * 11), media_type="text/plain", limit=10)
    assert Artifact.objects.count() == 0


def aged(artifact: Artifact) -> Artifact:
    Artifact.objects.filter(pk=artifact.pk).update(touched_at=timezone.now() - timedelta(hours=2))
    return artifact


def test_unused_bytes_go_after_an_hour_and_used_ones_stay() -> None:
    ann = person("ann")
    version = publish(publisher_of(ann), ann)
    for artifact in Artifact.objects.all():
        aged(artifact)
    idle, new = aged(artifact_store_bytes(b"idle", media_type="x")), artifact_store_bytes(b"new", media_type="x")
    assert artifacts_sweep() == 1
    assert not Artifact.objects.filter(pk=idle.pk).exists()
    assert not artifact_store().exists(idle.sha256)
    assert artifact_store().exists(new.sha256)
    assert artifact_store().exists(version.source.sha256)


def test_doomed_bytes_that_are_sent_again_are_saved() -> None:
    artifact = artifact_store_bytes(b"again", media_type="x")
    Artifact.objects.filter(pk=artifact.pk).update(state="doomed")
    assert artifact_store_bytes(b"again", media_type="x").state == "ready"
    assert artifacts_sweep() == 0
    assert artifact_store().exists(artifact.sha256)


def test_row_of_an_upload_that_died_goes_too() -> None:
    aged(Artifact.objects.create(sha256="0" * 64))
    assert artifacts_sweep() == 1
    assert Artifact.objects.count() == 0


def test_old_imports_let_their_bytes_go() -> None:
    job = Import.objects.create(user=person("ann"), state="ready")
    kept = artifact_store_bytes(b"entry", media_type="x")
    job.entries.create(position=0, name="a", content=kept)
    assert imports_sweep() == 0
    Import.objects.filter(pk=job.pk).update(updated_at=timezone.now() - timedelta(days=15))
    assert imports_sweep() == 1
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "MP3045")
    aged(kept)
    assert artifacts_sweep() == 1
