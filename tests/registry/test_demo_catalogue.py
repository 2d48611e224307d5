from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from marketplace.core import tenancy
from marketplace.core.demo import FOLDER
from marketplace.domain.demo import PEOPLE
from marketplace.services.demo import people_load
from registry.clients.pictures import picture_encode
from registry.domain.archives import read_tree
from registry.domain.formats import detect
from registry.domain.pictures import Kind
from registry.domain.semver import SemVer
from registry.models import Package, Version
from registry.services import demo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PUBLISHERS = json.loads((FOLDER / "publishers.json").read_text(encoding="utf-8"))
FOLDERS = sorted((FOLDER / "packages").glob("*/*/*"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: "/".join(path.parts[-3:]))
def test_every_demo_version_is_read_without_a_finding_and_says_its_own_name_and_number(folder: Path) -> None:
    (entry,) = detect(read_tree(folder)).entries
    assert [finding.code for finding in entry.findings] == []
    assert entry.name == folder.parent.name
    assert entry.version in {None, folder.name}
    assert str(SemVer.parse(folder.name)) == folder.name
    assert entry.manifest.summary
    assert len(entry.content.text(entry.manifest.readme_path).split()) >= 40


def test_every_folder_belongs_to_a_publisher_with_a_known_owner() -> None:
    assert {path.parts[-3] for path in FOLDERS} == {facts["name"] for facts in PUBLISHERS}
    assert {facts["owner"] for facts in PUBLISHERS} <= {person.email for person in PEOPLE}


def test_every_demo_picture_is_small_belongs_to_a_package_and_screenshots_say_what_they_show() -> None:
    shown = json.loads((FOLDER / "pictures.json").read_text(encoding="utf-8"))
    files = sorted((FOLDER / "pictures").glob("*/*/*.png"))
    packages = {f"@{folder.parts[-3]}/{folder.parts[-2]}" for folder in FOLDERS}
    for file in files:
        name = f"@{file.parts[-3]}/{file.parts[-2]}"
        assert name in packages
        kind = Kind.ICON if file.name == "icon.png" else Kind.SCREENSHOT
        assert kind == Kind.ICON or shown[name][file.name]
        assert len(picture_encode(file.read_bytes(), kind).data) <= 12_000
    assert {(name, file) for name, alts in shown.items() for file in alts} <= {
        (f"@{file.parts[-3]}/{file.parts[-2]}", file.name) for file in files
    }


@pytest.fixture
def one_publisher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of one package in two versions."""
    for number, text in {"1.0.0": "Reads.", "1.1.0": "Reads and writes."}.items():
        folder = tmp_path / "packages" / "kestrel" / "note-taker" / number
        folder.mkdir(parents=True)
        head = f"---\nname: note-taker\ndescription: {text}\n---\n"
        (folder / "SKILL.md").write_text(f"{head}{text}\n", encoding="utf-8")
    facts = [{"name": "kestrel", "display_name": "Kestrel Tools", "owner": "publisher@demo.example"}]
    (tmp_path / "publishers.json").write_text(json.dumps(facts), encoding="utf-8")
    monkeypatch.setattr(demo, "FOLDER", tmp_path)
    monkeypatch.setattr(demo, "PACKAGES", tmp_path / "packages")


@pytest.mark.usefixtures("one_publisher")
@pytest.mark.django_db(transaction=True)
def test_the_newest_version_is_published_at_once_and_the_older_one_by_a_job(run_jobs: Callable[[], int]) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        people_load()
        assert demo.catalogue_load() == 1
        package = Package.objects.get(full_name="@kestrel/note-taker")
        assert [version.number for version in package.versions.all()] == ["1.1.0"]
    run_jobs()
    with tenancy.bound(tenancy.SYSTEM):
        states = {version.number: version.state for version in Version.objects.filter(package=package)}
        assert states == {"1.1.0": "published", "1.0.0": "published"}
        package.refresh_from_db()
        assert package.latest is not None
        assert (package.latest.number, package.summary) == ("1.1.0", "Reads and writes.")


@pytest.mark.usefixtures("one_publisher")
@pytest.mark.django_db(transaction=True)
def test_loading_again_changes_nothing(run_jobs: Callable[[], int]) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        people_load()
        demo.catalogue_load()
    run_jobs()
    with tenancy.bound(tenancy.SYSTEM):
        before = list(Package.objects.values("public_id", "revision", "updated_at"))
        assert (people_load(), demo.catalogue_load()) == (0, 0)
    run_jobs()
    with tenancy.bound(tenancy.SYSTEM):
        assert list(Package.objects.values("public_id", "revision", "updated_at")) == before
        assert Version.objects.count() == 2
